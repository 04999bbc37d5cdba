import type { GraphRunEvent } from '../../../protocol/events.js';
import type { Fidelity } from '../../../protocol/fidelity.js';
import type { GraphOutline } from '../../../protocol/graph.js';
import type { ConnectionState, Cursor, SessionBatch } from '../../../protocol/stream/messages.js';
import { sessionGone } from '../../../protocol/questions/refusals.js';
import { isMissing } from '../../polled/json-client.js';
import type { WakeUp } from '../../polled/wake-up.js';
import { LogPublisher } from '../../publish/log-publisher.js';
import type { LangGraphQuestions } from '../langgraph-questions.js';
import type { RunRecord } from '../langgraph-records.js';
import { isSameLog, RunLog } from '../run-log.js';
import { TurnConverter } from './turn-converter.js';
import type { TurnReader } from './turn-reader.js';
import { isActive, sessionIdOf, turnEnd, turnUpdatedMs, type Turn } from './turns.js';

/** Pause before a stream that brought nothing is joined again. */
const REJOIN_MS = 500;

/** What a connection needs of its service. */
export interface TurnConnectionContext {
  readonly reader: TurnReader;
  readonly questions: LangGraphQuestions;
  readonly wakeUp: WakeUp;
  readonly pollMs: number;
  outlineOf(assistantId: string, signal: AbortSignal): Promise<GraphOutline>;
}

/**
 * Reads one turn: first what has happened, then what happens. One object serves all attempts of a connection: what one has
 * received, the next continues.
 */
export class TurnConnection {
  readonly #ids: Pick<Turn, 'threadId' | 'turnId'>;
  readonly #context: TurnConnectionContext;
  readonly #logs = new Map<string, RunLog>();
  readonly #publisher: LogPublisher;
  #fidelity: Fidelity | undefined;
  #silentSinceMs: number | undefined;

  constructor(
    ids: Pick<Turn, 'threadId' | 'turnId'>,
    cursor: Cursor | undefined,
    context: TurnConnectionContext,
  ) {
    this.#ids = ids;
    this.#publisher = new LogPublisher(cursor);
    this.#context = context;
  }

  /** Makes the batch that reports the state of the connection. */
  describe(connection: ConnectionState): SessionBatch {
    return this.#publisher.describe(connection);
  }

