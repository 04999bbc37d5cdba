import { parseJson, type JsonObject } from '../../protocol/values/json.js';
import { FOREIGN_ANSWER, foreignAnswer, GraphRunError, toNetworkError } from '../../protocol/problems.js';
import {
  describeResponse,
  hasProtocolHeader,
  readProblem,
  responseDetails,
  type HttpAnswer,
} from './answer.js';
import type { Environment } from './environment.js';
import { StreamLine } from './attempts/stream-line.js';
import { TokenSource, type TokenProvider } from './token-source.js';
import {
  backOffMs,
  limitRetryAfterMs,
  RETRY_BASE_MS,
  RETRYABLE_CALL_STATUSES,
} from './attempts/retry-policy.js';

/** Options of the client of a server. */
export interface HttpClientOptions {
  /** Address of the collection of sessions, e.g. `/v1beta1/graphSessions`. */
  readonly baseUrl: string;
  readonly getToken?: TokenProvider;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** One call. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query, appended to the base address. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: JsonObject;
  /** Adds the token to the body as well. Default: false. */
  readonly isTokenInBody?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Is sent even when the page is closed; its body must be small. Default: a deletion is. */
  readonly isKeptAlive?: boolean;
  /** The most tries to make; 1 for a call that must not be repeated. */
  readonly tries: number;
  readonly signal?: AbortSignal | undefined;
}

/** The most tries of a call that may be repeated without harm. */
export const CALL_TRIES = 4;
/** How long a repeatable call may take, in addition to the time that a slow line (16 KiB/s) takes to send it. */
const CALL_DEADLINE_MS = 30_000;
const SLOW_LINE_CHARS_PER_MS = 16;

/** Calls a session server: addresses, token, errors and retries in one place. */
export class HttpClient {
  /** Facts about the line to the server, shared by the connections of this client. */
  readonly line = new StreamLine();
  readonly #baseUrl: string;
  readonly #tokens: TokenSource;
  readonly #fetch: typeof fetch;
  readonly #environment: Environment;
  #isProtocolKnown = false;
  #isServerKnown = false;
  #features: readonly string[] | undefined;
  /** True once an answer had the protocol's header: from then on, an answer without it is not of this server. */
  #isHeaderKnown = false;

  constructor({ baseUrl, getToken, fetch: fetchOption }: HttpClientOptions, environment: Environment) {
    this.#baseUrl = baseUrl.replace(/(?<!\/)\/+$/, '');
    this.#tokens = new TokenSource(getToken, environment);
    // Browsers refuse to run `fetch` as a method of another object.
    this.#fetch = fetchOption ?? ((input, init) => globalThis.fetch(input, init));
    this.#environment = environment;
  }

  /** True once an answer has shown that the server speaks version 1 of the protocol. */
  get isProtocolKnown(): boolean {
    return this.#isProtocolKnown;
  }

  /** True once anything has come from a session server at this address. */
  get isServerKnown(): boolean {
    return this.#isServerKnown;
  }

  /** Notes that a stream has shown version 1; the header may be hidden from pages of other origins. */
  learnProtocol(): void {
    this.#isProtocolKnown = true;
    this.#isServerKnown = true;
  }

  /** Notes the optional parts of the protocol that the first frame of a stream lists; none when it lists none. */
  learnFeatures(features: readonly string[] = []): void {
    this.#features = features;
  }

  /** True when the server is known to have an optional part of the protocol. */
  hasFeature(name: string): boolean {
    return this.#features?.includes(name) === true;
  }

  /** False when the server is known not to have an optional part of the protocol. */
  mayHaveFeature(name: string): boolean {
    return this.#features?.includes(name) ?? true;
  }

  /** Notes that a stream of a session server, of any version, has started. */
  learnServer(): void {
    this.#isServerKnown = true;
  }

  /** True when a refused token can be replaced. */
  get canRefreshToken(): boolean {
    return this.#tokens.canRefresh;
  }

  /** Opens a stream; the response may be an error. Rejects when there is no response. */
  async open(path: string, signal: AbortSignal): Promise<Response> {
    return this.#send({ method: 'GET', path, tries: 1, signal, headers: { Accept: 'text/event-stream' } });
  }

  /**
   * Opens a response at its byte `from`, or at its beginning when it no longer has the tag `etag`; it may be an error.
   * Rejects when there is no response.
   */
  async openPiece(
    path: string,
    { from, etag }: { readonly from: number; readonly etag: string | undefined },
    signal: AbortSignal,
  ): Promise<Response> {
    const condition: Record<string, string> = etag === undefined ? {} : { 'If-Range': etag };
    const headers = from === 0 ? {} : { Range: `bytes=${from}-`, ...condition };
    return this.#send({ method: 'GET', path, tries: 1, signal, headers });
  }

