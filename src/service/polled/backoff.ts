import type { ConnectionState } from '../../protocol/stream/messages.js';
import { type GraphRunError, isSessionGone, toGraphRunError } from '../../protocol/problems.js';

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** Failures that another attempt does not change. */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'unauthenticated',
  'forbidden',
  'invalid-request',
  'internal',
]);

/** What follows the failure of an attempt: a wait until the next one, or the end. */
export function afterFailure(error: unknown, attempt: number, nowMs: number): ConnectionState {
  const problem = toGraphRunError(error);
  if (isFinal(problem)) return { phase: 'failed', attempt, error: problem };
  const delayMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return { phase: 'backoff', attempt: attempt + 1, retryAtMs: nowMs + delayMs, error: problem };
}

function isFinal(error: GraphRunError): boolean {
  return isSessionGone(error) || FINAL_CODES.has(error.code);
}
