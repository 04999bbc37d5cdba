import type { ServerLimits } from '../limits.js';
import { deletionChange, type ListWatchers } from './list-watchers.js';
import type { SessionCache } from './session-cache.js';
import { sessionDeleted } from './session-errors.js';
import type { SessionLog } from './session-log.js';
import type { Session } from './session.js';
import { Wakeup } from './wakeup.js';

/** What deletions work with. */
export interface SessionDeletionsOptions {
  readonly log: SessionLog;
  readonly cache: SessionCache;
  readonly watchers: ListWatchers;
  readonly limits: Pick<ServerLimits, 'eraseDelayMs'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Deletes sessions in two steps: a tombstone at once, the log when nobody reads it any more. */
export class SessionDeletions {
  readonly #options: SessionDeletionsOptions;
  /** Deleted sessions that are still read. */
  readonly #waiting = new Set<Wakeup>();

  constructor(options: SessionDeletionsOptions) {
    this.#options = options;
  }

  /** Nobody is waited for any more. */
  close(): void {
    for (const wakeup of this.#waiting) wakeup.wake();
  }

  /**
   * Makes a session one that was deleted, and tells whoever follows its list.
   *
   * @throws GraphRunError `session-deleted` when another deletion was first; what `SessionLog.write` rejects
   *   with.
   */
  async markDeleted(session: Session): Promise<void> {
    const { log, cache, watchers, now } = this.#options;
    const deletedMs = now();
    const { record } = session;
    let isFirst = false;
    await log.write({
      prepare: () => {
        if (session.isDeleted) throw sessionDeleted();
        isFirst = true;
        session.isDeleted = true;
        return { kind: 'delete', record, deletedMs };
      },
      onCommitted: (revision) => {
        cache.remove(session);
        if (revision === undefined) return;
        watchers.publish(record, deletionChange(record, revision, deletedMs));
      },
      // The transaction may have failed for others, after another deletion had been first.
      onFailed: () => {
        if (isFirst) session.isDeleted = false;
      },
    });
  }

  /** Erases the log of a deleted session. Who reads it now may go on to its end, within limits. */
  async erase(session: Session): Promise<void> {
    if (session.hasReaders) {
      const wakeup = new Wakeup();
      this.#waiting.add(wakeup);
      session.onceIdle(() => wakeup.wake());
      await wakeup.sleep(this.#options.limits.eraseDelayMs);
      this.#waiting.delete(wakeup);
    }
    // When the process ends before, the next one does it at its start.
    await this.eraseLog(session.sessionId);
  }

  /** Erases a log at once. */
  eraseLog(sessionId: string): Promise<void> {
    return this.#options.log.write({ prepare: () => ({ kind: 'erase', sessionId }) });
  }
}
