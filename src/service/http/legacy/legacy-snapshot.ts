import type { SessionSummary } from '../../../protocol/session-summary.js';

/**
 * Finds the end of the list in the stream of a server that does not mark it: each row comes once, newest first; the
 * first row that breaks this order is a change.
 */
export class LegacySnapshot {
  readonly #seen = new Set<string>();
  #previousCreatedAt = Number.POSITIVE_INFINITY;

  /** True when the row was part of the list. */
  has(sessionId: string): boolean {
    return this.#seen.has(sessionId);
  }

  /** Takes the next row; returns false when it no longer belongs to the list. */
  take({ sessionId, status, createdAt }: SessionSummary): boolean {
    if (status === 'deleted' || this.#seen.has(sessionId) || createdAt > this.#previousCreatedAt)
      return false;
    this.#seen.add(sessionId);
    this.#previousCreatedAt = createdAt;
    return true;
  }
}
