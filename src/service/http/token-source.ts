import { GraphRunError } from '../../protocol/problems.js';
import type { Environment } from './environment.js';

/**
 * Returns the token to call the server with; undefined: none. Called before every request, so it should remember its
 * token. With `isForced` the last token was refused: the provider must get a new one.
 */
export type TokenProvider = (options: {
  readonly isForced: boolean;
}) => string | undefined | Promise<string | undefined>;

/** How long the provider may take; a sign-in window that never answers must not hold up everything for good. */
const DEADLINE_MS = 30_000;

/** The tokens of the host's provider: one request to it at a time, each with a deadline. */
export class TokenSource {
  readonly #getToken: TokenProvider | undefined;
  readonly #environment: Pick<Environment, 'setTimer'>;
  #refreshing: Promise<string | undefined> | undefined;
  /** The token that was refused last. */
  #refused: string | undefined;

  constructor(getToken: TokenProvider | undefined, environment: Pick<Environment, 'setTimer'>) {
    this.#getToken = getToken;
    this.#environment = environment;
  }

  /** True when a refused token can be replaced. */
  get canRefresh(): boolean {
    return this.#getToken !== undefined;
  }

  /** Gets the token of a request, undefined for none; while a fresh one is being fetched, that one. */
  get(signal: AbortSignal | undefined): Promise<string | undefined> {
    return this.#inTime<string | undefined>(this.#refreshing ?? this.#ask(false), signal);
  }

  /** Notes that the server refused a token. */
  refused(token: string | undefined): void {
    this.#refused = token;
  }

  /**
   * Gets a fresh token from the provider, unless the provider already has another one than the refused token: a refusal
   * may come late. Concurrent calls share one request to the provider.
   *
   * @throws GraphRunError `auth-required` when the provider has none, `timeout` when it does not answer within 30
   *   seconds; the abort reason when aborted.
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    this.#refreshing ??= this.#replace();
    await this.#inTime<string | undefined>(this.#refreshing, signal);
  }

  #replace(): Promise<string | undefined> {
    const refreshing = this.#askTwice().finally(() => {
      if (this.#refreshing === refreshing) this.#refreshing = undefined;
    });
    return refreshing;
  }

  async #askTwice(): Promise<string | undefined> {
    const refused = this.#refused;
    const held = await this.#ask(false);
    return held === undefined || held === refused ? this.#ask(true) : held;
  }

  async #ask(isForced: boolean): Promise<string | undefined> {
    try {
      return await this.#getToken?.({ isForced });
    } catch (cause) {
      // Without an old token, a later attempt may succeed. Without a new one, the person has to sign in.
      const code = isForced ? 'auth-required' : 'network';
      throw new GraphRunError(code, 'There is no token to call the server with.', { cause });
    }
  }

  /**
   * Waits for the provider.
   *
   * @throws GraphRunError `timeout` after 30 seconds, and the next request asks the provider again.
   */
  async #inTime<Value>(asked: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
    if (this.#getToken === undefined) return asked;
    const deadline = new AbortController();
    const cancel = this.#environment.setTimer(() => {
      if (this.#refreshing === asked) this.#refreshing = undefined;
      deadline.abort(new GraphRunError('timeout', 'The sign-in of the page did not answer in time.'));
    }, DEADLINE_MS);
    try {
      return await orAborted(
        asked,
        signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal]),
      );
    } finally {
      cancel();
    }
  }
}

/**
 * Settles as `promise` does, or rejects with the signal's reason as soon as it aborts: for work that takes no signal
 * itself. That work continues, and its outcome is ignored.
 */
function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    const end = () => signal.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).then(end, end);
    if (signal.aborted) onAbort();
  });
}
