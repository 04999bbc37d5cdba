import { isJsonObject, type JsonObject } from './json.js';

/** Prefix of the `type` member of every problem document of this protocol. */
const PROBLEM_TYPE_PREFIX = 'urn:graph-session:problem:';

/** Details of an error besides its code and message. */
export interface GraphRunErrorOptions {
  /** HTTP status of the response that the error came from or becomes. */
  readonly status?: number;
  /** Milliseconds that the server asked to wait before a retry. */
  readonly retryAfterMs?: number;
  /** Extension members of the problem document, e.g. `{lastIndex: 41}`. */
  readonly members?: JsonObject;
  readonly cause?: unknown;
}

/**
 * The one error type that crosses the seams of this package.
 *
 * `code` is stable and meant for programs (`session-not-found`, `interaction-conflict`, …; the list
 * is in PROTOCOL.md), `message` is a sentence for people. Errors that did not come from a server have
 * the codes `network` (no response), `protocol-error` (a response that violates the protocol) and
 * `timeout`.
 */
export class GraphRunError extends Error {
  override readonly name = 'GraphRunError';
  readonly code: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly members: JsonObject;

  constructor(code: string, message: string, options: GraphRunErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.members = options.members ?? {};
  }
}

/**
 * Converts anything that a service threw to the error that people are shown. A service should throw
 * GraphRunError; anything else is a defect of the service, which must be visible as well.
 */
export function toGraphRunError(error: unknown): GraphRunError {
  if (error instanceof GraphRunError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new GraphRunError('internal', message, { cause: error });
}

/**
 * Converts anything that a request threw to the error that people are shown. Whatever is not a GraphRunError means
 * that there was no response: `network`.
 */
export function toNetworkError(error: unknown): GraphRunError {
  if (error instanceof GraphRunError) return error;
  return new GraphRunError('network', 'The server could not be reached.', { cause: error });
}

/** Title of each code that the protocol defines. */
const TITLES: Readonly<Record<string, string>> = {
  'cursor-ahead': 'Cursor is ahead of the log',
  'cursor-expired': 'Cursor is older than the log keeps',
  forbidden: 'Forbidden',
  'graph-too-large': 'Graph too large',
  'idempotency-in-progress': 'First request still in progress',
  'idempotency-key-reused': 'Idempotency key reused',
  'interaction-conflict': 'Already answered differently',
  'interaction-not-found': 'No such question',
  internal: 'Internal error',
  'invalid-cursor': 'Invalid cursor',
  'invalid-graph': 'Invalid graph',
  'invalid-json': 'Invalid JSON',
  'invalid-request': 'Invalid request',
  'invalid-response': 'Invalid response',
  'log-reset': 'The log was replaced',
  'method-not-allowed': 'Method not allowed',
  'missing-graph': 'Graph missing',
  'missing-graph-id': 'graphId missing',
  'missing-interaction-id': 'interactionId missing',
  'not-acceptable': 'Not acceptable',
  'not-found': 'Not found',
  'payload-too-large': 'Payload too large',
  'session-deleted': 'Session deleted',
  'session-not-found': 'Session not found',
  'session-terminal': 'Session has ended',
  'too-many-sessions': 'Too many sessions',
  unauthenticated: 'Not authenticated',
  unavailable: 'Unavailable',
  'unsupported-media-type': 'Unsupported media type',
};

/** Every code that the protocol defines. */
export const PROBLEM_CODES: readonly string[] = Object.keys(TITLES);

/**
 * Converts an error to its RFC 9457 problem document. The member `error` repeats `detail` for clients that
 * know only the older `{"error": "…"}` bodies.
 */
export function toProblem(error: GraphRunError): JsonObject {
  return {
    ...error.members,
    type: `${PROBLEM_TYPE_PREFIX}${error.code}`,
    title: (Object.hasOwn(TITLES, error.code) ? TITLES[error.code] : undefined) ?? error.code,
    status: error.status ?? 500,
    detail: error.message,
    code: error.code,
    error: error.message,
  };
}

const PROBLEM_MEMBERS = new Set(['type', 'title', 'status', 'detail', 'code', 'error']);

/**
 * Reads the body of an error response: a problem document, the older `{"error"}` body, or anything
 * else. Never throws; without a text in the body, the message names the status.
 */
export function parseProblem(
  status: number,
  body: unknown,
  options: Pick<GraphRunErrorOptions, 'retryAfterMs'> = {},
): GraphRunError {
  const document = isJsonObject(body) ? body : {};
  const text = [document['detail'], document['error'], document['title']].find(
    (member) => typeof member === 'string' && member !== '',
  );
  const code = typeof document['code'] === 'string' ? document['code'] : codeOfStatus(status);
  const members = Object.fromEntries(Object.entries(document).filter(([key]) => !PROBLEM_MEMBERS.has(key)));
  return new GraphRunError(code, typeof text === 'string' ? text : `The server answered ${status}.`, {
    status,
    members,
    ...options,
  });
}

/** The code to assume for a response without one (from a proxy or an older server). */
function codeOfStatus(status: number): string {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'session-not-found';
    case 413:
      return 'payload-too-large';
    default:
      return status >= 500 ? 'unavailable' : 'invalid-request';
  }
}

/** Codes of refused answers that no other answer could change. */
const FINAL = new Set([
  'interaction-conflict',
  'interaction-not-found',
  // A server older than version 1 would take a repeated answer that did arrive for a different one.
  'resume-unknown',
  'session-terminal',
  'session-not-found',
  'session-deleted',
]);

/** True when the refusal of an answer is final: the server would not accept any other answer either. */
export function isFinalRefusal(error: GraphRunError): boolean {
  return FINAL.has(error.code);
}
