import type { GraphRunEventBody } from '../../../protocol/events.js';
import type { SessionState } from '../../../protocol/session-state.js';
import { SessionEndedError } from '../../../runner/graph-runner.js';
import type { ServerLimits } from '../../limits.js';
import type { SessionStore, UnfinishedSession } from '../../store/session-store.js';
import type { Background } from '../background.js';
import type { SessionFinder } from '../find-session.js';
import type { LogReader } from '../log-reader.js';
import { fromLogged } from '../../writing/logged-event.js';
import type { SessionRecovery } from '../recover-sessions.js';
import type { RunnerHost } from '../runner-host.js';
import type { SessionCache } from '../session-cache.js';
import type { SessionLog } from '../session-log.js';
import type { Session } from '../session.js';

/** Sessions that are listed at once. */
const PAGE_SESSIONS = 1000;

/** Dependencies of `QuestionExpiry`. */
export interface QuestionExpiryOptions {
  readonly store: SessionStore;
  readonly cache: SessionCache;
  readonly finder: SessionFinder;
  readonly recovery: SessionRecovery;
  readonly log: SessionLog;
  readonly reader: LogReader;
  readonly host: RunnerHost;
  readonly background: Background;
  /** Brings a session up to what other processes have written. */
  readonly refresh: (session: Session) => Promise<void>;
  readonly limits: Pick<ServerLimits, 'questionMs'>;
}

/** Closes questions that have been open for too long; their nodes fail. */
export class QuestionExpiry {
  readonly #options: QuestionExpiryOptions;
  /** When the oldest question was asked, of sessions that wait and are not run here: their logs are read once. */
  #askedMs: ReadonlyMap<string, number> = new Map();

  constructor(options: QuestionExpiryOptions) {
    this.#options = options;
  }

  /**
   * Closes every question of the sessions that are run here which is overdue at `nowMs` (milliseconds since 1970). An error
   * in one session is reported, and does not affect the others.
   */
  async closeOverdueHere(nowMs: number): Promise<void> {
    const { cache, limits, background } = this.#options;
    const beforeMs = nowMs - limits.questionMs;
    if (!Number.isFinite(beforeMs)) return;
    for (const session of cache.all()) {
      if (session.runner !== undefined) await background.run(this.#closeAskedBefore(session, beforeMs));
    }
  }

  /** The same for all sessions that wait and are not run here. */
  async closeOverdue(nowMs: number): Promise<void> {
    const { limits, background } = this.#options;
    const beforeMs = nowMs - limits.questionMs;
    if (!Number.isFinite(beforeMs)) return;
    const askedMs = new Map<string, number>();
    for await (const sessionId of this.#waitingSince(beforeMs)) {
      await background.run(this.#closeIfWaiting(sessionId, beforeMs, askedMs));
    }
    this.#askedMs = askedMs;
  }

  /** Lists waiting sessions that were created before a time: others cannot have questions from before it. */
  async *#waitingSince(ms: number): AsyncGenerator<string> {
    for (
      let before: UnfinishedSession | undefined = { sessionId: '', createdMs: ms };
      before !== undefined;
    ) {
      const page: readonly UnfinishedSession[] = await this.#options.store.findUnfinished(
        'suspended',
        PAGE_SESSIONS,
        before,
      );
      for (const { sessionId } of page) yield sessionId;
      before = page.at(-1);
    }
  }

  /** Closes the overdue questions of a session that is not run here; notes when the oldest other one was asked. */
  async #closeIfWaiting(sessionId: string, beforeMs: number, askedMs: Map<string, number>): Promise<void> {
    const known = this.#askedMs.get(sessionId);
    if (known !== undefined && known >= beforeMs) {
      askedMs.set(sessionId, known);
      return;
    }
    const session = await this.#options.finder.find(sessionId);
    if (session === undefined || session.runner !== undefined) return;
    const oldestMs = await this.#closeAskedBefore(session, beforeMs);
    if (oldestMs !== undefined) askedMs.set(sessionId, oldestMs);
  }

  /** Closes the questions of a session from before a time. Resolves with the time of the oldest other one. */
  async #closeAskedBefore(session: Session, ms: number): Promise<number | undefined> {
    const { reader, recovery, refresh } = this.#options;
    await refresh(session);
    if (session.hasEnded || session.isDeleted) return undefined;
    const overdue = new Set<string>();
    let oldestMs: number | undefined;
    for (const { interactionId, index } of (await reader.digest(session)).pending) {
      const [asked] = await reader.readPage(session.record, index - 1, index);
      const ts = asked === undefined ? undefined : fromLogged(asked).ts;
      if (ts === undefined) continue;
      if (ts < ms) overdue.add(interactionId);
      else oldestMs = Math.min(ts, oldestMs ?? ts);
    }
    if (overdue.size === 0) return oldestMs;
    await recovery.wake(session);
    await this.#close(session, overdue);
    return oldestMs;
  }

  async #close(session: Session, overdue: ReadonlySet<string>): Promise<void> {
    // An answer may arrive first: which questions are closed is decided when it is this step's turn.
    let closed: readonly GraphRunEventBody[] = [];
    try {
      const decide = (state: SessionState) => {
        closed = expiryEvents(state, overdue);
        return closed;
      };
      await this.#options.log.append(session, decide, { isPatient: true });
    } catch (error) {
      if (error instanceof SessionEndedError) return;
      throw error;
    }
    for (const event of closed) {
      if (event.type === 'inputResolved') this.#options.host.resume(session, event.interactionId);
    }
  }
}

/** The events that resolve the questions of `overdue` that are still open, and fail their nodes. */
function expiryEvents(state: SessionState, overdue: ReadonlySet<string>): readonly GraphRunEventBody[] {
  const expired = [...state.pending.values()].filter(({ interactionId }) => overdue.has(interactionId));
  const nodeIds = new Set(expired.map(({ nodeId }) => nodeId));
  return [
    ...expired.map(
      ({ nodeId, interactionId }) =>
        ({ type: 'inputResolved', nodeId, interactionId, by: 'expired' }) as const,
    ),
    ...[...nodeIds].map((nodeId) => ({ type: 'nodeError', nodeId, error: 'not answered in time' }) as const),
  ];
}
