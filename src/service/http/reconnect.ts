import type { ConnectionState } from '../../protocol/messages.js';
import { toNetworkError, type GraphRunError } from '../../protocol/problems.js';
import type { ConnectionContext } from '../connection.js';
import type { Environment, EnvironmentEvent } from './environment.js';
import {
  INITIAL_RETRY_STATE,
  nextStep,
  type AttemptFacts,
  type AttemptOutcome,
  type RetryState,
} from './retry-policy.js';

/** How an attempt ended, and what it achieved. */
export interface AttemptReport {
  readonly outcome: AttemptOutcome;
  readonly facts: AttemptFacts;
}

/** A message about the connection itself. */
export interface ConnectionMessage {
  readonly kind: 'connection';
  readonly connection: ConnectionState;
}

/** One kind of stream to stay connected to. */
export interface ReconnectingStream<Message> {
  /** Connects once, yields what it delivers and returns how it ended. Never throws. */
  attempt(signal: AbortSignal): AsyncGenerator<readonly Message[], AttemptReport, undefined>;
  /** Asks for a fresh token. That there is none is as final as its refusal. */
  refreshToken(signal: AbortSignal): Promise<void>;
  /** Forgets the position; what it returns is told to the application. */
  reset(after: number): readonly Message[];
}

/** Events after which a page that was hidden is seen. */
const SHOWING: readonly EnvironmentEvent[] = ['show', 'visible'];
/** Without network, how often to look whether the browser is right about that. */
const OFFLINE_PROBE_MS = 60_000;
/** Events that say “now” come to all clients at once; each waits a little of its own. */
const NUDGE_SPREAD_MS = 500;

/**
 * Stays connected: attempt after attempt as the retry policy says, until it finishes, gives up or is
 * aborted. Yields what the attempts deliver, and every change of the connection's state.
 *
 * @throws GraphRunError when the policy gives up.
 */
export async function* reconnect<Message>(
  stream: ReconnectingStream<Message>,
  context: ConnectionContext,
  environment: Environment,
): AsyncGenerator<readonly (Message | ConnectionMessage)[], void, undefined> {
  // Kept all the time: the page may be shown again while the application is busy with the last batch.
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
    yield tell({ phase: 'connecting', attempt: state.failures });
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
        yield tell({ phase: 'terminal', attempt: 0 });
        return;
      case 'fail':
        yield tell({ phase: 'failed', attempt, error: step.error });
        throw step.error;
      case 'refreshToken': {
        yield tell({ phase: 'authRefresh', attempt });
        const error = await failureOf(stream.refreshToken(signal));
        if (error === undefined || signal.aborted) break;
        yield tell({ phase: 'failed', attempt, error });
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

function tell(connection: ConnectionState): readonly ConnectionMessage[] {
  return [{ kind: 'connection', connection }];
}

/** The time between two attempts; the person is told which kind of waiting it is. */
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
    yield tell(
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

/** Waits for a while, or until there is a reason not to. */
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
