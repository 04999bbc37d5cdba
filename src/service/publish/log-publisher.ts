import { isTerminalEvent, type GraphRunEvent } from '../../protocol/events.js';
import { EXACT, isSameFidelity, type Fidelity } from '../../protocol/fidelity.js';
import {
  BEGINNING,
  type ConnectionState,
  type Cursor,
  type SessionBatch,
  type SessionMessage,
} from '../../protocol/stream/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import { sessionGone } from '../../protocol/questions/refusals.js';
import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import { applyEvents, pendingInputs, type SessionState } from '../../protocol/session-state.js';
import { isTerminalStatus } from '../../protocol/session-summary.js';

/** Events of one batch: a page stays responsive between two. */
const BATCH_EVENTS = 2000;

/** A session as its service knows it at one moment. */
export interface SessionLogView {
  /** All its events so far, from the first: the event at position n has the index n. */
  readonly events: readonly GraphRunEvent[];
  /** The graph of the session, where the service knows it. */
  readonly graphId?: string;
  /**
   * Names the way in which the events were made, if there are several; default: an empty text. A reader who has events of
   * another name gets a `reset` and the whole log. May not contain a line break.
   */
  readonly logId?: string;
  /** True when the events of a `logId` are the beginning of these. Default: when it is the same. */
  readonly isContinued?: (logId: string) => boolean;
  /**
   * True while events that have happened are still being read, so that the log may be shorter than what the reader has.
   * Default: false; a log that is shorter was replaced, and the reader gets a `reset`.
   */
  readonly isBehind?: boolean;
  /** What the events cannot give; default `EXACT`. When it changes, the reader gets a `reset` and the whole log. */
  readonly fidelity?: Fidelity;
  /** True when nothing more comes, although there is no terminal event: the log is a record. Default: false. */
  readonly isRecord?: boolean;
  /** Why a record is incomplete, for people. */
  readonly error?: GraphRunError;
}

/**
 * The messages of one connection to a session. Whenever the log may have grown, `publish` gives what the reader does not
 * have, in the order that readers rely on: the beginning of the replay, its events, the questions from before the cursor that
 * are still open, its end; then each new event once; after the terminal event, the end.
 *
 * One object serves one reading of one connection, with all its attempts.
 */
export class LogPublisher {
  /** The position up to which the reader has the log of `#logId`. */
  #count: number;
  #logId: string;
  #hasStarted = false;
  #isLive = false;
  #isEnded = false;
  /** Set while the events that the reader has by its cursor have not been compared with a log. */
  #isResumed: boolean;
  #fidelity: Fidelity = EXACT;
  #state: SessionState = EMPTY_SESSION;

  /** @param cursor where the reader wants to continue: `cursor` of a batch of the same kind of service, or nothing. */
  constructor(cursor: Cursor = BEGINNING) {
    const [, count = '0', logId = ''] = /^(\d{1,9})@(.*)$/.exec(cursor) ?? [];
    this.#count = Number(count);
    this.#logId = logId;
    this.#isResumed = cursor !== BEGINNING;
  }

  /** True after the last batch: nothing more will come. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The state of the session after the events of the last view. */
  get state(): SessionState {
    return this.#state;
  }

  /** The position after the last batch. */
  get cursor(): Cursor {
    return this.#count === 0 ? BEGINNING : `${this.#count}@${this.#logId}`;
  }

  /** Number of events of the log that the reader has. */
  get count(): number {
    return this.#count;
  }

  /** Makes the batch that reports the state of the connection, such as a wait after a failure. */
  describe(connection: ConnectionState): SessionBatch {
    this.#isLive = connection.phase === 'live';
    return this.#batch([{ kind: 'connection', connection }]);
  }

