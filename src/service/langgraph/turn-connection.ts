import type { GraphRunEvent } from '../../protocol/events.js';
import type { Fidelity } from '../../protocol/fidelity.js';
import type { GraphOutline } from '../../protocol/graph.js';
import type { Cursor, SessionBatch, SessionMessage } from '../../protocol/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import {
  applyEvents,
  EMPTY_SESSION,
  pendingInputs,
  type SessionState,
} from '../../protocol/session-state.js';
import { isMissing, type LangGraphClient } from './langgraph-client.js';
import type { LangGraphQuestions } from './langgraph-questions.js';
import { RunLog } from './run-log.js';
import { isSameLog, NO_CURSOR, parseCursor, writeCursor, type TurnCursor } from './turn-cursor.js';
import { TurnConverter } from './turn-converter.js';
import { isActive, sessionIdOf, turnEnd, turnsOf, turnUpdatedMs, type Turn } from './turns.js';
import type { WakeUp } from './wake-up.js';

/** Events of one batch of a replay. */
const BATCH_EVENTS = 1000;

/** Pause before a stream that brought nothing is joined again. */
const REJOIN_MS = 500;

/** What a connection needs of its service. */
export interface TurnConnectionContext {
  readonly client: LangGraphClient;
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
  #delivered: TurnCursor;
  #hasStarted = false;
  #fidelity: Fidelity | undefined;

  constructor(
    ids: Pick<Turn, 'threadId' | 'turnId'>,
    cursor: Cursor | undefined,
    context: TurnConnectionContext,
  ) {
    this.#ids = ids;
    this.#delivered = parseCursor(cursor);
    this.#context = context;
  }

  /** The position after the last batch. */
  get cursor(): Cursor {
    return writeCursor(this.#delivered);
  }

  /**
   * Reads to the end of the turn.
   *
   * @throws GraphRunError `session-gone` when it is not there; what the connection throws when it breaks.
   */
  async *read(signal: AbortSignal): AsyncGenerator<SessionBatch, void, undefined> {
    const found = await this.#findTurn(signal);
    if (found === undefined) throw gone();
    let turn: Turn = found;
    const converter = await this.#converterOf(turn, signal);
    const all: GraphRunEvent[] = [];
    const take = (): readonly GraphRunEvent[] => {
      const events = converter.takeEvents();
      all.push(...events);
      return events;
    };
    // The runs that have ended are a replay, read at the same time; their streams close only after a pause.
    const ended = turn.runs.slice(0, endedCount(turn));
    await Promise.all(ended.map((run) => this.#readWhole(this.#logOf(run.runId, found), signal)));
    for (const { runId } of ended) {
      const { run, pieces } = this.#logOf(runId, turn);
      converter.beginRun(run);
      converter.take(pieces);
    }
    let position = ended.length;
    let end = turnEnd(turn, converter.hasQuestions);
    if (end !== undefined) converter.end(end, turnUpdatedMs(turn));
    take();
    yield* this.#replay(turn, all);
    while (end === undefined && !signal.aborted) {
      const { count } = this.#context.wakeUp;
      const run = turn.runs[position];
      if (run === undefined) {
        await this.#context.wakeUp.pause(this.#context.pollMs, signal, count);
      } else {
        const log = this.#logOf(run.runId, turn);
        converter.beginRun(log.run);
        converter.take(log.pieces);
        yield* this.#batches(turn, take());
        try {
          while (!log.isRead && !signal.aborted) {
            const { from } = log;
            let hasRead = false;
            for await (const pieces of log.read(signal)) {
              hasRead = true;
              converter.take(pieces);
              yield* this.#batches(turn, take());
            }
            // A server that closes the stream of a running run at once must not be asked all the time.
            if (!hasRead && !log.isRead) await this.#context.wakeUp.pause(REJOIN_MS, signal);
            // The run has no stream: what can be shown has changed, so the reader starts over.
            if (log.from !== from) return yield* this.read(signal);
          }
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
      yield* this.#batches(turn, take());
    }
    if (end !== undefined) yield this.#batch([phase('terminal')]);
  }

  async #findTurn(signal: AbortSignal): Promise<Turn | undefined> {
    const { client } = this.#context;
    const { threadId, turnId } = this.#ids;
    try {
      const [thread] = await client.findThreads([threadId], signal);
      if (thread === undefined) return undefined;
      const turns = turnsOf(thread, await client.listRuns(threadId, signal));
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
    if (run === undefined) throw gone();
    const { client, wakeUp, pollMs } = this.#context;
    const earlierIds = turn.runs.slice(0, position).map((earlier) => earlier.runId);
    const log = new RunLog(run, { client, wakeUp, pollMs, threadId: turn.threadId, earlierIds });
    this.#logs.set(runId, log);
    return log;
  }

  async #readWhole(log: RunLog, signal: AbortSignal): Promise<void> {
    while (!log.isRead && !signal.aborted) {
      for await (const _ of log.read(signal)) if (signal.aborted) return;
    }
  }

  /** Delivers what the reader does not have, with what it needs to know at its beginning. */
  async *#replay(
    turn: Turn,
    events: readonly GraphRunEvent[],
  ): AsyncGenerator<SessionBatch, void, undefined> {
    const state = applyEvents(EMPTY_SESSION, events);
    const messages: SessionMessage[] = [phase('replaying')];
    const fidelity = this.#fidelityOf(turn);
    const isOther = this.#fidelity !== undefined && this.#fidelity.pieces !== fidelity.pieces;
    if (isOther || !isSameLog(this.#delivered, this.#fromOf(turn))) {
      this.#delivered = NO_CURSOR;
      this.#hasStarted = false;
      messages.push({ kind: 'reset' });
    }
    this.#fidelity = fidelity;
    const news = events.slice(this.#delivered.count);
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      messages.push({ kind: 'start', replayTotal: news.length, status: state.status, fidelity });
    }
    yield this.#batch(messages);
    const before = events.slice(0, this.#delivered.count);
    yield* this.#batches(turn, events);
    yield this.#batch([
      ...redelivered(state, before),
      { kind: 'replayComplete', pending: pendingInputs(state) },
      phase('live'),
    ]);
  }

  /** Delivers events that the reader does not have. */
  *#batches(turn: Turn, events: readonly GraphRunEvent[]): Generator<SessionBatch, void, undefined> {
    const news = events.filter(({ index }) => index >= this.#delivered.count);
    for (let start = 0; start < news.length; start += BATCH_EVENTS) {
      const batch = news.slice(start, start + BATCH_EVENTS);
      this.#delivered = { from: this.#fromOf(turn), count: this.#delivered.count + batch.length };
      yield this.#batch(batch.map((event) => ({ kind: 'event', event })));
    }
  }

  #batch(messages: readonly SessionMessage[]): SessionBatch {
    return { messages, cursor: this.cursor };
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

/** The open questions that were asked in events which the reader has from before. */
function redelivered({ pending }: SessionState, before: readonly GraphRunEvent[]): readonly SessionMessage[] {
  return before.flatMap((event) =>
    event.type === 'inputRequired' && pending.has(event.interactionId)
      ? [{ kind: 'redelivered' as const, event }]
      : [],
  );
}

function phase(name: 'replaying' | 'live' | 'terminal'): SessionMessage {
  return { kind: 'connection', connection: { phase: name, attempt: 0 } };
}

function gone(): GraphRunError {
  return new GraphRunError('session-gone', 'The session no longer exists.', { status: 404 });
}
