import type { GraphRunEventBody, RerunOf } from '../../../protocol/events.js';
import { outlineOf, type Graph } from '../../../protocol/graph.js';
import { EMPTY_SESSION } from '../../../protocol/empty-session.js';
import { toSummary } from '../../../protocol/to-summary.js';
import type { ServerLimits } from '../../limits.js';
import { planAppend } from '../../writing/logged-event.js';
import { uniqueTag } from '../event-tag.js';
import { reuseTooLarge } from '../session-errors.js';
import type { SessionCredentials } from '../session-credentials.js';
import { Session, type FoldedLog } from '../session.js';
import type { SessionPlan, SessionRecord, SessionWrite } from '../../store/session-store.js';

/** A session to create; already validated. */
export interface CreateRequest {
  readonly principal: string;
  readonly graphId: string;
  readonly graph: Graph;
  readonly mode: SessionPlan['mode'];
  readonly inputs: SessionPlan['inputs'];
  readonly accessToken?: string;
  /** The name of who starts it. */
  readonly startedBy?: string;
  /** The session that this one runs again, and the events of the nodes that it takes over from it. */
  readonly rerun?: { readonly of: RerunOf; readonly reused: readonly GraphRunEventBody[] };
  /** Identifies repetitions: the client's key, and a digest of its request. */
  readonly receipt?: { readonly key: string; readonly digest: string };
}

/** The response to a creation; `isReplay` when it was sent before. */
export interface CreateResult {
  readonly body: string;
  readonly sessionId: string;
  readonly isReplay: boolean;
}

/** A session that is about to be stored. */
export interface NewSession {
  readonly session: Session;
  readonly fold: FoldedLog;
  readonly body: string;
  readonly write: SessionWrite;
}

/** Options of `newSession`. */
export interface NewSessionOptions {
  /** True: another process shall run it. */
  readonly isReady: boolean;
  /** See `SessionCredentials.seal`. */
  readonly seal: SessionCredentials['seal'];
}

/** The plan of a session to create. */
export function planOf({ graph, mode, inputs }: CreateRequest): SessionPlan {
  return { graph, mode, inputs };
}

/**
 * Prepares a session with its first event: record, plan, log and receipt are one write. `planJson` is the plan of the
 * request, as JSON: to make it takes a turn of its own.
 *
 * @throws GraphRunError `reuse-too-large` when the log has no room for the nodes that are taken over.
 */
export function newSession(
  request: CreateRequest,
  planJson: string,
  limits: ServerLimits,
  createdMs: number,
  { isReady, seal }: NewSessionOptions,
): NewSession {
  const { principal, graphId, graph, receipt, rerun, startedBy } = request;
  const sessionId = crypto.randomUUID();
  const record: SessionRecord = { sessionId, graphId, principal, logId: crypto.randomUUID(), createdMs };
  const start: GraphRunEventBody = {
    type: 'graphStart',
    sessionId,
    graph: outlineOf(graph),
    ...(rerun === undefined ? {} : { rerunOf: rerun.of }),
    ...(startedBy === undefined ? {} : { startedBy }),
  };
  const bodies = [start, ...(rerun?.reused ?? [])];
  const plan = planAppend(EMPTY_SESSION, 0, bodies, limits, { nowMs: createdMs, tag: uniqueTag() });
  if (plan.isLogFull) throw reuseTooLarge(limits.reusedBytes);
  const { state, logBytes, events } = plan;
  const { status } = state;
  const row = toSummary(state);
  const body = JSON.stringify({ sessionId, status, createdAt: createdMs / 1000 });
  return {
    session: new Session(record, status, -1),
    fold: { state, logBytes, row },
    body,
    write: {
      kind: 'create',
      record,
      planJson,
      events,
      status,
      row,
      maxOpen: limits.openSessionsPerPrincipal,
      ...(isReady ? { isReady } : {}),
      ...seal(sessionId, request.accessToken),
      ...(receipt === undefined ? {} : { receipt: { ...receipt, body } }),
    },
  };
}
