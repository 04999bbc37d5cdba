import { decodeSse } from '../../protocol/stream/sse.js';
import { GraphRunError, toNetworkError } from '../../protocol/problems.js';
import { sentence } from '../../protocol/sentences.js';
import { isMissing } from '../polled/json-client.js';
import type { WakeUp } from '../polled/wake-up.js';
import { InnerStates } from './inner-states.js';
import type { LangGraphClient } from './langgraph-client.js';
import {
  historyRun,
  METADATA_FRAME,
  piecesOfFrame,
  piecesOfHistory,
  stepTimes,
  type LangGraphPiece,
  type StepTime,
  type TimedPiece,
} from './langgraph-pieces.js';
import type { RunRecord, StateRecord } from './langgraph-records.js';
import { isActive } from './turns/turns.js';

/** The server closes the stream of an ended run soon; one that it keeps open is left after this silence. */
export const SILENCE_MS = 3000;
/** Pause between two looks at the history of a run whose stream must not be joined. */
const HISTORY_POLL_MS = 1000;

/** What a log needs of its session. */
export interface RunLogContext {
  readonly client: LangGraphClient;
  readonly threadId: string;
  /** Ids of the earlier runs of the turn. */
  readonly earlierIds: readonly string[];
  readonly wakeUp: WakeUp;
  readonly pollMs: number;
}

/**
 * What is known of one run in one connection: pieces that were received stay, so that a reconnect continues after them. It
 * comes from the stream of the run, or from the history where the stream must not be joined or is no longer there.
 */
export class RunLog {
  readonly pieces: TimedPiece[] = [];
  readonly #context: RunLogContext;
  #run: RunRecord;
  #from: 's' | 'h';
  #lastEventId = '-1';
  #hasMetadata = false;
  /** True when the run had ended before the first look: its events have no time of arrival. */
  readonly #isOld: boolean;
  readonly #inner: InnerStates;
  #times: ReadonlyMap<string, StepTime> | undefined;
  /** When the first step ended that this run did: also of tasks that an earlier run had begun. */
  #firstStepMs: number | undefined;
  #isRead = false;
  #lastSignMs: number | undefined;

  constructor(run: RunRecord, context: RunLogContext) {
    this.#run = run;
    this.#context = context;
    this.#from = run.isJoinable ? 's' : 'h';
    this.#isOld = !isActive(run);
    this.#inner = new InnerStates(context.client, context.threadId);
  }

  /** The run as it was last seen. */
  get run(): RunRecord {
    return this.#run;
  }

  /** Where the pieces come from, as in a cursor. */
  get from(): 's' | 'h' {
    return this.#from;
  }

  /** True when the run has ended and all of it was read. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /**
   * When the run did something last, in milliseconds since 1970, if the server has lost its stream and still calls it
   * running, as it does after a restart, for ever.
   */
  get silentSinceMs(): number | undefined {
    return this.#isRead ? undefined : this.#lastSignMs;
  }

