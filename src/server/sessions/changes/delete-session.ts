import { GraphRunError } from '../../../protocol/problems.js';
import { StoreFailure } from '../../writing/write-job.js';
import type { ServerLimits } from '../../limits.js';
import type { Background } from '../background.js';
import { cancelSession } from './cancel-session.js';
import type { ListFollower } from '../following/list-follower.js';
import { deletionChange } from '../list-watchers.js';
import type { OpenCounts } from './open-counts.js';
import type { SessionRecovery } from '../recover-sessions.js';
import type { SessionCache } from '../session-cache.js';
import { outageOf, rethrowForCaller, sessionDeleted, writeError } from '../session-errors.js';
import type { SessionLog } from '../session-log.js';
import type { Session } from '../session.js';
import { StaleEpochError, type SessionStore } from '../../store/session-store.js';
import { Wakeup } from '../../scheduling/wakeup.js';

/** Bytes of a log that are erased in one transaction. */
const ERASED_BYTES = 1024 * 1024;

/** Dependencies of `SessionDeletions`. */
export interface SessionDeletionsOptions {
  readonly store: SessionStore;
  readonly log: SessionLog;
  readonly recovery: SessionRecovery;
  readonly cache: SessionCache;
  readonly lists: ListFollower;
  readonly openCounts: OpenCounts;
  readonly background: Background;
  readonly limits: Pick<ServerLimits, 'eraseDelayMs'>;
  /** True when other processes may read what is deleted here. */
  readonly isShared: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Deletes sessions in two steps: a tombstone at once, the log when it has no more readers. */
export class SessionDeletions {
  readonly #options: SessionDeletionsOptions;
  /** Deleted sessions that are still read. */
  readonly #waiting = new Set<Wakeup>();
  #isClosed = false;

  constructor(options: SessionDeletionsOptions) {
    this.#options = options;
  }

  /** Stops waiting for readers. */
  close(): void {
    this.#isClosed = true;
    for (const wakeup of this.#waiting) wakeup.wake();
  }

  /**
   * Deletes a session, cancelling it first. Current readers may finish its log, within limits.
   *
   * @throws GraphRunError `session-deleted` when another deletion was first; `unavailable`.
   */
  async delete(session: Session): Promise<void> {
    const { recovery, openCounts, background, isShared } = this.#options;
    // A session whose log cannot be read, or continued, cannot be cancelled, but deleted.
    const isWritable = await recovery.wake(session).then(
      () => true,
      (error: unknown) => {
        if (outageOf(error) !== undefined) throw writeError(error);
        return false;
      },
    );
    if (isWritable) await cancelSession(session, this.#options).catch(unlessRejected);
    session.release();
    await this.#markDeleted(session).catch(rethrowForCaller);
    if (!session.hasEnded) openCounts.subtract(session.record.principal);
    // The caller does not wait for readers.
    const erasure = background.runPatiently(() => this.#erase(session));
    if (!isShared && !session.hasReaders) await erasure;
  }

  /**
   * Marks a session as deleted and notifies the watchers of its list.
   *
   * @throws GraphRunError `session-deleted` when another deletion was first; any error of `SessionLog.write`.
   */
  async #markDeleted(session: Session): Promise<void> {
    const { log, cache, lists, now } = this.#options;
    const deletedMs = now();
    const { record } = session;
    let isFirst = false;
    await log.write({
      lane: record,
      prepare: () => {
        if (session.isDeleted || session.isDeletedInDraft) throw sessionDeleted();
        isFirst = true;
        session.isDeletedInDraft = true;
        return { kind: 'delete', record, deletedMs };
      },
      onCommitted: ({ revision }) => {
        session.isDeleted = true;
        cache.remove(session);
        if (revision === undefined) return;
        lists.changed(record, deletionChange(record, revision, deletedMs));
        log.announce(session);
      },
      // The transaction may also contain another deletion that was first; then the mark is not ours to undo.
      undo: () => {
        if (isFirst) session.isDeletedInDraft = false;
        isFirst = false;
      },
    });
  }

  /** Erases the log of a deleted session. Current readers may finish it first, within `eraseDelayMs`. */
  async #erase(session: Session): Promise<void> {
    const { isShared, limits } = this.#options;
    if (isShared || session.hasReaders) {
      const wakeup = new Wakeup();
      this.#waiting.add(wakeup);
      // Which readers other processes have, nothing here knows.
      if (!isShared) session.onceIdle(() => wakeup.wake());
      await wakeup.sleep(limits.eraseDelayMs);
      this.#waiting.delete(wakeup);
      // Another process erases it later.
      if (isShared && this.#isClosed) return;
    }
    try {
      await this.#eraseLog(session.sessionId);
    } catch (error) {
      // If this process ends or loses the store before this, the next one erases the log at its start.
      if (!(error instanceof StaleEpochError)) throw error;
    }
  }

  /** Erases the logs of all sessions that a process deleted which has ended since. */
  async eraseDeleted(): Promise<void> {
    const { store, isShared, limits, now } = this.#options;
    // What was deleted later may still be read elsewhere, and is erased there.
    const beforeMs = isShared ? now() - 2 * limits.eraseDelayMs : Infinity;
    for (const sessionId of await store.findUnerased(beforeMs)) await this.#eraseLog(sessionId);
  }

  /**
   * Erases a log from its end, a part in each transaction: it may be large. The session is marked as deleted before, so
   * nothing shows what is left of it; if this process ends in between, the next one continues.
   */
  async #eraseLog(sessionId: string): Promise<void> {
    const { store, log } = this.#options;
    for (let after: number | undefined; after !== -1;) {
      const part = await store.findErasable(sessionId, ERASED_BYTES);
      await log.write({
        lane: { principal: '', sessionId },
        prepare: () => ({ kind: 'erase', sessionId, ...part }),
        isPatient: true,
      });
      ({ after } = part);
    }
  }
}

/** Throws the error of a cancellation, unless the store rejects it for good. */
function unlessRejected(error: unknown): void {
  const isRejected = error instanceof GraphRunError && error.cause instanceof StoreFailure;
  if (!isRejected) throw error;
}
