import type { ConnectionState } from '../../../protocol/stream/messages.js';
import { toNetworkError, type GraphRunError } from '../../../protocol/problems.js';
import type { ConnectionContext } from '../../connection.js';
import type { Environment, EnvironmentEvent } from '../environment.js';
import {
  backOffMs,
  INITIAL_RETRY_STATE,
  nextStep,
  type AttemptFacts,
  type AttemptOutcome,
  type RetryState,
} from './retry-policy.js';

/** The end of an attempt, and what the attempt achieved. */
export interface AttemptReport {
  readonly outcome: AttemptOutcome;
  readonly facts: AttemptFacts;
}

/** A message about the connection itself. */
export interface ConnectionMessage {
  readonly kind: 'connection';
  readonly connection: ConnectionState;
}

/** A stream to stay connected to. */
export interface ReconnectingStream<Message> {
  /** Connects once, yields messages and returns how the attempt ended. Never throws. */
  attempt(signal: AbortSignal): AsyncGenerator<readonly Message[], AttemptReport, undefined>;
  /** Gets a fresh token. Rejects when there is none, which ends the connection as a refused token does. */
  refreshToken(signal: AbortSignal): Promise<void>;
  /** Moves to the position after index `after`, and forgets the rest; returns messages for the application. */
  reset(after: number): readonly Message[];
}

/** Events after which a page is out of the back/forward cache. */
const SHOWING: readonly EnvironmentEvent[] = ['show', 'visible'];
/** How often to try nevertheless while the browser reports that it is offline: it may be wrong. */
const OFFLINE_PROBE_MS = 60_000;
/** Some events reach all clients at the same moment; each waits a random time up to this one before it connects. */
const NUDGE_SPREAD_MS = 500;

/**
 * Stays connected: makes one attempt after another as the retry policy decides, until the stream finishes, the policy
 * gives up or the signal aborts. Yields the messages of the attempts, and every change of the connection's state.
 *
 * @throws GraphRunError when the policy gives up.
 */
export async function* reconnect<Message>(
  stream: ReconnectingStream<Message>,
  context: ConnectionContext,
  environment: Environment,
): AsyncGenerator<readonly (Message | ConnectionMessage)[], void, undefined> {
  // Tracked at all times: the page may be shown again while the application is busy with the last batch.
  const page = { isHidden: false };
  const unsubscribe = environment.subscribe((event) => {
    if (event === 'hide') page.isHidden = true;
    else if (SHOWING.includes(event)) page.isHidden = false;
  });
  try {
    yield* attempts(stream, context, environment, page);
  } finally {
    unsubscribe();
  }
}

async function* attempts<Message>(
  stream: ReconnectingStream<Message>,
  context: ConnectionContext,
  environment: Environment,
  page: { readonly isHidden: boolean },
): AsyncGenerator<readonly (Message | ConnectionMessage)[], void, undefined> {
  const { signal } = context;
  let state: RetryState = INITIAL_RETRY_STATE;
  while (!signal.aborted) {
    yield report({ phase: 'connecting', attempt: state.failures });
    if (page.isHidden) await untilEvent(environment, context, SHOWING);
    if (signal.aborted) return;
    const { outcome, facts } = yield* stream.attempt(signal);
    if (signal.aborted) return;
    const next = nextStep(state, outcome, facts, environment.random());
    ({ state } = next);
    const { step } = next;
    const attempt = state.failures;
    switch (step.kind) {
      case 'finish':
        yield report({ phase: 'terminal', attempt: 0 });
        return;
      case 'fail':
        yield report({ phase: 'failed', attempt, error: step.error });
        throw step.error;
      case 'refreshToken': {
        yield report({ phase: 'authRefresh', attempt });
        const error = await failureOf(stream.refreshToken(signal));
        if (error === undefined || signal.aborted) break;
        if (error.code === 'timeout') {
          // The provider may answer the next time; the server has refused nothing.
          state = { ...state, hasRefreshedToken: false, failures: state.failures + 1 };
          yield* rest(
            environment,
            context,
            backOffMs(state.failures, state.retryBaseMs, environment.random()),
            attempt,
            error,
          );
          break;
        }
        yield report({ phase: 'failed', attempt, error });
        throw error;
      }
      case 'reset':
        yield stream.reset(step.after);
        break;
      case 'waitUntilShown':
        // The next attempt begins when the page is shown.
        break;
      case 'wait':
        yield* rest(environment, context, step.ms, attempt, step.error);
        break;
    }
  }
}

async function failureOf(promise: Promise<void>): Promise<GraphRunError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return toNetworkError(error);
  }
}

function report(connection: ConnectionState): readonly ConnectionMessage[] {
  return [{ kind: 'connection', connection }];
}

/** Waits between two attempts, and reports whether it waits for a time or for the network. */
async function* rest(
  environment: Environment,
  context: ConnectionContext,
  ms: number,
  attempt: number,
  error: GraphRunError | undefined,
): AsyncGenerator<readonly ConnectionMessage[], void, undefined> {
  const why = error === undefined ? {} : { error };
  const until = environment.now() + ms;
  while (!context.signal.aborted) {
    const isOnline = environment.isOnline();
    const waitMs = isOnline ? Math.max(0, until - environment.now()) : OFFLINE_PROBE_MS;
    yield report(
      isOnline
        ? { phase: 'backoff', attempt, retryAtMs: environment.wallNow() + waitMs, ...why }
        : { phase: 'offline', attempt, ...why },
    );
    const reason = await pause(environment, context, waitMs);
    if (reason === 'offline') continue;
    if (reason === 'nudge') await pause(environment, context, environment.random() * NUDGE_SPREAD_MS);
    return;
  }
}

/** Waits for `ms`, or until an event or `retryNow` ends the wait. Resolves with the reason. */
function pause(
  environment: Environment,
  { signal, onRetryNow }: ConnectionContext,
  ms: number,
): Promise<'elapsed' | 'nudge' | 'offline'> {
  return new Promise((resolve) => {
    const end = (reason: 'elapsed' | 'nudge' | 'offline') => {
      cancelTimer();
      unsubscribe();
      stopListening();
      signal.removeEventListener('abort', onAbort);
      resolve(reason);
    };
    const onAbort = () => end('elapsed');
    const cancelTimer = environment.setTimer(() => end('elapsed'), ms);
    const unsubscribe = environment.subscribe((event) => {
      if (event === 'offline') end('offline');
      else if (event !== 'hide') end('nudge');
    });
    const stopListening = onRetryNow(() => end('elapsed'));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

function untilEvent(
  environment: Environment,
  { signal, onRetryNow }: ConnectionContext,
  events: readonly EnvironmentEvent[],
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      unsubscribe();
      stopListening();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const unsubscribe = environment.subscribe((event) => {
      if (events.includes(event)) end();
    });
    const stopListening = onRetryNow(end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
