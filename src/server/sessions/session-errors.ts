import { GraphRunError } from '../../protocol/problems.js';
import { SessionEndedError } from '../../runner/graph-runner.js';

/** The session is unknown, or somebody else's. */
export function sessionNotFound(): GraphRunError {
  return new GraphRunError('session-not-found', 'Graph session not found', { status: 404 });
}

/** The session was there once. */
export function sessionDeleted(): GraphRunError {
  return new GraphRunError('session-deleted', 'The session was deleted.', { status: 404 });
}

/** The session takes no answer any more. */
export function sessionTerminal(status: string): GraphRunError {
  return new GraphRunError('session-terminal', `The session has ended (${status}).`, {
    status: 409,
    members: { sessionStatus: status },
  });
}

/** A creation with the same key is under way. */
export function creationInProgress(): GraphRunError {
  return new GraphRunError('idempotency-in-progress', 'The first request is still in progress.', {
    status: 409,
    retryAfterMs: 1000,
  });
}

/** The key came with another request before. */
export function keyReused(): GraphRunError {
  return new GraphRunError('idempotency-key-reused', 'This key was used for another request.', {
    status: 422,
  });
}

/** A principal has too many sessions that have not ended. */
export function tooManySessions(limit: number): GraphRunError {
  return new GraphRunError('too-many-sessions', `More than ${limit} sessions have not ended yet.`, {
    status: 429,
    retryAfterMs: 5000,
  });
}

/** The process is on its way out. */
export function draining(): GraphRunError {
  return unavailable('The server is shutting down.', 2000);
}

/** Something that will pass. */
export function unavailable(message: string, retryAfterMs: number, cause?: unknown): GraphRunError {
  return new GraphRunError('unavailable', message, { status: 503, retryAfterMs, cause });
}

/**
 * What a caller is told of a write that failed. A store that does not take it is a matter of time, and
 * nothing was written: the caller may try again.
 */
export function writeError(error: unknown): unknown {
  if (error instanceof GraphRunError) return error;
  if (error instanceof SessionEndedError) return draining();
  return unavailable('The server cannot store this now.', 1000, error);
}

/** Rejects with what the caller gets for a write that failed, see `writeError`. */
export function rethrowForCaller(error: unknown): never {
  throw writeError(error);
}
