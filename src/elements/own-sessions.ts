import type { Sessions } from '../actions/create-sessions.js';

/** The state and actions that a panel has made itself, for an endpoint, and lets go of. */
export class OwnSessions {
  readonly #create: (endpoint: string) => Sessions | undefined;
  #endpoint: string | undefined;
  #sessions: Sessions | undefined;

  /** @param create makes them; undefined where it knows no transport. */
  constructor(create: (endpoint: string) => Sessions | undefined) {
    this.#create = create;
  }

  /** What there is for the endpoint of the last `use`. */
  get sessions(): Sessions | undefined {
    return this.#sessions;
  }

  /** Makes those of an endpoint and lets go of those of another; undefined: there are none. */
  use(endpoint: string | undefined): void {
    if (endpoint === this.#endpoint) return;
    this.dispose();
    this.#endpoint = endpoint;
    this.#sessions = endpoint === undefined ? undefined : this.#create(endpoint);
  }

  /** Lets go of them: connections end, runs go on. */
  dispose(): void {
    this.#sessions?.actions.dispose();
    this.#sessions = undefined;
    this.#endpoint = undefined;
  }
}
