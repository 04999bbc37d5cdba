import { parseJson, type JsonObject } from '../protocol/json.js';
import { GraphRunError, parseProblem } from '../protocol/problems.js';
import type { Environment } from './environment.js';

/**
 * Gives the token to call the server with; undefined: none. Called before every request, so it should
 * remember. With `isForced` the last token was refused: get a new one.
 */
export type TokenProvider = (options: {
  readonly isForced: boolean;
}) => string | undefined | Promise<string | undefined>;

/** Where and how to call. */
export interface HttpClientOptions {
  /** Address of the collection of sessions, e.g. `/v1beta1/graphSessions`. */
  readonly baseUrl: string;
  readonly getToken?: TokenProvider;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** One call to make. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query after the base address. */
  readonly path: string;
  /** Sent as JSON; the token is added to it where the server expects that. */
  readonly body?: JsonObject;
  readonly isTokenInBody?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** How often to try at most; what may not be done twice is tried once. */
  readonly tries: number;
  readonly signal?: AbortSignal | undefined;
}

const RETRYABLE = new Set([429, 502, 503, 504]);
const MAX_DELAY_MS = 30_000;

/** Calls a session server: addresses, token, errors and retries in one place. */
export class HttpClient {
  readonly #baseUrl: string;
  readonly #getToken: TokenProvider | undefined;
  readonly #fetch: typeof fetch;
  readonly #environment: Environment;
  #refreshing: Promise<string | undefined> | undefined;
  #isProtocolKnown = false;

  constructor({ baseUrl, getToken, fetch: fetchOption }: HttpClientOptions, environment: Environment) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#getToken = getToken;
    // Calling it as a member of this object would be an illegal invocation in browsers.
    this.#fetch = fetchOption ?? ((input, init) => globalThis.fetch(input, init));
    this.#environment = environment;
  }

  /** True once an answer has said that the server speaks this protocol. */
  get isProtocolKnown(): boolean {
    return this.#isProtocolKnown;
  }

  /** A stream says so too; headers may be hidden from pages of other origins. */
  learnProtocol(): void {
    this.#isProtocolKnown = true;
  }

  /** True when a refused token can be replaced. */
  get canRefreshToken(): boolean {
    return this.#getToken !== undefined;
  }

  /** Opens a stream; the answer may be an error. Rejects when there is none. */
  async open(path: string, signal: AbortSignal): Promise<Response> {
    return this.#send({ method: 'GET', path, tries: 1, signal, headers: { Accept: 'text/event-stream' } });
  }

  /** Asks the provider for a fresh token; calls at the same time share one question. */
  async refreshToken(): Promise<void> {
    this.#refreshing ??= Promise.resolve(this.#getToken?.({ isForced: true })).finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  /**
   * Makes a call and reads its JSON answer. Tries again where that may help, asks once for a new token.
   *
   * @throws GraphRunError what the server says, or `network`; the abort reason when aborted.
   */
  async call(request: HttpRequest): Promise<unknown> {
    let hasRefreshed = false;
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#try(request);
      if (!(failure instanceof GraphRunError)) return failure.body;
      if (failure.status === 401 && this.canRefreshToken && !hasRefreshed) {
        hasRefreshed = true;
        await this.refreshToken();
        continue;
      }
      if (attempt >= request.tries || !isRetryable(failure)) throw failure;
      await this.#pause(attempt, failure.retryAfterMs ?? 0, request.signal);
    }
  }

  async #try(request: HttpRequest): Promise<GraphRunError | { readonly body: unknown }> {
    try {
      const response = await this.#send(request);
      if (!response.ok) return await readProblem(response);
      return { body: parseJson(await response.text()) };
    } catch (error) {
      request.signal?.throwIfAborted();
      return errorOf(error);
    }
  }

  async #send({ method, path, body, isTokenInBody, headers, signal }: HttpRequest): Promise<Response> {
    const token = await (this.#refreshing ?? this.#getToken?.({ isForced: false }));
    const withToken = token !== undefined && isTokenInBody === true ? { ...body, accessToken: token } : body;
    const response = await this.#fetch(`${this.#baseUrl}${path}`, {
      method,
      headers: {
        ...headers,
        ...(withToken === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      cache: 'no-store',
      ...(withToken === undefined ? {} : { body: JSON.stringify(withToken) }),
      ...(signal === undefined ? {} : { signal }),
    });
    this.#isProtocolKnown ||= response.headers.get('graph-session-protocol') === '1';
    return response;
  }

  #pause(attempt: number, floorMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { random, setTimer } = this.#environment;
    const window = Math.min(MAX_DELAY_MS, 500 * 2 ** (attempt - 1));
    const ms = Math.max(floorMs, window * (0.5 + random() / 2));
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        cancel();
        reject(signal?.reason instanceof Error ? signal.reason : new DOMException('Aborted', 'AbortError'));
      };
      const cancel = setTimer(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted === true) onAbort();
    });
  }
}

function isRetryable({ code, status }: GraphRunError): boolean {
  return (
    code === 'network' ||
    code === 'idempotency-in-progress' ||
    (status !== undefined && RETRYABLE.has(status))
  );
}

/** What went wrong on the way, as the error of this package. */
export function errorOf(error: unknown): GraphRunError {
  if (error instanceof GraphRunError) return error;
  return new GraphRunError('network', 'The server could not be reached.', { cause: error });
}

/** The error that an answer stands for. */
export async function readProblem(response: Response): Promise<GraphRunError> {
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), Date.now());
  return parseProblem(
    response.status,
    parseJson(await response.text()),
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

/** Milliseconds of a `Retry-After` header, given in seconds or as a date (RFC 9110, section 10.2.3). */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
