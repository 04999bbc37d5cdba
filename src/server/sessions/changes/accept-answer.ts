import { decideResume, type ResumeDecision } from '../../../protocol/questions/decide-resume.js';
import { sessionTerminal } from '../../../protocol/questions/refusals.js';
import type { GraphRunEventBody } from '../../../protocol/events.js';
import type { JsonObject } from '../../../protocol/values/json.js';
import type { SessionState } from '../../../protocol/session-state.js';
import type { KnownSessionStatus } from '../../../protocol/session-summary.js';
import { SessionEndedError } from '../../../runner/graph-runner.js';
import type { LogReader } from '../log-reader.js';
import type { SessionCredentials } from '../session-credentials.js';
import type { SessionRecovery } from '../recover-sessions.js';
import type { RunnerHost } from '../runner-host.js';
import { sessionDeleted, writeError } from '../session-errors.js';
import type { SessionLog } from '../session-log.js';
import type { Session } from '../session.js';

/** An answer to a question; already validated. */
export interface ResumeRequest {
  readonly interactionId: string;
  readonly response: JsonObject;
  readonly accessToken?: string;
  /** The name of who answers. */
  readonly answeredBy?: string;
}

/** The confirmation of an answer. */
export interface ResumeOutcome {
  readonly status: KnownSessionStatus;
  /** Log index of the `inputResolved`. */
  readonly index: number;
  readonly isDuplicate: boolean;
}

/** Dependencies of `acceptAnswer`. */
export interface AcceptAnswerContext {
  readonly log: SessionLog;
  readonly reader: LogReader;
  readonly host: RunnerHost;
  readonly recovery: SessionRecovery;
  readonly credentials: SessionCredentials;
}

/**
 * Records the answer to a question and resumes the node that asked, without waiting for it.
 *
 * @throws GraphRunError `interaction-conflict`, `session-terminal`, `interaction-not-found`, `session-deleted` or
 *   `unavailable`; nothing has changed then.
 */
export async function acceptAnswer(
  session: Session,
  request: ResumeRequest,
  { log, reader, host, recovery, credentials }: AcceptAnswerContext,
): Promise<ResumeOutcome> {
  if (session.hasEnded) return confirmAnswer(session, request, reader);
  const { interactionId, response, accessToken, answeredBy } = request;
  await recovery.wake(session);
  // Another process may have deleted it.
  if (session.isDeleted) throw sessionDeleted();
  // It may have ended meanwhile, in another process.
  if (session.hasEnded) return confirmAnswer(session, request, reader);
  let decision: ResumeDecision | undefined;
  let index: number;
  try {
    const decide = (current: SessionState): readonly GraphRunEventBody[] => {
      decision = decideResume(current, interactionId, response);
      if (decision.kind === 'duplicate') return [];
      const { nodeId } = decision;
      const by = answeredBy === undefined ? {} : { answeredBy };
      return [{ type: 'inputResolved', nodeId, interactionId, by: 'response', response, ...by }];
    };
    const state = await log.append(session, decide, credentials.seal(session.sessionId, accessToken));
    index = state.resolved.get(interactionId)?.index ?? state.lastIndex;
  } catch (error) {
    if (!(error instanceof SessionEndedError && session.hasEnded)) throw writeError(error);
    // It has ended meanwhile, perhaps because the answer was what made the log full.
    return confirmAnswer(session, request, reader);
  }
  if (decision?.kind === 'duplicate') return { status: session.status, index, isDuplicate: true };
  // In another process, the owner sees the answer in the log. This one may have become the owner while the answer waited.
  if (session.runner !== undefined) {
    if (accessToken !== undefined) session.accessToken = accessToken;
    host.resume(session, interactionId);
  }
  return { status: session.status, index, isDuplicate: false };
}

/** Confirms an answer that a session had accepted before it ended; any other is refused. */
async function confirmAnswer(
  session: Session,
  { interactionId, response }: ResumeRequest,
  reader: LogReader,
): Promise<ResumeOutcome> {
  const decision = decideResume((await reader.fold(session)).state, interactionId, response);
  if (decision.kind !== 'duplicate') throw sessionTerminal(session.status);
  return { status: session.status, index: decision.index, isDuplicate: true };
}
