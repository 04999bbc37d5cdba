import { GraphRunError } from '../../../protocol/problems.js';
import type { Environment, EnvironmentEvent } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import type { AttemptReport } from './reconnect.js';
import type { AttemptOutcome } from './retry-policy.js';

/** The facts that an attempt knows itself; those of the server are the client's. */
type OwnFacts = Omit<AttemptReport['facts'], 'isServerKnown' | 'canRefreshToken'>;

/** The bounds of one attempt: the signal of its requests, the events of the page, and its report. */
export class AttemptScope {
  readonly #http: HttpClient;
  readonly #facts: () => OwnFacts;
  readonly #abort = new AbortController();
  readonly #callerSignal: AbortSignal;
  readonly #unsubscribe: () => void;
  #cause: AttemptOutcome | undefined;

  /**
   * @param onEvent Takes what the page reports, such as `hide` or `offline`.
   * @param facts Returns the facts for a report.
   */
  constructor(
    http: HttpClient,
    environment: Environment,
    callerSignal: AbortSignal,
    onEvent: (event: EnvironmentEvent) => void,
    facts: () => OwnFacts,
  ) {
    this.#http = http;
    this.#facts = facts;
    this.#callerSignal = callerSignal;
    callerSignal.addEventListener('abort', this.#onAbort);
    if (callerSignal.aborted) this.#onAbort();
    this.#unsubscribe = environment.subscribe(onEvent);
  }

  readonly #onAbort = (): void => this.#abort.abort();

  /** Aborts at the end of the attempt. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The outcome that `end` was called with. */
  get cause(): AttemptOutcome | undefined {
    return this.#cause;
  }

  /** Ends the attempt with an outcome; the first one counts. */
  end(outcome: AttemptOutcome): void {
    this.#cause ??= outcome;
    this.#abort.abort();
  }

  /** Returns the report of an outcome. */
  report(outcome: AttemptOutcome): AttemptReport {
    const { isServerKnown, canRefreshToken } = this.#http;
    return { outcome, facts: { ...this.#facts(), isServerKnown, canRefreshToken } };
  }

  /** Stops listening and aborts what is left of the attempt. */
  close(): void {
    this.#unsubscribe();
    this.#callerSignal.removeEventListener('abort', this.#onAbort);
    this.#abort.abort();
  }
}

/** Returns the error of an attempt that ended because the browser reports that it is offline. */
export function browserOffline(): GraphRunError {
  return new GraphRunError('network', 'The browser is offline.');
}
