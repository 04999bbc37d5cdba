import type { GraphRunEventBody } from '../../protocol/events.js';
import type { SessionState } from '../../protocol/session-state.js';
import { SessionEndedError } from '../../runner/graph-runner.js';
import type { ServerLimits } from '../limits.js';
import type { LogReader } from './log-reader.js';
import { fromLogged } from './logged-event.js';
import type { RunnerHost } from './runner-host.js';
import type { SessionLog } from './session-log.js';
import type { Session } from './session.js';

/** Dependencies of `QuestionExpiry`. */
export interface QuestionExpiryOptions {
  readonly log: SessionLog;
  readonly reader: LogReader;
  readonly host: RunnerHost;
  readonly limits: Pick<ServerLimits, 'questionMs'>;
}

/** Closes questions that have been open for too long; their nodes fail. */
export class QuestionExpiry {
  readonly #options: QuestionExpiryOptions;

  constructor(options: QuestionExpiryOptions) {
    this.#options = options;
  }

  /** Closes every question of a session that is overdue at `nowMs` (milliseconds since 1970). */
  async closeOverdue(session: Session, nowMs: number): Promise<void> {
    const overdue = await this.#askedBefore(session, nowMs - this.#options.limits.questionMs);
    if (overdue.size > 0) await this.#close(session, overdue);
  }

  /** Finds open questions of a session that were asked before a time. */
  async #askedBefore(session: Session, ms: number): Promise<ReadonlySet<string>> {
    const overdue = new Set<string>();
    if (session.hasEnded) return overdue;
    for (const { interactionId, index } of session.durable?.state.pending.values() ?? []) {
      const [asked] = await this.#options.reader.readPage(session.record, index - 1, index);
      const ts = asked === undefined ? undefined : fromLogged(asked).ts;
      if (ts !== undefined && ts < ms) overdue.add(interactionId);
    }
    return overdue;
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
