import { isSameJson, type JsonObject } from '../values/json.js';
import { interactionConflict, interactionNotFound, sessionTerminal } from './refusals.js';
import type { SessionState } from '../session-state.js';
import { isTerminalStatus } from '../session-summary.js';

/** The decision on an answer. */
export type ResumeDecision =
  | { readonly kind: 'accept'; readonly nodeId: string }
  | { readonly kind: 'duplicate'; readonly index: number };

/**
 * Decides on an answer by the state alone. A repeated answer is recognised even when the session has ended
 * since: a client that lost the first confirmation must get it now.
 *
 * @throws GraphRunError `interaction-conflict`, `session-terminal` or `interaction-not-found`.
 */
export function decideResume(
  state: SessionState,
  interactionId: string,
  response: JsonObject,
): ResumeDecision {
  const resolved = state.resolved.get(interactionId);
  if (resolved !== undefined) {
    const isSame = resolved.response !== undefined && isSameJson(resolved.response, response);
    if (isSame) return { kind: 'duplicate', index: resolved.index };
    throw interactionConflict(resolved.index);
  }
  if (isTerminalStatus(state.status)) throw sessionTerminal(state.status);
  const pending = state.pending.get(interactionId);
  if (pending === undefined) throw interactionNotFound();
  return { kind: 'accept', nodeId: pending.nodeId };
}