  /** Gets a fresh token. Rejects as `TokenSource.refresh` does. */
  refreshToken(signal?: AbortSignal): Promise<void> {
    return this.#tokens.refresh(signal);
  }

  /**
   * Makes a call and reads its JSON answer. Retries where that may help, and gets a new token once.
   *
   * @throws GraphRunError the server's error, `network`, `timeout`, or `foreign-answer` when something else answered;
   *   the abort reason when aborted.
   */
  async call(request: HttpRequest): Promise<HttpAnswer> {
    let hasRefreshed = false;
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#try(request);
      if (!(result instanceof GraphRunError)) return result;
      if (result.status === 401 && this.canRefreshToken && !hasRefreshed) {
        hasRefreshed = true;
        await this.refreshToken(request.signal);
        continue;
      }
      if (attempt >= request.tries || !isRetryable(result)) throw result;
      await this.#pause(attempt, result.retryAfterMs, request.signal);
    }
  }

  async #try(request: HttpRequest): Promise<GraphRunError | HttpAnswer> {
    const deadline = new AbortController();
    const signals = [deadline.signal, ...(request.signal === undefined ? [] : [request.signal])];
    // A call that cannot be repeated has no deadline.
    const cancel =
      request.tries > 1
        ? this.#environment.setTimer(() => deadline.abort(), deadlineOf(request))
        : () => undefined;
    try {
      const response = await this.#send({ ...request, signal: AbortSignal.any(signals) });
      if (!response.ok) return await this.readProblem(response);
      if (!this.isOwn(response)) {
        await response.body?.cancel();
        return foreignAnswer(describeResponse(response), responseDetails(response));
      }
      return { body: parseJson(await response.text()), hasProtocolHeader: hasProtocolHeader(response) };
    } catch (error) {
      request.signal?.throwIfAborted();
      return deadline.signal.aborted
        ? new GraphRunError('timeout', 'The server did not answer in time.', { cause: error })
        : toNetworkError(error);
    } finally {
      cancel();
    }
  }

  async #send(request: HttpRequest): Promise<Response> {
    const { method, path, body, isTokenInBody, headers, signal } = request;
    const token = await this.#tokens.get(signal);
    const withToken = token !== undefined && isTokenInBody === true ? { ...body, accessToken: token } : body;
    const response = await this.#fetch(`${this.#baseUrl}${path}`, {
      method,
      headers: {
        ...headers,
        ...(withToken === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      cache: 'no-store',
      // A deletion that could still be undone is sent when the page is left.
      ...((request.isKeptAlive ?? method === 'DELETE') ? { keepalive: true } : {}),
      ...(withToken === undefined ? {} : { body: JSON.stringify(withToken) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 401) this.#tokens.refused(token);
    if (hasProtocolHeader(response)) {
      this.#isHeaderKnown = true;
      this.learnProtocol();
    }
    return response;
  }

  /**
   * False for an answer that cannot be of the server: it lacks the header that earlier answers had. (A page of another
   * origin may never see the header, and older servers have none; then the body must show whose answer it is.)
   */
  isOwn(response: Response): boolean {
    return hasProtocolHeader(response) || !this.#isHeaderKnown;
  }

  /** Reads the error of a response that is not a success. Rejects when its body breaks off. */
  readProblem(response: Response): Promise<GraphRunError> {
    const isLegacyPossible = !this.#isProtocolKnown;
    return readProblem(response, { isLegacyPossible, wallNowMs: this.#environment.wallNow() });
  }

  #pause(attempt: number, retryAfterMs: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    const { random, setTimer } = this.#environment;
    const ms = Math.max(limitRetryAfterMs(retryAfterMs), backOffMs(attempt, RETRY_BASE_MS, random()));
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        cancel();
        reject(signal?.reason as Error);
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

function deadlineOf({ body }: HttpRequest): number {
  const length = body === undefined ? 0 : JSON.stringify(body).length;
  return CALL_DEADLINE_MS + length / SLOW_LINE_CHARS_PER_MS;
}

/** Codes of failed calls that may succeed when they are repeated; `unavailable` has every status of a gateway. */
const RETRYABLE_CODES: ReadonlySet<string> = new Set([
  'network',
  'timeout',
  'idempotency-in-progress',
  'unavailable',
  FOREIGN_ANSWER,
]);

function isRetryable({ code, status }: GraphRunError): boolean {
  return RETRYABLE_CODES.has(code) || (status !== undefined && RETRYABLE_CALL_STATUSES.has(status));
}
