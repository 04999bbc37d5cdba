import { GraphRunError } from '../../protocol/problems.js';
import { SessionEndedError } from '../../runner/graph-runner.js';
import { StaleEpochError, StoreUnavailableError, type Unwritten } from '../store/session-store.js';
import { StoreFailure } from '../writing/write-job.js';

/** The session is unknown, or belongs to someone else. */
export function sessionNotFound(): GraphRunError {
  return new GraphRunError('session-not-found', 'Graph session not found', { status: 404 });
}

/** The session existed and was deleted. */
export function sessionDeleted(): GraphRunError {
  return new GraphRunError('session-deleted', 'The session was deleted.', { status: 404 });
}

/** A creation with the same key is in progress. */
export function creationInProgress(): GraphRunError {
  return new GraphRunError('idempotency-in-progress', 'The first request is still in progress.', {
    status: 409,
    retryAfterMs: 1000,
  });
}

/** The key was used for a different request. */
export function keyReused(): GraphRunError {
  return new GraphRunError('idempotency-key-reused', 'This key was used for another request.', {
    status: 422,
  });
}

/** The outputs of the nodes that are taken over are too large for one append. */
export function reuseTooLarge(maxBytes: number): GraphRunError {
  const message = `The outputs that would be reused are too large (at most ${maxBytes} bytes together). Run all nodes again.`;
  return new GraphRunError('reuse-too-large', message, { status: 400, members: { maxBytes } });
}

/** The runner of this server runs whole graphs only. */
export function rerunFromUnsupported(): GraphRunError {
  return new GraphRunError('rerun-from-unsupported', 'This server can run a session again only as a whole.', {
    status: 400,
  });
}

/** A principal has too many sessions that have not ended. */
export function tooManySessions(limit: number): GraphRunError {
  return new GraphRunError('too-many-sessions', `More than ${limit} sessions have not ended yet.`, {
    status: 429,
    retryAfterMs: 5000,
  });
}

/** A principal has too many open streams. */
export function tooManyStreams(limit: number): GraphRunError {
  return new GraphRunError('too-many-streams', `More than ${limit} streams are open.`, {
    status: 429,
    retryAfterMs: 5000,
  });
}

/** The process is shutting down. */
export function draining(cause?: SessionEndedError): GraphRunError {
  return unavailable('The server is shutting down.', 2000, cause);
}

/** A temporary failure. */
export function unavailable(message: string, retryAfterMs: number, cause?: unknown): GraphRunError {
  return new GraphRunError('unavailable', message, { status: 503, retryAfterMs, cause });
}

/** The error for a step that the store did not write although others were. */
export function unwrittenError(sessionId: string, { kind }: Unwritten): Error {
  switch (kind) {
    case 'deleted':
      return sessionDeleted();
    case 'stale':
      return new StaleEpochError(`Another process runs session ${sessionId} now.`);
    case 'moved':
    case 'repeated':
    case 'full':
      return new StoreFailure('The store rejected a write.', {
        cause: new Error(`Session ${sessionId} is not as it was written (${kind}).`),
      });
  }
}

/**
 * Converts the error of a failed write to the one for the caller. A failure of the store is temporary, and
 * nothing was written: the caller may try again.
 */
export function writeError(error: unknown): unknown {
  if (error instanceof GraphRunError) return error;
  if (error instanceof SessionEndedError) return draining(error);
  return storeUnavailable(error);
}

/** The store cannot be used now, or belongs to another process. */
export function storeUnavailable(cause: unknown): GraphRunError {
  return cause instanceof StaleEpochError
    ? unavailable('Another server serves these sessions now.', 5000, cause)
    : unavailable('The server cannot store this now.', 1000, cause);
}

/** The outage of the store that an error comes from, if it does: the same call may succeed later. */
export function outageOf(error: unknown): StoreUnavailableError | undefined {
  if (error instanceof StoreUnavailableError) return error;
  return error instanceof Error && error.cause !== undefined ? outageOf(error.cause) : undefined;
}

/** Throws the error for the caller of a failed write, see `writeError`. */
export function rethrowForCaller(error: unknown): never {
  throw writeError(error);
}