  /**
   * Reads to the end of the turn.
   *
   * @throws GraphRunError `session-gone` when it is not there; what the connection throws when it breaks.
   */
  async *read(signal: AbortSignal): AsyncGenerator<SessionBatch, void, undefined> {
    const found = await this.#findTurn(signal);
    if (found === undefined) throw sessionGone();
    let turn: Turn = found;
    const converter = await this.#converterOf(turn, signal);
    const all: GraphRunEvent[] = [];
    const publish = (isFirst = false): Generator<SessionBatch, void, undefined> => {
      all.push(...converter.takeEvents());
      return this.#publish(turn, all, isFirst);
    };
    // The runs that have ended are a replay, read at the same time; their streams close only after a pause.
    const ended = turn.runs.slice(0, endedCount(turn));
    await Promise.all(ended.map((run) => this.#readWhole(this.#logOf(run.runId, found), signal)));
    for (const { runId } of ended) {
      const { run, pieces } = this.#logOf(runId, turn);
      converter.beginRun(run);
      converter.take(pieces);
      await this.#pause(run, converter, signal);
    }
    let position = ended.length;
    let end = turnEnd(turn, converter.hasQuestions);
    if (end !== undefined) converter.end(end, turnUpdatedMs(turn));
    yield* publish(true);
    while (end === undefined && !signal.aborted) {
      const { count } = this.#context.wakeUp;
      const run = turn.runs[position];
      if (run === undefined) {
        await this.#context.wakeUp.pause(this.#context.pollMs, signal, count);
      } else {
        const log = this.#logOf(run.runId, turn);
        converter.beginRun(log.run);
        converter.take(log.pieces);
        yield* publish();
        try {
          while (!log.isRead && !signal.aborted) {
            const { from } = log;
            let hasRead = false;
            for await (const pieces of log.read(signal)) {
              hasRead = true;
              converter.take(pieces);
              yield* publish();
              yield* this.#silence(log);
            }
            // A server that closes the stream of a running run at once must not be asked all the time.
            if (!hasRead && !log.isRead) await this.#context.wakeUp.pause(REJOIN_MS, signal);
            // The run has no stream: what can be shown has changed, so the reader starts over.
            if (log.from !== from) return yield* this.read(signal);
          }
          await this.#pause(log.run, converter, signal);
        } catch (error) {
          if (!isMissing(error)) throw error;
        }
        position += 1;
      }
      if (signal.aborted) return;
      const next: Turn | undefined = await this.#findTurn(signal);
      if (next === undefined) converter.end('cancelled', Date.now(), true);
      else {
        turn = next;
        if (this.#fidelityOf(turn).pieces !== this.#fidelity?.pieces) return yield* this.read(signal);
        end = turnEnd(turn, converter.hasQuestions);
        if (end !== undefined && position >= turn.runs.length) converter.end(end, turnUpdatedMs(turn));
        else end = undefined;
      }
      if (next === undefined) end = 'cancelled';
      yield* publish();
    }
  }

  /** Lets a run that has ended ask whether to continue, if it has stopped at a breakpoint. */
  async #pause(run: RunRecord, converter: TurnConverter, signal: AbortSignal): Promise<void> {
    if (run.status !== 'success' || converter.hasQuestions) return;
    converter.pause(run, await this.#context.reader.leftTasks(this.#ids.threadId, run.runId, signal));
  }

  /** Says when a run gave its last sign, if the server has lost it and the reader does not know it yet. */
  *#silence({ silentSinceMs }: RunLog): Generator<SessionBatch, void, undefined> {
    if (silentSinceMs === this.#silentSinceMs) return;
    this.#silentSinceMs = silentSinceMs;
    const silence = silentSinceMs === undefined ? {} : { silentSinceMs };
    yield this.describe({ phase: 'live', attempt: 0, ...silence });
  }

  async #findTurn(signal: AbortSignal): Promise<Turn | undefined> {
    const { reader } = this.#context;
    const { threadId, turnId } = this.#ids;
    try {
      const [thread] = await reader.client.findThreads([threadId], signal);
      if (thread === undefined) return undefined;
      const turns = await reader.listTurns(thread, signal);
      return turns.find((turn) => turn.turnId === turnId);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #converterOf(turn: Turn, signal: AbortSignal): Promise<TurnConverter> {
    const { questions, outlineOf } = this.#context;
    const first = turn.runs[0];
    const outline = await outlineOf(first?.assistantId ?? '', signal);
    return new TurnConverter({ sessionId: sessionIdOf(turn), outline, questions }, first?.createdMs ?? 0);
  }

  #logOf(runId: string, turn: Turn): RunLog {
    const known = this.#logs.get(runId);
    if (known !== undefined) return known;
    const position = turn.runs.findIndex((run) => run.runId === runId);
    const run = turn.runs[position];
    if (run === undefined) throw sessionGone();
    const { reader, wakeUp, pollMs } = this.#context;
    const earlierIds = turn.runs.slice(0, position).map((earlier) => earlier.runId);
    const log = new RunLog(run, {
      client: reader.client,
      wakeUp,
      pollMs,
      threadId: turn.threadId,
      earlierIds,
    });
    this.#logs.set(runId, log);
    return log;
  }

  async #readWhole(log: RunLog, signal: AbortSignal): Promise<void> {
    while (!log.isRead && !signal.aborted) {
      for await (const _ of log.read(signal)) if (signal.aborted) return;
    }
  }

  /** Gives the reader what it does not have. `isFirst`: the events were converted again, and may be others than before. */
  *#publish(
    turn: Turn,
    events: readonly GraphRunEvent[],
    isFirst: boolean,
  ): Generator<SessionBatch, void, undefined> {
    const logId = this.#fromOf(turn);
    this.#fidelity = this.#fidelityOf(turn);
    yield* this.#publisher.publish({
      events,
      logId,
      isContinued: isFirst ? (earlier) => isSameLog(earlier, logId) : () => true,
      fidelity: this.#fidelity,
      // What an active run has done until now is still to be read.
      isBehind: !isFirst || turn.runs.some(isActive),
    });
  }

  #fromOf({ runs }: Turn): string {
    const logs = runs.flatMap(({ runId }) => this.#logs.get(runId) ?? []);
    const letters = logs.map(({ from }) => from).join('');
    const last = logs.at(-1);
    return last?.from === 'h' && !last.isRead ? `${letters}?` : letters;
  }

  #fidelityOf({ runs }: Turn): Fidelity {
    const isWhole = runs.every(
      (run) => (this.#logs.get(run.runId)?.from ?? (run.isJoinable ? 's' : 'h')) === 's',
    );
    return { pieces: isWhole ? 'all' : 'none', times: 'steps' };
  }
}

function endedCount({ runs }: Turn): number {
  const active = runs.findIndex(isActive);
  return active < 0 ? runs.length : active;
}
