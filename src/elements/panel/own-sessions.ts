import type { Sessions } from '../../actions/create-sessions.js';

/** The state and actions that a panel has made itself, for an endpoint, and lets go of. */
export class OwnSessions {
  readonly #create: (endpoint: string, shareKey: string) => Sessions | undefined;
  #endpoint: string | undefined;
  #shareKey = '';
  #sessions: Sessions | undefined;

  /** @param create makes them; undefined where it knows no transport. */
  constructor(create: (endpoint: string, shareKey: string) => Sessions | undefined) {
    this.#create = create;
  }

  /** What there is for the endpoint of the last `use`. */
  get sessions(): Sessions | undefined {
    return this.#sessions;
  }

  /** Makes those of an endpoint, for whom the key says, and lets go of those before; undefined: there are none. */
  use(endpoint: string | undefined, shareKey: string): void {
    if (endpoint === this.#endpoint && shareKey === this.#shareKey) return;
    this.dispose();
    this.#endpoint = endpoint;
    this.#shareKey = shareKey;
    this.#sessions = endpoint === undefined ? undefined : this.#create(endpoint, shareKey);
  }

  /** Lets go of them: connections end, runs go on. */
  dispose(): void {
    this.#sessions?.actions.dispose();
    this.#sessions = undefined;
    this.#endpoint = undefined;
  }
}
