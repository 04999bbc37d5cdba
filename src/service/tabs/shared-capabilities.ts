import type { ServiceCapabilities } from '../graph-run-service.js';

/** What a service may learn to do from an answer of its server. */
const LEARNED = ['rename', 'pin', 'rerun', 'rerunFrom', 'deleteMany', 'olderSessions'] as const;

/**
 * What the service of a tab can do, as far as any of the tabs knows: only the one that has the connection to the list has
 * an answer of the server.
 */
export class SharedCapabilities {
  readonly #own: () => ServiceCapabilities;
  #learned: ReadonlySet<string> = new Set();

  /** `own`: what the service of this tab knows itself. */
  constructor(own: () => ServiceCapabilities) {
    this.#own = own;
  }

  get all(): ServiceCapabilities {
    const learned = LEARNED.filter((name) => this.#learned.has(name)).map((name) => [name, true] as const);
    return { ...this.#own(), ...Object.fromEntries(learned) };
  }

  /** The names of what this tab can do, for the others. */
  names(): readonly string[] {
    const own = this.#own();
    return LEARNED.filter((name) => own[name] === true);
  }

  /** Takes over what another tab knows. */
  learn(names: readonly string[]): void {
    this.#learned = new Set(names);
  }
}
