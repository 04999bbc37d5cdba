import type { SessionHistoryController, SessionOperation } from '../controller/session-history-controller.js';
import { toGraphRunError } from '../protocol/problems.js';

type OperationKind = SessionOperation['kind'];

/** The latest operation requested for a session; `done` resolves after it and all earlier ones. */
interface QueuedOperation {
  readonly kind: OperationKind;
  readonly done: Promise<void>;
}

/**
 * The operations of this client on sessions: for each session one at a time, in the order of the requests.
 * A failure is kept in `history.operationOf` for the person to see.
 */
export class OperationQueue {
  readonly #history: SessionHistoryController;
  readonly #latest = new Map<string, QueuedOperation>();

  constructor(history: SessionHistoryController) {
    this.#history = history;
  }

  /** True from the request for a deletion until it has succeeded or failed. */
  isDeleting(sessionId: string): boolean {
    return this.#latest.get(sessionId)?.kind === 'delete';
  }

  /**
   * Runs `task` after the earlier operations on the session. A second request to cancel or delete waits for the
   * first instead. Never rejects.
   */
  run(sessionId: string, kind: OperationKind, task: () => Promise<void>): Promise<void> {
    const before = this.#latest.get(sessionId);
    const isFinal = kind === 'cancel' || kind === 'delete';
    if (isFinal && before?.kind === kind) return before.done;
    const done = this.#perform(sessionId, kind, task, before?.done);
    const operation: QueuedOperation = { kind, done };
    this.#latest.set(sessionId, operation);
    void done.then(() => {
      if (this.#latest.get(sessionId) === operation) this.#latest.delete(sessionId);
    });
    return done;
  }

  async #perform(
    sessionId: string,
    kind: OperationKind,
    task: () => Promise<void>,
    before: Promise<void> | undefined,
  ): Promise<void> {
    if (before !== undefined) await before;
    this.#history.setOperation(sessionId, { kind });
    try {
      await task();
      this.#history.setOperation(sessionId, undefined);
    } catch (error) {
      this.#history.setOperation(sessionId, { kind, error: toGraphRunError(error) });
    }
  }
}
