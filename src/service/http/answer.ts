import { isJsonObject, isText, parseJson, type JsonObject } from '../../protocol/values/json.js';
import { foreignAnswer, GraphRunError, parseProblem } from '../../protocol/problems.js';

/** A successful answer to a call. */
export interface HttpAnswer {
  /** The body as JSON; undefined for any other body. */
  readonly body: unknown;
  /** True when the answer has the header of the protocol. Without it, only the body shows whose answer it is. */
  readonly hasProtocolHeader: boolean;
}

/** True for a response that says it is of a server of version 1. */
export function hasProtocolHeader(response: Response): boolean {
  return response.headers.get('graph-session-protocol') === '1';
}

/** Names a response by its status and content type, e.g. `404 text/html`. */
export function describeResponse({ status, headers }: Response): string {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  return type.trim() === '' ? String(status) : `${status} ${type.trim()}`;
}

/**
 * The details of an error from a response: its status and the address that was asked, without query, as far as it is
 * known.
 */
export function responseDetails({ status, url }: Response): { status: number; members: JsonObject } {
  const [address = ''] = url.split(/[?#]/);
  return { status, members: address === '' ? {} : { address } };
}

/**
 * Checks that an answer is an object with the text member `key`, and with the members of `expected`: an object alone
 * may be anybody's. Returns it.
 *
 * @throws GraphRunError `protocol-error` when it is the server's all the same, else `foreign-answer`.
 */
export function answerOf<Key extends string>(
  { body, hasProtocolHeader: isOwn }: HttpAnswer,
  key: Key,
  expected: Readonly<Record<string, string>> = {},
): JsonObject & { readonly [key in Key]: string } {
  if (
    isJsonObject(body) &&
    isText(body[key]) &&
    Object.entries(expected).every(([name, value]) => body[name] === value)
  ) {
    return body as JsonObject & { readonly [key in Key]: string };
  }
  if (!isOwn) throw foreignAnswer(`an answer without the “${key}”`);
  throw new GraphRunError('protocol-error', `The server’s answer has no “${key}”.`);
}

/**
 * Reads the error of a response that is not a success. `isLegacyPossible`: it can also be of a server older than
 * version 1; `wallNowMs`: milliseconds since 1970. Rejects when the body breaks off.
 */
export async function readProblem(
  response: Response,
  { isLegacyPossible, wallNowMs }: { readonly isLegacyPossible: boolean; readonly wallNowMs: number },
): Promise<GraphRunError> {
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), wallNowMs);
  return parseProblem(response.status, parseJson(await response.text()), {
    description: describeResponse(response),
    hasProtocolHeader: hasProtocolHeader(response),
    isLegacyPossible,
    foreignMembers: responseDetails(response).members,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Reads a `Retry-After` header, in seconds or as a date (RFC 9110, section 10.2.3), as milliseconds from now. */
function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
