import { GraphRunError, toProblem } from '../../protocol/problems.js';
import { storeUnavailable } from '../sessions/session-errors.js';
import { StaleEpochError, StoreUnavailableError } from '../store/session-store.js';

/** Makes the response to a failed request. Details that are not meant for the caller become an opaque id. */
export function problemResponse(error: unknown, onError: (error: unknown) => void): Response {
  const problem = shownError(error, onError);
  const status = problem.status ?? statusOf(problem.code);
  const headers = new Headers({
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  });
  if (problem.retryAfterMs !== undefined) {
    headers.set('Retry-After', String(Math.ceil(problem.retryAfterMs / 1000)));
  }
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer');
  const { allow, acceptEncoding } = problem.members;
  if (status === 405 && typeof allow === 'string') headers.set('Allow', allow);
  if (status === 415 && typeof acceptEncoding === 'string') headers.set('Accept-Encoding', acceptEncoding);
  return new Response(JSON.stringify({ ...toProblem(problem), status }), { status, headers });
}

/** Returns the error that a caller may see: any other one is reported to `onError` and becomes `internal` with its id. */
export function shownError(error: unknown, onError: (error: unknown) => void): GraphRunError {
  if (error instanceof GraphRunError) return error;
  if (error instanceof StoreUnavailableError || error instanceof StaleEpochError)
    return storeUnavailable(error);
  const instance = `urn:uuid:${crypto.randomUUID()}`;
  onError(new Error(`Request failed (${instance})`, { cause: error }));
  return new GraphRunError('internal', 'Something went wrong on the server.', {
    status: 500,
    members: { instance },
  });
}

/** The status for an error of a runner or a host that does not have one. */
function statusOf(code: string): number {
  switch (code) {
    case 'unauthenticated':
      return 401;
    case 'forbidden':
      return 403;
    case 'unavailable':
      return 503;
    default:
      return 400;
  }
}
