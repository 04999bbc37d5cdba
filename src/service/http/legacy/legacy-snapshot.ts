import type { SessionSummary } from '../../../protocol/session-summary.js';

/**
 * Finds the end of the list in the stream of a server that does not mark it: rows come once each and
 * newest first; a row that does not fit that is the first change.
 */
export class LegacySnapshot {
  readonly #seen = new Set<string>();
  #previousCreatedAt = Number.POSITIVE_INFINITY;

  /** True when the row was part of the list. */
  has(sessionId: string): boolean {
    return this.#seen.has(sessionId);
  }

  /** Takes the next row of the list; false when it is none any more. */
  take({ sessionId, status, createdAt }: SessionSummary): boolean {
    if (status === 'deleted' || this.#seen.has(sessionId) || createdAt > this.#previousCreatedAt)
      return false;
    this.#seen.add(sessionId);
    this.#previousCreatedAt = createdAt;
    return true;
  }
}
