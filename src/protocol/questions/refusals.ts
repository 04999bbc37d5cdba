import { GraphRunError } from '../problems.js';
import { sentence } from '../sentences.js';

/** Makes the error of a connection to a session that does not exist, or no longer: `session-gone`. */
export function sessionGone(): GraphRunError {
  return new GraphRunError('session-gone', sentence('session-no-longer'), { status: 404 });
}

/** Makes the error of a call for a session that does not exist: `session-not-found`. */
export function sessionNotFound(): GraphRunError {
  return new GraphRunError('session-not-found', sentence('session-unknown'), { status: 404 });
}

/** Makes the error of an answer to a session that has ended: `session-terminal`. `status`: how it has ended. */
export function sessionTerminal(status: string): GraphRunError {
  return new GraphRunError('session-terminal', sentence('session-ended', { status }), {
    status: 409,
    members: { sessionStatus: status },
  });
}

/** Makes the error of an answer to a question that the session has never asked: `interaction-not-found`. */
export function interactionNotFound(): GraphRunError {
  return new GraphRunError('interaction-not-found', sentence('question-unknown'), { status: 404 });
}

/**
 * Makes the error of an answer that came after a different one: `interaction-conflict`. `index`: the position of the first
 * answer in the log, where it is known.
 */
export function interactionConflict(index?: number): GraphRunError {
  return new GraphRunError('interaction-conflict', sentence('answered-differently'), {
    status: 409,
    ...(index === undefined ? {} : { members: { index } }),
  });
}

/** Makes the error of an answer that its question does not accept: `invalid-response`. `reason`: a sentence for people. */
export function invalidResponse(reason: string): GraphRunError {
  return new GraphRunError('invalid-response', reason, { status: 400 });
}
