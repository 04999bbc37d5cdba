import type { NodeRun, RunController } from '../../controller/run-controller.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';

/** True while the events of the session that were there before are still arriving. */
export function isReplaying(run: RunController): boolean {
  const { phase } = run.connection;
  // Not read meanwhile: it changes with every batch.
  if (phase === 'connecting' || phase === 'replaying') return true;
  const { received, total } = run.replay;
  return received < total;
}

/** True while the run has not ended, and its status is known. */
export function isOpen({ status }: RunController): boolean {
  return status !== undefined && !isTerminalStatus(status);
}

/**
 * The watched session as its header shows it. Its own events are the newest that is known, but during a
 * replay, or while the stream is paused, they tell of the past; then the row of the list does.
 */
export function watchedSummary(
  run: RunController,
  history: SessionHistoryController | undefined,
): SessionSummary | undefined {
  const { sessionId } = run;
  if (sessionId === undefined) return undefined;
  const listed = history?.getSession(sessionId);
  const told: SessionSummary = { ...run.summary, sessionId };
  if (listed === undefined) return told;
  const isBehind = isReplaying(run) || run.connection.phase === 'paused';
  if (isBehind || told.createdAt <= 0) return { ...told, ...listed };
  // The stream knows nothing of the title that somebody gave to the session.
  const { title, graphTitle } = listed;
  return { ...listed, ...told, ...(title === undefined || graphTitle === undefined ? {} : { title }) };
}

/**
 * Ids of the nodes that have something to tell, in the order in which they began, so that what is newest
 * stands at the end. Nodes without a time (skipped ones, and all of them with older servers) keep the
 * order of the graph, after the others.
 */
export function nodesInOrder(nodes: ReadonlyMap<string, NodeRun>): readonly string[] {
  const begun = [...nodes.values()].filter((node) => node.status !== 'waiting');
  const startOf = (node: NodeRun) => node.startedTs ?? Number.MAX_VALUE;
  return begun.sort((a, b) => startOf(a) - startOf(b)).map((node) => node.nodeId);
}
