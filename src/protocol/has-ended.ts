import type { NodeStatus } from './session-state.js';

/** True for a node that has ended, in any way. */
export function hasEnded(status: NodeStatus): boolean {
  return status !== 'waiting' && status !== 'running' && status !== 'suspended';
}
