import { isFilledText, isJsonObject, parseJson, type JsonObject } from '../../protocol/values/json.js';
import { answeredMessage, GraphRunError, toNetworkError } from '../../protocol/problems.js';
import { sentence } from '../../protocol/sentences.js';
import { createHeadersFetch, type HeadersFetch, type HeadersFetchOptions } from '../request-headers.js';

/** Options of a client of a JSON API. */
export interface JsonClientOptions extends HeadersFetchOptions {
  /** Address of the server, e.g. `http://localhost:2024`. */
  readonly url: string;
}

/** A request whose answer is a stream. */
export interface StreamRequest {
  /** Default: GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

/** Time after which a call without an answer has failed. */
const CALL_DEADLINE_MS = 30_000;
/** Where several routes of different servers give something that is not there. */
const GONE_STATUSES: ReadonlySet<number> = new Set([404, 410]);

/** True for an error that says that what was asked for is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof GraphRunError && error.code === 'not-found';
}

/** Continues after the failure of a call because its object is not there; other failures are thrown again. */
export function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

/**
 * Calls of another engine’s JSON API. Every call rejects with GraphRunError or the abort reason: `not-found`, `busy` (409,
 * 422), `unauthenticated`, `forbidden`, `unavailable` (429, 5xx), `invalid-request`, `timeout` or `network`.
 */
export class JsonClient {
  readonly #url: string;
  readonly #fetch: HeadersFetch;

  constructor({ url, ...options }: JsonClientOptions) {
    this.#url = url.replace(/(?<!\/)\/+$/, '');
    this.#fetch = createHeadersFetch(options);
  }

  /** Makes a call and reads its JSON; undefined for an answer without. */
  async call(method: string, path: string, body?: JsonObject, signal?: AbortSignal): Promise<unknown> {
    const deadline = AbortSignal.timeout(CALL_DEADLINE_MS);
    const response = await this.#send(path, {
      method,
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      ...(method === 'DELETE' ? { keepalive: true } : {}),
      ...bodyOf(body),
    });
    return parseJson(await response.text().catch((error: unknown) => this.#fail(error, signal)));
  }

  /** Opens a stream, without a deadline. Rejects when the answer has none. */
  async open(
    path: string,
    { method = 'GET', headers, body }: StreamRequest,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    const sent = bodyOf(body);
    const all = { ...sent.headers, ...headers };
    const response = await this.#send(path, { ...sent, method, headers: all, signal });
    if (response.body === null) throw new GraphRunError('protocol-error', sentence('stream-empty'));
    return response.body;
  }

  async #send(path: string, init: Parameters<HeadersFetch>[1] & { signal: AbortSignal }): Promise<Response> {
    const response = await this.#fetch(`${this.#url}${path}`, init).catch((error: unknown) =>
      this.#fail(error, init.signal),
    );
    if (response.ok) return response;
    throw errorOf(response.status, await response.text().catch(() => ''));
  }

  #fail(error: unknown, signal: AbortSignal | undefined): never {
    if (signal?.aborted === true && !isTimeout(signal.reason)) throw signal.reason;
    if (isTimeout(error) || isTimeout(signal?.reason)) {
      throw new GraphRunError('timeout', sentence('not-in-time'), { cause: error });
    }
    throw toNetworkError(error);
  }
}

function bodyOf(
  body: JsonObject | undefined,
): Pick<RequestInit, 'body'> & { headers?: Record<string, string> } {
  return body === undefined
    ? {}
    : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

function errorOf(status: number, text: string): GraphRunError {
  const body = parseJson(text);
  const detail = isJsonObject(body)
    ? [body['detail'], body['message'], body['error']].find(isFilledText)
    : text;
  const message = isFilledText(detail) ? detail.slice(0, 300) : answeredMessage(status);
  return new GraphRunError(codeOf(status), message, { status });
}

function codeOf(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (GONE_STATUSES.has(status)) return 'not-found';
  // Something else is in progress.
  if (status === 422 || status === 409) return 'busy';
  return status >= 500 || status === 429 ? 'unavailable' : 'invalid-request';
}
