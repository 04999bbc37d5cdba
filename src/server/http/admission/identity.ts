import { isFilledText, isJsonObject, type JsonObject } from '../../../protocol/values/json.js';
import { GraphRunError } from '../../../protocol/problems.js';
import { isStorable } from '../../store/storable-text.js';

/** The identity behind a request. */
export interface Identity {
  /**
   * Stable and unique id of the person or program that owns the sessions: a text that is not empty, without control
   * characters and lone surrogates (stores may keep two such texts as one).
   */
  readonly principal: string;
  /** Expiry of the credential, in milliseconds since 1970: streams end then. */
  readonly expiresAtMs?: number;
}

/**
 * Identifies the sender of a request. `token` comes from the header `Authorization: Bearer`, else from the member
 * `accessToken` of the body; a login by cookie reads `request.headers` instead. Anything but an identity that has not
 * expired is answered with 401 `unauthenticated`: `undefined` for an unknown sender, and everything it throws
 * that is not a GraphRunError (those are also reported to `onError`).
 *
 * @throws GraphRunError The answer to the request, e.g. `forbidden` (403), or `unavailable` (503) while the login
 *   cannot be asked: a client then tries again, instead of asking the person to sign in.
 */
export type Authenticate = (
  token: string | undefined,
  request: Request,
) => Identity | undefined | Promise<Identity | undefined>;

/** The identity of every request to a server without authentication. */
export const ANONYMOUS: Identity = { principal: 'anybody' };

/** Reads the token of the header `Authorization: Bearer`. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
}

/**
 * Reads the token of a body.
 *
 * @throws GraphRunError `invalid-request` when it is not a string.
 */
export function bodyTokenOf({ accessToken }: JsonObject): string | undefined {
  if (accessToken === undefined || typeof accessToken === 'string') return accessToken;
  throw new GraphRunError('invalid-request', '“accessToken” must be a string.', { status: 400 });
}

/**
 * Reads what the host's `authenticate` returned.
 *
 * @throws GraphRunError `unauthenticated` unless it is an identity.
 */
export function identityOf(value: unknown): Identity {
  if (!isJsonObject(value)) throw unauthenticated();
  const { principal, expiresAtMs } = value;
  if (!isFilledText(principal) || !isStorable(principal)) throw unauthenticated();
  if (expiresAtMs === undefined) return { principal };
  if (typeof expiresAtMs !== 'number' || Number.isNaN(expiresAtMs)) throw unauthenticated();
  return { principal, expiresAtMs };
}

/**
 * Asks the host who sends a request. Without `authenticate` all senders are one.
 *
 * @throws GraphRunError See `Authenticate`.
 */
export async function identify(
  authenticate: Authenticate | undefined,
  token: string | undefined,
  request: Request,
  onError: (error: unknown) => void,
): Promise<Identity> {
  if (authenticate === undefined) return ANONYMOUS;
  try {
    const identity = identityOf(await authenticate(token, request));
    if (identity.expiresAtMs !== undefined && identity.expiresAtMs <= Date.now()) throw unauthenticated();
    return identity;
  } catch (error) {
    if (error instanceof GraphRunError) throw error;
    onError(new Error('“authenticate” failed.', { cause: error }));
    throw unauthenticated();
  }
}

function unauthenticated(): GraphRunError {
  return new GraphRunError('unauthenticated', 'The server does not know who sends this request.', {
    status: 401,
  });
}
