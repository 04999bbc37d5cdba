import { GraphRunError } from '../../protocol/problems.js';
import { decodeSse } from '../../protocol/stream/sse.js';
import { isMissing } from '../polled/json-client.js';
import { InnerStates } from './inner-states.js';
import { METADATA_FRAME } from './langgraph-pieces.js';
import type { LangGraphClient } from './langgraph-client.js';
import type { RunRecord } from './langgraph-records.js';
import { newestMs, SILENCE_MS } from './run-log.js';

/** A running run is looked at when it gave no sign for so long, and again after as long. */
const QUIET_MS = 60_000;

/**
 * Finds running runs whose streams the server has lost, which it does not end after a restart: a short look at the stream of
 * one that was quiet for a minute, once a minute. Only runs that any number of readers can join are looked at.
 */
export class LostRuns {
  readonly #client: LangGraphClient;
  readonly #looks = new Map<string, { readonly atMs: number; readonly silentSinceMs: number | undefined }>();

  constructor(client: LangGraphClient) {
    this.#client = client;
  }

  /** When a run gave its last sign, in milliseconds since 1970, if the server has lost it; undefined for any other run. */
  async silentSinceMs(threadId: string, run: RunRecord, signal: AbortSignal): Promise<number | undefined> {
    const { runId, status, isJoinable, updatedMs } = run;
    const nowMs = Date.now();
    const known = this.#looks.get(runId);
    if (status !== 'running' || !isJoinable) {
      this.#looks.delete(runId);
      return undefined;
    }
    if (known !== undefined && nowMs - known.atMs < QUIET_MS) return known.silentSinceMs;
    if (nowMs - updatedMs < QUIET_MS) return undefined;
    const isLost = !(await this.#hasStream(threadId, runId, signal));
    const silentSinceMs = isLost
      ? Math.max(updatedMs, await this.#lastStateMs(threadId, runId, signal))
      : undefined;
    this.#looks.set(runId, { atMs: nowMs, silentSinceMs });
    return silentSinceMs;
  }

  /** True if the server has the log of a run, which it then sends at once, or if it refuses to say. */
  async #hasStream(threadId: string, runId: string, signal: AbortSignal): Promise<boolean> {
    const left = new AbortController();
    const timer = setTimeout(() => left.abort(), SILENCE_MS);
    try {
      const body = await this.#client.openRun(threadId, runId, '-1', AbortSignal.any([signal, left.signal]));
      for await (const items of decodeSse(body)) {
        if (items.some((item) => item.kind === 'message' && item.event === METADATA_FRAME)) return true;
      }
      return false;
    } catch (error) {
      signal.throwIfAborted();
      if (left.signal.aborted) return false;
      // A refusal says nothing of the run.
      if (error instanceof GraphRunError && error.status !== undefined) return true;
      throw error;
    } finally {
      clearTimeout(timer);
      left.abort();
    }
  }

  async #lastStateMs(threadId: string, runId: string, signal: AbortSignal): Promise<number> {
    try {
      const state = await this.#client.findLastState(threadId, runId, signal);
      const inner = new InnerStates(this.#client, threadId);
      return state === undefined ? 0 : newestMs(await inner.addTo([state], signal));
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }
}
