import { isJsonObject, type JsonObject } from './values/json.js';

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
  'no-failed-node': 'No failed node',
  'node-not-started': 'Node never started',
  'not-acceptable': 'Not acceptable',
  'not-found': 'Not found',
  'payload-too-large': 'Payload too large',
  'request-timeout': 'Request timeout',
  'rerun-from-unsupported': 'Cannot run again from a node',
  'reuse-too-large': 'Too much to reuse',
  'session-deleted': 'Session deleted',
  'session-not-found': 'Session not found',
  'session-terminal': 'Session has ended',
  'too-many-bodies': 'Too many large requests',
  'too-many-sessions': 'Too many sessions',
  'too-many-streams': 'Too many streams',
  unauthenticated: 'Not authenticated',
  unavailable: 'Unavailable',
  'unknown-node': 'No such node',
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

/** How `parseProblem` reads a response. */
export interface ProblemOptions extends Pick<GraphRunErrorOptions, 'retryAfterMs'> {
  /** Names the response in the error of a foreign answer. Default: its status. */
  readonly description?: string;
  /** Members of the error of a foreign answer. Default: none. */
  readonly foreignMembers?: JsonObject;
  /** True when the response has the header of the protocol, so a `code` in it is the server's. Default: false. */
  readonly hasProtocolHeader?: boolean;
  /**
   * True when an answer can also come from a server older than version 1, which has no problem documents. Default:
   * false.
   */
  readonly isLegacyPossible?: boolean;
}

/** The message of an error response that says nothing but its status: people are shown the status in their language. */
export function answeredMessage(status: number): string {
  return `The server answered ${status}.`;
}

/** Code of an error response that is not of the session server. */
export const FOREIGN_ANSWER = 'foreign-answer';

/**
 * Reads an error response of the session server: a problem document of the protocol or, where one is possible, the
 * `{"error"}` body of an older server. Anything else was answered by something in between (a router, a proxy, a
 * portal, a login page), so its status says nothing about a session: the code is then `foreign-answer`, apart from
 * the statuses whose meaning does not depend on the sender (401, 408, 413, 425, 429, 5xx). Never throws.
 */
export function parseProblem(
  status: number,
  body: unknown,
  {
    description = String(status),
    hasProtocolHeader = false,
    isLegacyPossible = false,
    foreignMembers = {},
    retryAfterMs,
  }: ProblemOptions = {},
): GraphRunError {
  const document = isJsonObject(body) ? body : {};
  const options = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const { type, code } = document;
  if (typeof code === 'string' && (hasProtocolHeader || type === `${PROBLEM_TYPE_PREFIX}${code}`)) {
    const members = Object.fromEntries(Object.entries(document).filter(([key]) => !PROBLEM_MEMBERS.has(key)));
    return new GraphRunError(code, textOf(document) ?? answeredMessage(status), {
      ...options,
      members,
    });
  }
  const legacyCode = isLegacyPossible ? codeOfLegacyBody(status, document) : undefined;
  if (legacyCode !== undefined) {
    return new GraphRunError(legacyCode, textOf(document) ?? answeredMessage(status), options);
  }
  const commonCode = codeOfStatus(status);
  if (commonCode !== undefined) return new GraphRunError(commonCode, answeredMessage(status), options);
  return foreignAnswer(description, { ...options, members: foreignMembers });
}

/** Creates the error for an answer that is not of the session server. `what`: its status, or its content type. */
export function foreignAnswer(what: string, options: GraphRunErrorOptions = {}): GraphRunError {
  return new GraphRunError(
    FOREIGN_ANSWER,
    `Something else answered in place of the session server (${what}).`,
    options,
  );
}

/** True when the error says that the session does not exist: in the protocol's own words, not by a mere 404. */
export function isSessionGone({ code }: GraphRunError): boolean {
  return code === 'session-not-found' || code === 'session-deleted' || code === 'session-gone';
}

function textOf(document: JsonObject): string | undefined {
  const texts = [document['detail'], document['error'], document['title']];
  return texts.find((text): text is string => typeof text === 'string' && text !== '');
}

/** Texts by which a server older than version 1 tells a missing session from a missing question or address. */
const LEGACY_SESSION_MISSING = 'Graph session not found';
const LEGACY_QUESTION_MISSING = 'No suspended node';

/** The code of `{"error": "…"}` of an older server; undefined when the body is not of one. */
function codeOfLegacyBody(status: number, document: JsonObject): string | undefined {
  const { error } = document;
  if (typeof error !== 'string' || Object.keys(document).length !== 1) return undefined;
  if (status === 400) return 'invalid-request';
  if (status !== 404) return undefined;
  if (error === LEGACY_SESSION_MISSING) return 'session-not-found';
  return error.startsWith(LEGACY_QUESTION_MISSING) ? 'interaction-not-found' : undefined;
}

/** The code of a status whose meaning does not depend on the sender. */
function codeOfStatus(status: number): string | undefined {
  if (status === 401) return 'unauthenticated';
  if (status === 413) return 'payload-too-large';
  return status === 408 || status === 425 || status === 429 || status >= 500 ? 'unavailable' : undefined;
}

/** Codes of refused answers that no other answer could change. */
const FINAL = new Set([
  'interaction-conflict',
  'interaction-not-found',
  // A server older than version 1 would take a repeated answer that did arrive for a different one.
  'resume-unknown',
  'session-terminal',
]);

/** True when the refusal of an answer is final: the server would not accept any other answer either. */
export function isFinalRefusal(error: GraphRunError): boolean {
  return FINAL.has(error.code) || isSessionGone(error);
}
