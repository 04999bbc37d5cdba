import { GraphRunError, isSessionGone } from '../../../protocol/problems.js';

/** The end of one attempt. */
export type AttemptOutcome =
  /** The session has ended, and every event was delivered. */
  | { readonly kind: 'finished' }
  /** The connection was cut, stalled, or closed by the server, which may ask to come back after `retryMs`. */
  | { readonly kind: 'lost'; readonly error: GraphRunError; readonly retryMs?: number }
  /** The page entered the back/forward cache: wait until it is shown again. */
  | { readonly kind: 'hidden' }
  /** The browser is online again, and the connection has been silent since it went offline. */
  | { readonly kind: 'online' }
  /** The server violated the protocol. */
  | { readonly kind: 'fault'; readonly error: GraphRunError }
  /** The server answered with an error. */
  | { readonly kind: 'refused'; readonly error: GraphRunError }
  /** Something else answered in place of the server, e.g. the login page of a hotel network. */
  | { readonly kind: 'foreign'; readonly error: GraphRunError };

/** What an attempt achieved, and the other facts on which the decision depends. */
export interface AttemptFacts {
  /** The attempt delivered something new, or stayed connected for long enough. */
  readonly hasProgressed: boolean;
  /** The server has answered, in this attempt or in an earlier one, also to other calls of the same client. */
  readonly isServerKnown: boolean;
  /** Base of the back-off in milliseconds, if the server named one. */
  readonly retryBaseMs?: number;
  /** There is a token provider that may have a fresh token. */
  readonly canRefreshToken: boolean;
  /** This client created the session moments ago, so a 404 may come from a replica that lags. */
  readonly isJustCreated: boolean;
}

/** The state between attempts. */
export interface RetryState {
  /** Failed attempts since the last progress. */
  readonly failures: number;
  /** Violations of the protocol since the last progress. */
  readonly faults: number;
  /** Number of answers in a row that were not of the server. */
  readonly foreignAnswers: number;
  /** Resets of the cursor since the last progress. */
  readonly resets: number;
  /** 404 answers right after the creation. */
  readonly notFounds: number;
  /** A fresh token was requested since the last progress. */
  readonly hasRefreshedToken: boolean;
  readonly retryBaseMs: number;
}

/** The next step. */
export type RetryStep =
  | { readonly kind: 'finish' }
  | { readonly kind: 'fail'; readonly error: GraphRunError }
  | { readonly kind: 'wait'; readonly ms: number; readonly error?: GraphRunError }
  | { readonly kind: 'waitUntilShown' }
  | { readonly kind: 'refreshToken' }
  /** Forgets the position and restarts after index `after`. */
  | { readonly kind: 'reset'; readonly after: number };

/** Base of the back-off unless the server names another one. */
export const RETRY_BASE_MS = 500;

/** Statuses of the server after which a call that may be repeated is repeated, whatever the code. */
export const RETRYABLE_CALL_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Statuses below 500 after which a stream is opened again. Opening a stream changes nothing on the server, so
 * every status from 500 up is retried as well.
 */
const RETRYABLE_STREAM_STATUSES: ReadonlySet<number> = new Set([408, 425, 429]);

/** The state before the first attempt. */
export const INITIAL_RETRY_STATE: RetryState = {
  failures: 0,
  faults: 0,
  foreignAnswers: 0,
  resets: 0,
  notFounds: 0,
  hasRefreshedToken: false,
  retryBaseMs: RETRY_BASE_MS,
};

const MAX_DELAY_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;
const MAX_FIRST_DELAY_MS = 250;
const MAX_FAULTS = 3;
const MAX_FOREIGN_ANSWERS = 5;
const MAX_NOT_FOUNDS = 3;

/**
 * Decides what follows an attempt. Pure: `random` (0 up to 1) is its only source of chance.
 *
 * Only progress sets the count of failures back, never a mere 200. Otherwise a server that accepts and closes would be
 * called in a tight loop.
 */