  /**
   * Reads on to the end of the run; each batch is added to `pieces`, too. Returns early when the run turns out to have no
   * stream: `from` has changed then, and nothing was read.
   *
   * @throws GraphRunError `not-found` when the run was deleted; what the connection throws when it breaks.
   */
  async *read(signal: AbortSignal): AsyncGenerator<readonly TimedPiece[], void, undefined> {
    if (this.#isRead) return;
    yield* this.#from === 's' ? this.#readStream(signal) : this.#readHistory(signal);
  }

  async *#readStream(signal: AbortSignal): AsyncGenerator<readonly TimedPiece[], void, undefined> {
    const { client, threadId } = this.#context;
    if (this.#times === undefined) {
      const states = await this.#listStates(this.#run.runId, signal);
      this.#times = stepTimes(states);
      this.#firstStepMs = states[0]?.createdMs;
    }
    const left = new AbortController();
    const watch = { hasEnded: false, isLost: false, isGone: false, lastMs: Date.now() };
    const watching = this.#watch(watch, left, signal);
    try {
      const both = AbortSignal.any([signal, left.signal]);
      const body = await client.openRun(threadId, this.#run.runId, this.#lastEventId, both);
      for await (const items of decodeSse(body)) {
        watch.lastMs = Date.now();
        const batch: TimedPiece[] = [];
        for (const item of items) {
          if (item.kind !== 'message') continue;
          if (item.event === METADATA_FRAME) this.#hasMetadata = true;
          if (item.id !== undefined) this.#lastEventId = item.id;
          for (const piece of piecesOfFrame(item.event, item.data)) batch.push(this.#timed(piece));
        }
        if (!this.#hasMetadata) this.#checkRefusal(batch);
        this.pieces.push(...batch);
        if (batch.length > 0) yield batch;
      }
    } catch (error) {
      // Whatever breaks a stream is a fault of the line; the reader continues after what has come.
      if (!watch.hasEnded && !watch.isLost && !watch.isGone) throw toNetworkError(error);
    } finally {
      left.abort();
      await watching;
    }
    if (watch.isGone) throw new GraphRunError('not-found', sentence('run-deleted'), { status: 404 });
    this.#run = await client.getRun(threadId, this.#run.runId, signal);
    const hasLog = this.#hasMetadata || (!watch.isLost && isActive(this.#run));
    if (hasLog) this.#isRead = !isActive(this.#run);
    else {
      this.#from = 'h';
      if (isActive(this.#run)) this.#lastSignMs = this.#run.updatedMs;
    }
  }

  /**
   * Looks at the run while its stream is open: the stream of a deleted run stays open, that of an ended one may, and that of a
   * run that a restart of the server has cut off says nothing for ever.
   */
  async #watch(
    watch: { hasEnded: boolean; isLost: boolean; isGone: boolean; readonly lastMs: number },
    left: AbortController,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, threadId, wakeUp, pollMs } = this.#context;
    const both = AbortSignal.any([signal, left.signal]);
    while (!both.aborted) {
      const { count } = wakeUp;
      await wakeUp.pause(pollMs, both, count);
      if (both.aborted) return;
      try {
        const run = await client.getRun(threadId, this.#run.runId, both);
        const isSilent = Date.now() - watch.lastMs > SILENCE_MS;
        watch.hasEnded = isSilent && !isActive(run);
        watch.isLost = isSilent && run.status === 'running' && !this.#hasMetadata;
      } catch (error) {
        // Any other failure shows at the stream, or at the next look.
        watch.isGone = isMissing(error);
      }
      if (watch.hasEnded || watch.isLost || watch.isGone) left.abort();
    }
  }

  async *#readHistory(signal: AbortSignal): AsyncGenerator<readonly TimedPiece[], void, undefined> {
    const { client, threadId, earlierIds, wakeUp } = this.#context;
    while (!signal.aborted) {
      const { count } = wakeUp;
      // Read first: what the run did until its end is in the states that are read after it.
      this.#run = await client.getRun(threadId, this.#run.runId, signal);
      const earlier = await Promise.all(earlierIds.map((id) => this.#listStates(id, signal)));
      const states = await this.#listStates(this.#run.runId, signal);
      if (this.#lastSignMs !== undefined) this.#lastSignMs = Math.max(this.#lastSignMs, newestMs(states));
      const batch = piecesOfHistory(earlier.flat(), states, historyRun(this.#run));
      // The converter skips what it knows.
      this.pieces.splice(0, this.pieces.length, ...batch);
      this.#isRead = !isActive(this.#run);
      yield batch;
      if (this.#isRead) return;
      await wakeUp.pause(HISTORY_POLL_MS, signal, count);
    }
  }

  async #listStates(runId: string, signal: AbortSignal): Promise<readonly StateRecord[]> {
    const { client, threadId } = this.#context;
    return this.#inner.addTo(await client.listStates(threadId, runId, signal), signal);
  }

  /** A server with a login refuses a session of another owner within the stream. */
  #checkRefusal(batch: readonly TimedPiece[]): void {
    for (const { piece } of batch) {
      if (piece.kind === 'error' && piece.message.startsWith('404')) {
        throw new GraphRunError('not-found', piece.message, { status: 404 });
      }
    }
  }

  #timed(piece: LangGraphPiece): TimedPiece {
    const { createdMs, updatedMs } = this.#run;
    const step = 'task' in piece ? this.#times?.get(piece.task) : undefined;
    const isStart = piece.kind === 'start';
    const isEnd = piece.kind === 'end' || piece.kind === 'fail';
    const known = isStart ? step?.startMs : isEnd ? step?.endMs : undefined;
    if (known !== undefined) return { piece, ts: known };
    if (!this.#isOld) return { piece, ts: Date.now() };
    // What a node streamed has no time; its steps must have one, else they would never end.
    if (isStart) return { piece, ts: createdMs };
    if (isEnd) return { piece, ts: step === undefined ? (this.#firstStepMs ?? updatedMs) : updatedMs };
    return { piece, ts: piece.kind === 'ask' ? updatedMs : undefined };
  }
}

/**
 * True when the events of runs that were read in these ways (a letter per run: `s` its stream, `h` its history) are the
 * beginning of those that are read now: runs were added. A `?` at the end: the history of a run that had not ended, whose order
 * may change.
 */
export function isSameLog(earlier: string, now: string): boolean {
  return !earlier.endsWith('?') && now.startsWith(earlier);
}

/** When the newest of states was written, those inside tasks included. */
export function newestMs(states: readonly StateRecord[]): number {
  return Math.max(
    0,
    ...states.flatMap(({ createdMs, tasks }) => [createdMs, ...tasks.map(({ inner }) => newestMs(inner))]),
  );
}
