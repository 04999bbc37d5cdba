import type { Sessions } from '../../actions/create-sessions.js';

/** The state and actions that a panel creates for its own endpoint, and disposes. */
export class OwnSessions {
  readonly #create: (endpoint: string, shareKey: string) => Sessions | undefined;
  #endpoint: string | undefined;
  #shareKey = '';
  #sessions: Sessions | undefined;

  /** @param create creates them; returns undefined if it has no transport. */
  constructor(create: (endpoint: string, shareKey: string) => Sessions | undefined) {
    this.#create = create;
  }

  /** The sessions for the endpoint of the last `use`. */
  get sessions(): Sessions | undefined {
    return this.#sessions;
  }

  /** Creates the sessions for an endpoint and share key, disposing the previous ones; undefined: creates none. */
  use(endpoint: string | undefined, shareKey: string): void {
    if (endpoint === this.#endpoint && shareKey === this.#shareKey) return;
    this.dispose();
    this.#endpoint = endpoint;
    this.#shareKey = shareKey;
    this.#sessions = endpoint === undefined ? undefined : this.#create(endpoint, shareKey);
  }

  /** Disposes the sessions: connections end, runs continue. */
  dispose(): void {
    this.#sessions?.actions.dispose();
    this.#sessions = undefined;
    this.#endpoint = undefined;
  }
}