export function nextStep(
  before: RetryState,
  outcome: AttemptOutcome,
  facts: AttemptFacts,
  random: number,
): { readonly state: RetryState; readonly step: RetryStep } {
  const state = afterAttempt(before, outcome, facts);
  const retry = (error: GraphRunError, floorMs = 0) => again(state, error, floorMs, random);
  const fail = (error: GraphRunError) => ({ state, step: { kind: 'fail', error } as const });
  switch (outcome.kind) {
    case 'finished':
      return { state, step: { kind: 'finish' } };
    case 'hidden':
      return { state, step: { kind: 'waitUntilShown' } };
    case 'online':
      return { state, step: { kind: 'wait', ms: random * MAX_FIRST_DELAY_MS } };
    case 'lost':
      return retry(outcome.error, limitRetryAfterMs(outcome.retryMs));
    case 'fault':
      return state.faults >= MAX_FAULTS ? fail(outcome.error) : retry(outcome.error);
    case 'foreign':
      // A known server is somewhere behind what answers now (a portal, a restarting proxy): it will be back.
      return facts.isServerKnown || state.foreignAnswers < MAX_FOREIGN_ANSWERS
        ? retry(outcome.error)
        : fail(noServer(outcome.error));
    case 'refused':
      return afterRefusal(state, outcome.error, facts, random);
  }
}

/** Updates the counts after an attempt, before the decision. */
function afterAttempt(before: RetryState, outcome: AttemptOutcome, facts: AttemptFacts): RetryState {
  const base = facts.hasProgressed
    ? { ...before, failures: 0, faults: 0, resets: 0, hasRefreshedToken: false, notFounds: 0 }
    : before;
  return {
    ...base,
    retryBaseMs: Math.min(60_000, Math.max(100, facts.retryBaseMs ?? base.retryBaseMs)),
    faults: base.faults + (outcome.kind === 'fault' ? 1 : 0),
    foreignAnswers: outcome.kind === 'foreign' ? base.foreignAnswers + 1 : 0,
  };
}

/**
 * Returns a time between half and the whole of a window that doubles with every failure, up to 30 s. (The upper
 * half only, and not from zero, so that even an unlucky client asks at most ten times in its first minute.)
 * `failures`: 1 or more; `random`: 0 up to 1.
 */
export function backOffMs(failures: number, baseMs: number, random: number): number {
  const windowMs = Math.min(MAX_DELAY_MS, baseMs * 2 ** (failures - 1));
  return windowMs * (0.5 + random / 2);
}

/** Limits the wait that a server asks for to 5 minutes; 0 without one. A timer of more than 24 days would fire at once. */
export function limitRetryAfterMs(retryAfterMs: number | undefined): number {
  return Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
}

/** Waits: up to a quarter of a second right after progress, else the back-off, and in any case `floorMs`. */
function again(state: RetryState, error: GraphRunError, floorMs: number, random: number) {
  const { failures, retryBaseMs } = state;
  const delayMs = failures === 0 ? random * MAX_FIRST_DELAY_MS : backOffMs(failures, retryBaseMs, random);
  return {
    state: { ...state, failures: failures + 1 },
    step: { kind: 'wait', ms: Math.max(floorMs, delayMs), error } as const,
  };
}

function afterRefusal(state: RetryState, error: GraphRunError, facts: AttemptFacts, random: number) {
  const status = error.status ?? 0;
  const fail = (code: string, message: string) => ({
    state,
    step: {
      kind: 'fail',
      error: new GraphRunError(code, message, { status, members: error.members, cause: error }),
    } as const,
  });
  if (status === 401) {
    if (!facts.canRefreshToken || state.hasRefreshedToken) return fail('auth-required', error.message);
    return { state: { ...state, hasRefreshedToken: true }, step: { kind: 'refreshToken' } as const };
  }
  if (error.code === 'log-reset' || error.code === 'cursor-ahead' || error.code === 'cursor-expired') {
    if (state.resets > 0) return fail(error.code, error.message);
    const { firstIndex } = error.members;
    const after = typeof firstIndex === 'number' ? firstIndex - 1 : -1;
    return { state: { ...state, resets: state.resets + 1 }, step: { kind: 'reset', after } as const };
  }
  if (isSessionGone(error)) {
    const isDeleted = error.code === 'session-deleted';
    const isLag = facts.isJustCreated && !isDeleted && state.notFounds < MAX_NOT_FOUNDS;
    if (!isLag) return fail(isDeleted ? error.code : 'session-gone', error.message);
    return again({ ...state, notFounds: state.notFounds + 1 }, error, 0, random);
  }
  if (RETRYABLE_STREAM_STATUSES.has(status) || status >= 500) {
    return again(state, error, limitRetryAfterMs(error.retryAfterMs), random);
  }
  return { state, step: { kind: 'fail', error } as const };
}

/** The error for an address at which no session server has ever answered. */
function noServer(cause: GraphRunError): GraphRunError {
  const { status } = cause;
  return new GraphRunError('no-server', 'There is no session server at this address.', {
    cause,
    members: cause.members,
    ...(status === undefined ? {} : { status }),
  });
}
