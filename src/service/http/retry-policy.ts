import { GraphRunError } from '../../protocol/problems.js';

/** How one attempt to stay connected came to its end. */
export type AttemptOutcome =
  /** Everything there will ever be was delivered. */
  | { readonly kind: 'finished' }
  /** Cut, stalled, or closed by the server with the wish to come back after `retryMs`. */
  | { readonly kind: 'lost'; readonly error: GraphRunError; readonly retryMs?: number }
  /** The page left for the back/forward cache: wait until it is shown again. */
  | { readonly kind: 'hidden' }
  /** The server broke the protocol. */
  | { readonly kind: 'fault'; readonly error: GraphRunError }
  /** The server answered with an error. */
  | { readonly kind: 'refused'; readonly error: GraphRunError }
  /** Something else answered in the server's place, e.g. the login page of a hotel network. */
  | { readonly kind: 'notStream'; readonly error: GraphRunError };

/** What an attempt achieved, and what else the decision depends on. */
export interface AttemptFacts {
  /** It brought something new, or stayed whole for long enough. */
  readonly hasProgressed: boolean;
  /** Base of the back-off in milliseconds, when the server named one. */
  readonly retryBaseMs?: number;
  /** A token provider exists that can be asked for a fresh token. */
  readonly canRefreshToken: boolean;
  /** The session was created from here moments ago, so a 404 may be a replica that lags. */
  readonly isJustCreated: boolean;
}

/** What is remembered between attempts. */
export interface RetryState {
  /** Failed attempts since there was last progress. */
  readonly failures: number;
  /** Breaches of the protocol since there was last progress. */
  readonly faults: number;
  /** Answers that were no event stream, in a row. */
  readonly notStreams: number;
  /** Resets of the cursor in the life of the handle. */
  readonly resets: number;
  /** 404 answers right after the creation. */
  readonly notFounds: number;
  /** A fresh token was already asked for since there was last progress. */
  readonly hasRefreshedToken: boolean;
  readonly retryBaseMs: number;
}

/** What to do next. */
export type RetryStep =
  | { readonly kind: 'finish' }
  | { readonly kind: 'fail'; readonly error: GraphRunError }
  | { readonly kind: 'wait'; readonly ms: number; readonly error?: GraphRunError }
  | { readonly kind: 'waitUntilShown' }
  | { readonly kind: 'refreshToken' }
  /** Forget the position and begin anew at `after`. */
  | { readonly kind: 'reset'; readonly after: number };

/** Base of the back-off unless the server names another one. */
export const RETRY_BASE_MS = 500;

/** Statuses after which a call that may be repeated is repeated. */
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
  notStreams: 0,
  resets: 0,
  notFounds: 0,
  hasRefreshedToken: false,
  retryBaseMs: RETRY_BASE_MS,
};

const MAX_DELAY_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;
const MAX_FIRST_DELAY_MS = 250;
const MAX_FAULTS = 3;
const MAX_NOT_STREAMS = 5;
const MAX_NOT_FOUNDS = 3;

/**
 * Decides what follows an attempt. Pure: `random` (0 up to 1) is the only chance in it.
 *
 * The count of failures falls back only by progress, never by a mere 200: that is what keeps a
 * server that accepts and closes from being asked in a tight loop.
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
    case 'lost':
      return retry(outcome.error, limitRetryAfterMs(outcome.retryMs));
    case 'fault':
      return state.faults >= MAX_FAULTS ? fail(outcome.error) : retry(outcome.error);
    case 'notStream':
      return state.notStreams >= MAX_NOT_STREAMS ? fail(outcome.error) : retry(outcome.error);
    case 'refused':
      return afterRefusal(state, outcome.error, facts, random);
  }
}

/** Counts what the attempt was, before anything is decided. */
function afterAttempt(before: RetryState, outcome: AttemptOutcome, facts: AttemptFacts): RetryState {
  const base = facts.hasProgressed
    ? { ...before, failures: 0, faults: 0, hasRefreshedToken: false, notFounds: 0 }
    : before;
  return {
    ...base,
    retryBaseMs: Math.min(60_000, Math.max(100, facts.retryBaseMs ?? base.retryBaseMs)),
    faults: base.faults + (outcome.kind === 'fault' ? 1 : 0),
    notStreams: outcome.kind === 'notStream' ? base.notStreams + 1 : 0,
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
  if (status === 404) {
    const isLag = facts.isJustCreated && error.code !== 'session-deleted' && state.notFounds < MAX_NOT_FOUNDS;
    if (!isLag) return fail('session-gone', error.message);
    return again({ ...state, notFounds: state.notFounds + 1 }, error, 0, random);
  }
  if (RETRYABLE_STREAM_STATUSES.has(status) || status >= 500) {
    return again(state, error, limitRetryAfterMs(error.retryAfterMs), random);
  }
  return { state, step: { kind: 'fail', error } as const };
}
