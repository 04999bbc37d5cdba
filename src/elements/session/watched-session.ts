import { nested } from './nesting.js';
import type { RunController } from '../../controller/run/run-controller.js';
import type { Clock } from '../base/clock.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { NodeState } from '../../protocol/session-state.js';
import { isTerminalStatus, type SessionStatus, type SessionSummary } from '../../protocol/session-summary.js';

/** True while the events from before connecting are still arriving. */
export function isReplaying(run: RunController): boolean {
  const { phase } = run.connection;
  // Return before reading `replay`, which changes with every batch.
  if (phase === 'connecting' || phase === 'replaying') return true;
  const { received, total } = run.replay;
  return received < total;
}

/**
 * The time of the server until which the state of the watched session is known, in milliseconds since 1970: now, or
 * when its connection was lost.
 */
export function knownUntil({ lostMs }: RunController, clock: Clock): number {
  const nowMs = clock.now();
  return lostMs === undefined ? nowMs : Math.min(nowMs, lostMs + nowMs - clock.localNow());
}

/** True if the status is known and the run has not ended; `run.latest` has that of now, `run` that of the moment shown. */
export function isOpen({ status }: { readonly status: SessionStatus | undefined }): boolean {
  return status !== undefined && !isTerminalStatus(status);
}

/**
 * The watched session as its header shows it. Its own events are the newest source, except during a replay
 * or while the stream is paused: they then describe the past, and the row of the list is newer.
 */
export function watchedSummary(
  run: RunController,
  history: SessionHistoryController | undefined,
): SessionSummary | undefined {
  const { sessionId } = run;
  if (sessionId === undefined) return undefined;
  const listed = history?.getSession(sessionId);
  const summary: SessionSummary = { ...run.latest.summary, sessionId };
  if (listed === undefined) return summary;
  const isBehind = isReplaying(run) || run.connection.phase === 'paused';
  if (isBehind || summary.createdAt <= 0) {
    // Not every server reports it, and that of the past does not belong to the other numbers.
    const { nodesCompleted: _, ...past } = summary;
    return { ...past, ...listed };
  }
  // The stream does not have the title that a person gave to the session.
  const { title, graphTitle } = listed;
  return { ...listed, ...summary, ...(title === undefined || graphTitle === undefined ? {} : { title }) };
}

/**
 * Ids of the nodes that have started or were skipped, in the order of their start, so that the newest is
 * last. Nodes without a start time (skipped ones, and all of them with older servers) follow in the order
 * of the graph.
 */
export function nodesInOrder(nodes: ReadonlyMap<string, NodeState>): readonly string[] {
  const begun = [...nodes.values()].filter((node) => node.status !== 'waiting');
  const startOf = (node: NodeState) => node.startedTs ?? Number.MAX_VALUE;
  const ids = begun.sort((a, b) => startOf(a) - startOf(b)).map((node) => node.nodeId);
  return nested(ids, nodes);
}
