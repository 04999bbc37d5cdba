import { isTerminalEvent, type GraphRunEventBody } from '../../protocol/events.js';
import { EMPTY_SESSION } from '../../protocol/empty-session.js';
import type { SessionState } from '../../protocol/session-state.js';
import { toSummary } from '../../protocol/to-summary.js';
import { withLabels } from '../../protocol/session-labels.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { SessionEndedError } from '../../runner/graph-runner.js';
import type { ServerLimits } from '../limits.js';
import type { WakeBus } from '../cluster/wake-bus.js';
import type { ListFollower } from './following/list-follower.js';
import { rowChange } from './list-watchers.js';
import type { Lane } from '../writing/fair-queue.js';
import type { LogWriter } from '../writing/log-writer.js';
import { planAppend } from '../writing/logged-event.js';
import { uniqueTag } from './event-tag.js';
import type { Session, FoldedLog } from './session.js';
import type { Ownership } from '../store/ownership.js';
import type { SessionRecord, SessionWrite, Unwritten, Written } from '../store/session-store.js';
import { unwrittenError } from './session-errors.js';

/** Dependencies of `SessionLog`. */
export interface SessionLogOptions {
  readonly writer: LogWriter;
  readonly limits: ServerLimits;
  /** Passes changes of lists on. */
  readonly lists: ListFollower;
  /** Tells other processes what has grown. */
  readonly bus: WakeBus;
  /**
   * Brings a session up to what other processes have written. Absent when there are none: a log that does not end where
   * it should is then an error.
   */
  readonly readOn?: (session: Session) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called for a session whose terminal event has become durable. */
  readonly onEnd: (session: Session) => void;
}

/**
 * Decides, when it is its turn, which events to append; an empty list appends nothing. Called again when they
 * could not be written and the step is repeated.
 */
export type Decide = (state: SessionState) => readonly GraphRunEventBody[];

/** On whose behalf an append is, and whether it waits. */
export interface AppendOptions {
  /** See `Step.isPatient`. */
  readonly isPatient?: boolean;
  /** Set for what nodes do: written only as long as this was the last claim of the session. */
  readonly ownership?: Ownership | undefined;
  /** See `SessionWrite`. */
  readonly sealedToken?: string;
}

/** One step. */
export interface Step {
  /** The session that it writes. */
  readonly lane: Lane;
  /** Returns the write, or undefined for none. */
  readonly prepare: () => SessionWrite | undefined;
  /** Called as soon as it is durable. */
  readonly onCommitted?: (written: Written) => void;
  /** Called when the store did not write it; the step then resolves. Without it, the step rejects. */
  readonly onUnwritten?: (outcome: Unwritten) => void;
  /** See `WriteJob.moved`. */
  readonly moved?: () => Promise<void>;
  /** Takes back what `prepare` has changed: it was not written. `prepare` may be called again. */
  readonly undo?: () => void;
  /** True: waits as long as the store cannot be written. Default false: a caller waits, so it fails soon. */
  readonly isPatient?: boolean;
}

/** Writes to the logs of sessions, and makes changes visible once they are durable. */
export class SessionLog {
  readonly #options: SessionLogOptions;
  #isClosed = false;

  constructor(options: SessionLogOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Refuses further writes; resolves when the pending ones are done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#options.writer.close();
  }

  /**
   * Appends the events that `decide` returns. Resolves with the state after them, once they are durable. A
   * patient append waits as long as the store cannot be written; any other fails soon, because a caller waits.
   *
   * @throws SessionEndedError when the session has ended, or the server is closing; any error of `decide`;
   *   GraphRunError `session-deleted`; StoreFailure; StoreUnavailableError, unless it is patient; StaleEpochError.
   */
  async append(session: Session, decide: Decide, options: AppendOptions = {}): Promise<SessionState> {
    const { onEnd } = this.#options;
    const { isPatient = false, ownership } = options;
    let next: FoldedLog | undefined;
    let isLogFull = false;
    await this.write({
      lane: session.record,
      isPatient,
      prepare: () => {
        const draft = session.draft;
        if (draft === undefined) throw new SessionEndedError('The session has ended.');
        const bodies = decide(draft.state);
        next = draft;
        isLogFull = false;
        if (bodies.length === 0) return undefined;
        const step = this.#plan(session, draft, bodies, options);
        next = step.fold;
        isLogFull = step.isLogFull;
        session.draft = step.fold;
        return step.write;
      },
      onCommitted: ({ revision }) => {
        if (next === undefined || next.state.lastIndex === session.lastIndex) return;
        session.advance(next);
        this.announce(session);
        this.publishRow(session.record, withLabels(next.row, session.labels), revision);
        if (session.hasEnded) onEnd(session);
      },
      undo: () => {
        session.draft = session.durable;
      },
      ...this.readingOn(session, ownership === undefined),
    });
    if (isLogFull) throw new SessionEndedError('The log of the session is full.');
    return (next ?? session.durable)?.state ?? EMPTY_SESSION;
  }

