import type { JsonObject } from '../../protocol/values/json.js';
import { JsonClient } from '../polled/json-client.js';
import {
  parseList,
  parseRun,
  parseState,
  parseThread,
  type RunRecord,
  type StateRecord,
  type ThreadRecord,
} from './langgraph-records.js';

/** The most that the server lists at once. */
const PAGE_SIZE = 1000;
const LISTED_MEMBERS = ['thread_id', 'status', 'updated_at', 'metadata', 'interrupts'];
/** The routes of LangGraph’s server that the adapter uses. Every call rejects with GraphRunError or the abort reason. */
export class LangGraphClient extends JsonClient {
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

  /** Takes back a run that would repeat what another one did: one that has not begun does nothing when it is deleted. */
  async withdrawRun(threadId: string, runId: string, signal?: AbortSignal): Promise<void> {
    const { status } = await this.getRun(threadId, runId, signal);
    if (status === 'pending') await this.call('DELETE', runPath(threadId, runId), undefined, signal);
  }

  /** Reads the newest state of a thread: the questions that can be answered now. */
  async getState(threadId: string, signal?: AbortSignal): Promise<StateRecord> {
    return parseState(await this.call('GET', `${threadPath(threadId)}/state`, undefined, signal));
  }

  /** Lists the states of a run, oldest first. */
  async listStates(threadId: string, runId: string, signal?: AbortSignal): Promise<readonly StateRecord[]> {
    const states = await this.#history(threadId, { metadata: { run_id: runId } }, signal);
    // A server may not know the filter.
    return states.filter((state) => state.runId === runId);
  }

  /** Reads the newest state of a run; undefined when none is kept. */
  async findLastState(
    threadId: string,
    runId: string,
    signal?: AbortSignal,
  ): Promise<StateRecord | undefined> {
    const query = { metadata: { run_id: runId }, limit: 1 };
    const path = `${threadPath(threadId)}/history`;
    const [state] = parseList(await this.call('POST', path, query, signal), parseState);
    return state?.runId === runId ? state : undefined;
  }

  /** Lists the states of the graph inside a task, of all runs, oldest first. */
  listInnerStates(
    threadId: string,
    namespace: string,
    signal?: AbortSignal,
  ): Promise<readonly StateRecord[]> {
    return this.#history(threadId, { checkpoint: { checkpoint_ns: namespace } }, signal);
  }

  async #history(
    threadId: string,
    query: JsonObject,
    signal: AbortSignal | undefined,
  ): Promise<readonly StateRecord[]> {
    const states: StateRecord[] = [];
    for (;;) {
      const before = states.at(-1)?.checkpointId;
      const body = { ...query, limit: PAGE_SIZE, ...(before === undefined ? {} : { before }) };
      const page = parseList(
        await this.call('POST', `${threadPath(threadId)}/history`, body, signal),
        parseState,
      );
      states.push(...page);
      if (page.length < PAGE_SIZE) return states.reverse();
    }
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
    return this.open(`${runPath(threadId, runId)}/stream`, { headers }, signal);
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
