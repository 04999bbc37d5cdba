import type { GraphRunEvent, GraphRunEventBody, LogPosition } from '../../../protocol/events.js';
import type { SessionStatus } from '../../../protocol/session-summary.js';
import { digestOf } from './legacy-log.js';

/** A terminal event that has no number yet. */
export type TerminalEvent = Extract<
  GraphRunEventBody,
  { type: 'graphComplete' | 'graphError' | 'graphCancelled' }
> &
  Partial<LogPosition>;

/**
 * How a session ended, for a server that may send its terminal event too early, twice or never. It is
 * kept here until everything else has been delivered.
 */
export class LegacyEnd {
  readonly #sessionId: string;
  /** By digest, in the order in which they came: the same one comes live and in a replay. */
  readonly #events = new Map<string, TerminalEvent>();
  readonly #nodeErrors: string[] = [];
  #status: SessionStatus | undefined;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  /** True once a terminal event came or a terminal status was told. */
  get isKnown(): boolean {
    return this.#events.size > 0 || this.#status !== undefined;
  }

  /** A terminal event came. */
  take(event: TerminalEvent & GraphRunEvent): void {
    const digest = digestOf(event);
    if (!this.#events.has(digest)) this.#events.set(digest, event);
  }

  /** A node failed: the reason of a failure that the server does not explain. */
  takeNodeError(error: string): void {
    this.#nodeErrors.push(error);
  }

  /** The server said elsewhere how the session ended. */
  expect(status: SessionStatus): void {
    this.#status = status;
  }

  /** The terminal events; when none came, the one that the status stands for. */
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
        // Cancelled, or deleted while it was at work, which cancels it too.
        return { type: 'graphCancelled', sessionId, synthetic: true };
    }
  }
}