  /**
   * Gives the batches that bring the reader up to date; none when it is. Events after a terminal one are left out.
   *
   * @throws GraphRunError `internal` when an event does not have the index of its position.
   */
  *publish(view: SessionLogView): Generator<SessionBatch, void, undefined> {
    if (this.#isEnded) return;
    const { events, graphId, logId = '', fidelity = EXACT, isRecord = false, isBehind = false, error } = view;
    let end = endOf(events, this.#state.lastIndex + 1);
    const isReset = this.#isOther(view, end);
    if (isReset) {
      this.#count = 0;
      this.#state = EMPTY_SESSION;
      this.#hasStarted = false;
      end = endOf(events, 0);
    }
    this.#isResumed = false;
    if (this.#count === 0 || end > this.#count) this.#logId = logId;
    this.#fidelity = fidelity;
    this.#state = applyEvents(this.#state, events.slice(this.#state.lastIndex + 1, end));
    // All of it, where the log is behind the reader.
    end = Math.max(end, this.#count);
    const known = this.#count;
    const isReplay = !this.#hasStarted;
    if (isReplay) {
      this.#hasStarted = true;
      this.#isLive = false;
      const { status } = this.#state;
      const more = {
        ...(graphId === undefined ? {} : { graphId }),
        ...(isSameFidelity(fidelity, EXACT) ? {} : { fidelity }),
      };
      yield this.#batch([
        phase('replaying'),
        ...(isReset ? [{ kind: 'reset' as const }] : []),
        { kind: 'start', replayTotal: end - known, status, ...more },
      ]);
    }
    while (end - this.#count > BATCH_EVENTS) {
      yield this.#take(events, this.#count + BATCH_EVENTS);
    }
    const { messages } = this.#take(events, end);
    const isOver = isRecord || isTerminalStatus(this.#state.status);
    const last = [
      ...messages,
      ...(isReplay ? this.#replayEnd(events.slice(0, known), isBehind) : []),
      ...(isOver ? [phase('terminal', error)] : this.#isLive ? [] : [phase('live')]),
    ];
    this.#isLive = !isOver;
    this.#isEnded = isOver;
    if (last.length > 0) yield this.#batch(last);
  }

  /**
   * Gives the end of a session that was deleted while it was read: a cancellation that its log does not have.
   *
   * @throws GraphRunError `session-gone` when the reader has read nothing of it yet.
   */
  *publishDeletion(): Generator<SessionBatch, void, undefined> {
    if (this.#isEnded) return;
    if (!this.#hasStarted) throw sessionGone();
    const { sessionId } = this.#state;
    const position = { index: this.#count, ts: Date.now(), synthetic: true as const };
    const event: GraphRunEvent = { type: 'graphCancelled', sessionId, ...position };
    this.#state = applyEvents(this.#state, [event]);
    this.#count += 1;
    this.#isEnded = true;
    yield this.#batch([{ kind: 'event', event }, phase('terminal')]);
  }

  /** True when the events that the reader has are not the beginning of this log. */
  #isOther(view: SessionLogView, end: number): boolean {
    const { logId = '', isContinued = (earlier) => earlier === logId, fidelity = EXACT } = view;
    if (view.isBehind !== true && (end < this.#count || end <= this.#state.lastIndex)) return true;
    if (this.#hasStarted && !isSameFidelity(fidelity, this.#fidelity)) return true;
    // A cursor that is not of such a service does not say what the reader has.
    if (this.#isResumed && this.#count === 0) return true;
    return this.#count > 0 && !isContinued(this.#logId);
  }

  #take(events: readonly GraphRunEvent[], end: number): SessionBatch {
    const news = events.slice(this.#count, end);
    this.#count = end;
    return this.#batch(news.map((event) => ({ kind: 'event', event })));
  }

  /** The end of a replay, with the open questions of the events that the reader had before. */
  #replayEnd(before: readonly GraphRunEvent[], isBehind: boolean): readonly SessionMessage[] {
    // Questions of events that were not read yet are not known.
    if (isBehind) return [{ kind: 'replayComplete' }];
    const { pending } = this.#state;
    const asked = before.filter(
      (event) => event.type === 'inputRequired' && pending.has(event.interactionId),
    );
    return [
      ...asked.map((event) => ({ kind: 'redelivered' as const, event })),
      { kind: 'replayComplete', pending: pendingInputs(this.#state) },
    ];
  }

  #batch(messages: readonly SessionMessage[]): SessionBatch {
    return { messages, cursor: this.cursor };
  }
}

/** The number of events up to the terminal one; checks the indexes of those from `start` on. */
function endOf(events: readonly GraphRunEvent[], start: number): number {
  for (let position = start; position < events.length; position += 1) {
    const event = events[position];
    if (event === undefined) break;
    if (event.index !== position) {
      throw new GraphRunError('internal', `Event ${position} of the log has the index ${event.index}.`);
    }
    if (isTerminalEvent(event)) return position + 1;
  }
  return events.length;
}

function phase(name: 'replaying' | 'live' | 'terminal', error?: GraphRunError): SessionMessage {
  const connection = { phase: name, attempt: 0, ...(error === undefined ? {} : { error }) };
  return { kind: 'connection', connection };
}
