import { GraphRunError } from '../../protocol/problems.js';

/** The methods that some route of the protocol has. */
export const ALL_METHODS = 'GET, HEAD, POST, PATCH, DELETE, OPTIONS';

/** The error of a request whose method its address does not have; `allow` lists those that it has. */
export function methodNotAllowed(allow: string): GraphRunError {
  return new GraphRunError('method-not-allowed', `Allowed here: ${allow}.`, {
    status: 405,
    members: { allow },
  });
}
