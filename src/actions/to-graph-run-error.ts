import { GraphRunError } from '../protocol/problems.js';

/**
 * Whatever a service threw, as the error that people are shown. A service should throw GraphRunError;
 * anything else is a defect of it, which must be seen as well.
 */
export function toGraphRunError(error: unknown): GraphRunError {
  if (error instanceof GraphRunError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new GraphRunError('internal', message, { cause: error });
}
