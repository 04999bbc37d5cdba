import type { NodeRun, RunController } from '../../../controller/run/run-controller.js';
import type { NodeStatus } from '../../../protocol/session-state.js';

const STATUSES: ReadonlySet<string> = new Set<NodeStatus>([
  'running',
  'suspended',
  'completed',
  'failed',
  'cancelled',
]);

function isNodeStatus(status: string): status is NodeStatus {
  return STATUSES.has(status);
}

/** The run as a whole in the form of a node, to show the reports that belong to no node; undefined without any. */
export function runAsNode(
  { activity, status = 'running' }: Pick<RunController, 'activity' | 'status'>,
  title: string,
): NodeRun | undefined {
  if (activity === undefined) return undefined;
  return {
    nodeId: '',
    title,
    status: isNodeStatus(status) ? status : 'running',
    attempt: 1,
    spans: [],
    ...activity,
  };
}
