import type { SessionHistoryController, SessionOperation } from '../controller/session-history-controller.js';
import { toGraphRunError } from '../protocol/problems.js';

type OperationKind = SessionOperation['kind'];

/** What was asked for last of a session, and the end of it and of all before it. */
interface Operation {
  readonly kind: OperationKind;
  readonly done: Promise<void>;
}

/**
 * What is being done to sessions from here: to each session one thing after the other, in the order in
 * which it was asked for. What fails stays with the session for the person to see.
 */
export class SessionOperations {
  readonly #history: SessionHistoryController;
  readonly #latest = new Map<string, Operation>();

  constructor(history: SessionHistoryController) {
    this.#history = history;
  }

  /** True from the request for a deletion until it has succeeded or failed. */
  isDeleting(sessionId: string): boolean {
    return this.#latest.get(sessionId)?.kind === 'delete';
  }

  /**
   * Does `task`, after what is under way. To cancel or delete what is being cancelled or deleted is to wait
   * for that. Never rejects.
   */
  run(sessionId: string, kind: OperationKind, task: () => Promise<void>): Promise<void> {
    const before = this.#latest.get(sessionId);
    const isFinal = kind === 'cancel' || kind === 'delete';
    if (isFinal && before?.kind === kind) return before.done;
    const done = this.#perform(sessionId, kind, task, before?.done);
    const operation: Operation = { kind, done };
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
