import type { Sessions } from '../../actions/create-sessions.js';

/** The state and actions that a panel creates for its own endpoint, and disposes. */
export class OwnSessions {
  readonly #create: (endpoint: string, shareKey: string) => Sessions | undefined;
  #endpoint: string | undefined;
  #shareKey = '';
  #hasToken = false;
  #sessions: Sessions | undefined;

  /** @param create creates them; returns undefined if it has no transport. */
  constructor(create: (endpoint: string, shareKey: string) => Sessions | undefined) {
    this.#create = create;
  }

  /** The sessions for the endpoint of the last `use`. */
  get sessions(): Sessions | undefined {
    return this.#sessions;
  }

  /**
   * Creates the sessions for an endpoint and share key, with a token or without, disposing the previous ones;
   * undefined: creates none.
   */
  use(endpoint: string | undefined, shareKey: string, hasToken: boolean): void {
    const isSame = shareKey === this.#shareKey && hasToken === this.#hasToken;
    if (endpoint === this.#endpoint && isSame) return;
    this.dispose();
    this.#hasToken = hasToken;
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
