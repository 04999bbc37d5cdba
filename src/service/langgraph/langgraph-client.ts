import { isFilledText, isJsonObject, parseJson, type JsonObject } from '../../protocol/json.js';
import { GraphRunError, toNetworkError } from '../../protocol/problems.js';
import { createHeadersFetch, type HeadersFetch, type HeadersFetchOptions } from '../request-headers.js';
import {
  parseList,
  parseRun,
  parseState,
  parseThread,
  type RunRecord,
  type StateRecord,
  type ThreadRecord,
} from './langgraph-records.js';

/** Options of the client of LangGraph’s server. */
export interface LangGraphClientOptions extends HeadersFetchOptions {
  /** Address of the server, e.g. `http://localhost:2024`. */
  readonly url: string;
}

/** The most that the server lists at once. */
const PAGE_SIZE = 1000;
/** Time after which a call without an answer has failed. */
const CALL_DEADLINE_MS = 30_000;
const LISTED_MEMBERS = ['thread_id', 'status', 'updated_at', 'metadata', 'interrupts'];
/** Where several routes of different servers give a thread that is not there. */
const GONE_STATUSES: ReadonlySet<number> = new Set([404, 410]);

/** True for an error that says that what was asked for is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof GraphRunError && error.code === 'not-found';
}

/** The routes of LangGraph’s server that the adapter uses. Every call rejects with GraphRunError or the abort reason. */
export class LangGraphClient {
  readonly #url: string;
  readonly #fetch: HeadersFetch;

  constructor({ url, ...options }: LangGraphClientOptions) {
    this.#url = url.replace(/(?<!\/)\/+$/, '');
    this.#fetch = createHeadersFetch(options);
  }

  /** Lists the threads with some metadata, newest first, in as many pages as there are. */
  async searchThreads(metadata: JsonObject, signal?: AbortSignal): Promise<readonly ThreadRecord[]> {
    const threads: ThreadRecord[] = [];
    for (;;) {
      const page = await this.#search({ metadata, limit: PAGE_SIZE, offset: threads.length }, signal);
      threads.push(...page);
      // The total of the headers is wrong from the second page on.
      if (page.length < PAGE_SIZE) return threads;
    }
  }

  /** Finds threads by their ids; those that are not there are missing in the result. */
  findThreads(ids: readonly string[], signal?: AbortSignal): Promise<readonly ThreadRecord[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.#search({ ids, limit: PAGE_SIZE }, signal);
  }

  async #search(query: JsonObject, signal: AbortSignal | undefined): Promise<readonly ThreadRecord[]> {
    const order = { sort_by: 'created_at', sort_order: 'desc', select: LISTED_MEMBERS };
    return parseList(await this.call('POST', '/threads/search', { ...query, ...order }, signal), parseThread);
  }

  /** Lists the runs of a thread, in any order. Rejects with `not-found` without the thread. */
  async listRuns(threadId: string, signal?: AbortSignal): Promise<readonly RunRecord[]> {
    // One page: this server takes the limit as the end of the slice.
    const path = `${threadPath(threadId)}/runs?limit=${PAGE_SIZE}`;
    return parseList(await this.call('GET', path, undefined, signal), parseRun);
  }

  /** Reads a run. Rejects with `not-found` without it. */
  async getRun(threadId: string, runId: string, signal?: AbortSignal): Promise<RunRecord> {
    return parseRun(await this.call('GET', runPath(threadId, runId), undefined, signal));
  }

  /** Reads the newest state of a thread: the questions that can be answered now. */
  async getState(threadId: string, signal?: AbortSignal): Promise<StateRecord> {
    return parseState(await this.call('GET', `${threadPath(threadId)}/state`, undefined, signal));
  }

  /** Lists the states of a run, oldest first. */
  async listStates(threadId: string, runId: string, signal?: AbortSignal): Promise<readonly StateRecord[]> {
    const states: StateRecord[] = [];
    for (;;) {
      const before = states.at(-1)?.checkpointId;
      const body = {
        limit: PAGE_SIZE,
        metadata: { run_id: runId },
        ...(before === undefined ? {} : { before }),
      };
      const page = parseList(
        await this.call('POST', `${threadPath(threadId)}/history`, body, signal),
        parseState,
      );
      states.push(...page);
      if (page.length < PAGE_SIZE) break;
    }
    // A server may not know the filter.
    return states.filter((state) => state.runId === runId).reverse();
  }

  /** Opens the stream of a run after one of its events. Rejects when the answer is not a stream. */
  async openRun(
    threadId: string,
    runId: string,
    lastEventId: string,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    // Also the first join has the header: without it, the server hands each event to one reader only.
    const headers = { Accept: 'text/event-stream', 'Last-Event-ID': lastEventId };
    const response = await this.#send(`${runPath(threadId, runId)}/stream`, { headers, signal });
    if (response.body === null) throw new GraphRunError('protocol-error', 'The stream has no body.');
    return response.body;
  }

  /** Makes a call and reads its JSON; undefined for an answer without. */
  async call(method: string, path: string, body?: JsonObject, signal?: AbortSignal): Promise<unknown> {
    const deadline = AbortSignal.timeout(CALL_DEADLINE_MS);
    const response = await this.#send(path, {
      method,
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      ...(method === 'DELETE' ? { keepalive: true } : {}),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
    return parseJson(await response.text().catch((error: unknown) => this.#fail(error, signal)));
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
      throw new GraphRunError('timeout', 'The server did not answer in time.', { cause: error });
    }
    throw toNetworkError(error);
  }
}

/** The path of a thread. */
export function threadPath(threadId: string): string {
  return `/threads/${encodeURIComponent(threadId)}`;
}

/** The path of a run. */
export function runPath(threadId: string, runId: string): string {
  return `${threadPath(threadId)}/runs/${encodeURIComponent(runId)}`;
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

function errorOf(status: number, text: string): GraphRunError {
  const body = parseJson(text);
  const detail = isJsonObject(body)
    ? [body['detail'], body['message'], body['error']].find(isFilledText)
    : text;
  const message = isFilledText(detail) ? detail.slice(0, 300) : `The server answered with ${status}.`;
  return new GraphRunError(codeOf(status), message, { status });
}

function codeOf(status: number): string {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (GONE_STATUSES.has(status)) return 'not-found';
  // Another run of the thread is running.
  if (status === 422 || status === 409) return 'busy';
  return status >= 500 || status === 429 ? 'unavailable' : 'invalid-request';
}
