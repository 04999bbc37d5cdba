import type { GraphRunEvent, GraphRunEventBody, LogPosition } from '../../../protocol/events.js';
import type { SessionStatus } from '../../../protocol/session-summary.js';
import { digestOf } from './legacy-log.js';

/** A terminal event without an index. */
export type TerminalEvent = Extract<
  GraphRunEventBody,
  { type: 'graphComplete' | 'graphError' | 'graphCancelled' }
> &
  Partial<LogPosition>;

/**
 * Keeps the end of a session until everything else has been delivered: an older server may send its terminal event too
 * early, twice or never.
 */
export class LegacyEnd {
  readonly #sessionId: string;
  /** By digest, in the order of arrival: the same event comes live and in a replay. */
  readonly #events = new Map<string, TerminalEvent>();
  readonly #nodeErrors: string[] = [];
  #status: SessionStatus | undefined;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  /** True once there was a terminal event or a terminal status. */
  get isKnown(): boolean {
    return this.#events.size > 0 || this.#status !== undefined;
  }

  /** Takes a terminal event. */
  take(event: TerminalEvent & GraphRunEvent): void {
    const digest = digestOf(event);
    if (!this.#events.has(digest)) this.#events.set(digest, event);
  }

  /** Takes the error of a node: it explains a failed session without a terminal event. */
  takeNodeError(error: string): void {
    this.#nodeErrors.push(error);
  }

  /** Takes the final status that the server reported outside of the stream. */
  expect(status: SessionStatus): void {
    this.#status = status;
  }

  /** Returns the terminal events; if none came, one inferred from the status. */
  toEvents(): readonly TerminalEvent[] {
    return this.#events.size > 0 ? [...this.#events.values()] : [this.#synthesise()];
  }

  #synthesise(): TerminalEvent {
    const sessionId = this.#sessionId;
    switch (this.#status) {
      case 'completed':
        return { type: 'graphComplete', sessionId, synthetic: true };
      case 'failed': {
        const error = this.#nodeErrors.join('; ') || 'The session failed.';
        return { type: 'graphError', sessionId, error, synthetic: true };
      }
      default:
        // Cancelled, or deleted while it was running, which cancels it, too.
        return { type: 'graphCancelled', sessionId, synthetic: true };
    }
  }
}