  /**
   * How a step of a session reads on what other processes have written, where there are any. `asksForTurn`: an owner that
   * writes without a pause is asked for one.
   */
  readingOn(session: Session, asksForTurn = false): Pick<Step, 'moved'> {
    const { bus, readOn } = this.#options;
    if (readOn === undefined) return {};
    const moved = (): Promise<void> => {
      if (asksForTurn) bus.publish({ kind: 'turn', sessionId: session.record.sessionId });
      return readOn(session);
    };
    return { moved };
  }

  /** Writes one step; resolves when it is durable. Rejects as `append` does. */
  write({ lane, prepare, onCommitted, onUnwritten, undo, moved, isPatient = false }: Step): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) throw new SessionEndedError('The server is shutting down.');
      this.#options.writer.submit({
        lane,
        isPatient,
        prepare,
        undo: undo ?? (() => undefined),
        ...(moved === undefined ? {} : { moved }),
        committed: (written) => {
          onCommitted?.(written);
          resolve();
        },
        unwritten: (outcome) => {
          if (onUnwritten === undefined) return reject(unwrittenError(lane.sessionId, outcome));
          onUnwritten(outcome);
          return resolve();
        },
        refused: reject,
        failed: reject,
      });
    });
  }

  /** Notifies the watchers of a list of a changed row. */
  publishRow(record: SessionRecord, summary: SessionSummary, revision: number | undefined): void {
    if (revision !== undefined) this.#options.lists.changed(record, rowChange({ summary, revision }));
  }

  /** Tells other processes that a session has changed; also that it waits for an owner, if its log was written without one. */
  announce({ sessionId, lastIndex, status, ownership }: Session): void {
    const { bus } = this.#options;
    bus.publish({ kind: 'log', sessionId, lastIndex });
    if (status === 'running' && ownership === undefined) bus.publish({ kind: 'ready' });
  }

  /** Resolves when no write of a session is in progress that was when it was called. */
  async settled({ record }: Session): Promise<void> {
    if (!this.#isClosed) await this.write({ lane: record, prepare: () => undefined });
  }

  #plan(
    session: Session,
    draft: FoldedLog,
    bodies: readonly GraphRunEventBody[],
    { ownership, sealedToken }: AppendOptions,
  ) {
    const { limits, now } = this.#options;
    if (isTerminalStatus(draft.state.status)) throw new SessionEndedError('The session has ended.');
    if (bodies.slice(0, -1).some(isTerminalEvent)) {
      throw new TypeError('Nothing can follow the event that ends a session.');
    }
    const plan = planAppend(draft.state, draft.logBytes, bodies, limits, {
      nowMs: now(),
      tag: uniqueTag(),
    });
    const newRow = plan.mayChangeRow ? toSummary(plan.state) : draft.row;
    const row = isSameRow(newRow, draft.row) ? undefined : newRow;
    const fold: FoldedLog = { state: plan.state, logBytes: plan.logBytes, row: row ?? draft.row };
    const write: SessionWrite = {
      kind: 'append',
      record: session.record,
      expectedLastIndex: draft.state.lastIndex,
      events: plan.events,
      status: plan.state.status,
      ...(ownership === undefined ? {} : { ownership }),
      ...(bodies.some(({ type }) => type === 'inputResolved')
        ? { resumes: { epoch: runningEpoch(session) } }
        : {}),
      ...(row === undefined ? {} : { row }),
      ...(sealedToken === undefined ? {} : { sealedToken }),
    };
    return { fold, write, isLogFull: plan.isLogFull };
  }
}

/** True for rows that differ at most in `updatedAt`, which alone is not worth reporting. */
function isSameRow(a: SessionSummary, b: SessionSummary): boolean {
  return a === b || JSON.stringify({ ...a, updatedAt: 0 }) === JSON.stringify({ ...b, updatedAt: 0 });
}

/** The epoch in which this process runs a session; undefined when it does not run it. */
function runningEpoch({ runner, ownership }: Session): number | undefined {
  return runner === undefined ? undefined : ownership?.epoch;
}
