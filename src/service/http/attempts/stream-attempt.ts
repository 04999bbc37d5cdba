import { ALL_GRAPHS_UNSUPPORTED } from '../../../protocol/all-graphs.js';
import type { ConnectionPhase } from '../../../protocol/stream/messages.js';
import { FOREIGN_ANSWER, foreignAnswer, GraphRunError, toNetworkError } from '../../../protocol/problems.js';
import { decodeSse, type SseItem } from '../../../protocol/stream/sse.js';
import { describeResponse, hasProtocolHeader, responseDetails } from '../answer.js';
import type { Environment } from '../environment.js';
import type { HttpClient } from '../http-client.js';
import { AttemptScope, browserOffline } from './attempt-scope.js';
import type { AttemptReport, ConnectionMessage } from './reconnect.js';
import type { AttemptOutcome } from './retry-policy.js';
import { StreamSilence } from './stream-silence.js';
import { Watchdog } from './watchdog.js';

/** The consequence of a message for the attempt. */
export interface StreamEffect<Message> {
  readonly messages: readonly Message[];
  /** `finished`: no more messages will come. `bye`: the server is about to close. */
  readonly signal?: 'finished' | 'bye';
  /** Reads the rest of this attempt, from the next message on. */
  readonly reader?: StreamReader<Message>;
}

/** Interprets the stream of one attempt. */
export interface StreamReader<Message> {
  /** Path and query, appended to the base address. */
  readonly path: string;
  /** Takes one message. Throws GraphRunError `protocol-error` for a message that violates the protocol. */
  receive(message: Extract<SseItem, { kind: 'message' }>): StreamEffect<Message>;
  /** Takes a comment; returns messages to deliver. */
  comment?(text: string): readonly Message[];
  /** Called when nothing came for `quietMs`; returns messages to deliver. */
  quiet?(): readonly Message[];
  /** Returns the state of the attempt; called after each batch. */
  status(): {
    /** The first frame has arrived. */
    readonly hasStarted: boolean;
    /** The replay is complete. */
    readonly isLive: boolean;
    /** This attempt has delivered something new. */
    readonly hasDelivered: boolean;
    /** The terminal event has arrived; only the server's `done` is missing. */
    readonly hasEnded: boolean;
    readonly heartbeatMs: number;
    /** The longest silence to accept, where it does not follow from `heartbeatMs`. */
    readonly stallMs?: number;
    /** The silence after which `quiet` is called; default: never. */
    readonly quietMs?: number;
  };
  readonly isJustCreated: boolean;
  /**
   * Called when the server answers that no events will come (204). Resolves with true if that is right; rejects when
   * it cannot be verified.
   */
  confirmEnd?(signal: AbortSignal): Promise<boolean>;
}

/** Makes the attempts to read a stream, one after the other. */
export interface StreamAttempts<Message, Reader extends StreamReader<Message> = StreamReader<Message>> {
  /**
   * Connects once, yields the messages and returns how the attempt ended. Never throws. `reader` reads version 1
   * of the protocol; for an older server another one may replace it.
   */
  attempt(
    reader: Reader,
    signal: AbortSignal,
  ): AsyncGenerator<readonly (Message | ConnectionMessage)[], AttemptReport, undefined>;
}

/** How often a server is assumed to send something, unless its first frame says otherwise. */
export const DEFAULT_HEARTBEAT_MS = 15_000;

const HEADERS_DEADLINE_MS = 15_000;
const START_DEADLINE_MS = 10_000;
/** Outcomes of the errors that a reader throws; any other one is a `fault`. */
const KINDS: Readonly<Record<string, 'refused' | 'foreign'>> = {
  'log-reset': 'refused',
  [FOREIGN_ANSWER]: 'foreign',
  [ALL_GRAPHS_UNSUPPORTED]: 'refused',
};
/** How long to wait for the server's `done` after the terminal event. */
const DONE_DEADLINE_MS = 5000;
/** An attempt that stays connected for this long after its replay counts as progress. */
const LONG_LIFE_MS = 10_000;

/**
 * Connects once and reads until the end. Never throws: the returned report says how the attempt ended.
 *
 * When the browser reports that it is offline, the stream says so at once but stays open, because the browser may be
 * wrong: the next bytes disprove it. Without any until the browser is online again, the attempt ends.
 *
 * @param onOpen Returns what reads the stream, from its response; default: `firstReader`. The attempt is lost if it rejects.
 */
export async function* streamAttempt<Message>(
  http: HttpClient,
  environment: Environment,
  firstReader: StreamReader<Message>,
  signal: AbortSignal,
  onOpen?: (response: Response) => Promise<StreamReader<Message>>,
): AsyncGenerator<readonly (Message | ConnectionMessage)[], AttemptReport, undefined> {
  let reader = firstReader;
  let retryMs: number | undefined;
  let liveSince: number | undefined;
  let isOpen = false;
  const silence = new StreamSilence(environment);
  const scope = new AttemptScope(
    http,
    environment,
    signal,
    (event) => {
      if (event === 'offline') {
        if (!isOpen) scope.end({ kind: 'lost', error: browserOffline() });
        silence.noteOffline();
        watchdog.shorten(reader.status().heartbeatMs + 3000);
      } else if (event === 'online' && silence.isOffline) scope.end({ kind: 'online' });
      else if (event === 'visible') watchdog.wake();
      else if (event === 'hide') scope.end({ kind: 'hidden' });
    },
    () => ({
      hasProgressed:
        reader.status().hasDelivered ||
        (liveSince !== undefined && environment.now() - liveSince >= LONG_LIFE_MS),
      isJustCreated: firstReader.isJustCreated,
      ...(retryMs === undefined ? {} : { retryBaseMs: retryMs }),
    }),
  );
  const watchdog = new Watchdog(environment, () => scope.end({ kind: 'lost', error: stalled() }));

  try {
    watchdog.arm(HEADERS_DEADLINE_MS);
    const response = await http.open(reader.path, scope.signal);
    if (response.status === 204 && (await reader.confirmEnd?.(scope.signal)) === true) {
      return scope.report({ kind: 'finished' });
    }
    if (!isEventStream(response) || !http.isOwn(response)) return scope.report(await refusal(response, http));
    isOpen = true;
    if (onOpen !== undefined) reader = await onOpen(response);
    const items = decodeSse(response.body);
    try {
      for (;;) {
        watchdog.arm(limitOf(reader.status()));
        const next = items.next();
        let { quietMs } = reader.status();
        for (;;) {
          const silenceEnd = await silence.until(next, quietMs);
          if (silenceEnd === 'arrived') break;
          if (silenceEnd === 'offline') {
            yield [toMessage('offline')];
            continue;
          }
          quietMs = undefined;
          watchdog.disarm();
          const messages = whenQuiet(reader, (outcome) => scope.end(outcome));
          if (reader.status().isLive) liveSince ??= environment.now();
          if (messages.length > 0) yield messages;
          watchdog.arm(limitOf(reader.status()));
        }
        const { done, value } = await next;
        watchdog.disarm();
        if (done === true) break;
        if (silence.noteBytes()) yield [toMessage(phaseOf(reader.status()))];
        const batch = takeBatch(value, reader);
        ({ reader } = batch);
        if (reader.status().hasStarted) http.learnServer();
        if (reader.status().isLive) liveSince ??= environment.now();
        if (batch.messages.length > 0) yield batch.messages;
        if (batch.error !== undefined)
          return scope.report({ kind: KINDS[batch.error.code] ?? 'fault', error: batch.error });
        if (batch.signal === 'finished') return scope.report({ kind: 'finished' });
        if (batch.signal === 'bye') return scope.report(closedByServer(batch.retryMs ?? retryMs));
        retryMs = batch.retryMs ?? retryMs;
      }
    } finally {
      await items.return();
    }
    return scope.report(reader.status().hasEnded ? { kind: 'finished' } : closedByServer());
  } catch (error) {
    const { cause } = scope;
    if (cause?.kind === 'lost' && reader.status().hasEnded) return scope.report({ kind: 'finished' });
    if (cause !== undefined) return scope.report(cause);
    if (error instanceof GraphRunError && error.code === 'protocol-error')
      return scope.report({ kind: 'fault', error });
    return scope.report(
      reader.status().hasEnded ? { kind: 'finished' } : { kind: 'lost', error: toNetworkError(error) },
    );
  } finally {
    watchdog.stop();
    scope.close();
  }
}

/** What a silence brings. A refusal ends the attempt first: the stream is still being read, and would hold the end back. */
function whenQuiet<Message>(
  reader: StreamReader<Message>,
  end: (outcome: AttemptOutcome) => void,
): readonly Message[] {
  try {
    return reader.quiet?.() ?? [];
  } catch (error) {
    end({ kind: 'refused', error: toNetworkError(error) });
    throw error;
  }
}

function closedByServer(retryMs?: number): AttemptOutcome {
  const error = new GraphRunError('network', 'The server closed the connection.');
  return { kind: 'lost', error, ...(retryMs === undefined ? {} : { retryMs }) };
}

function limitOf(status: ReturnType<StreamReader<never>['status']>): number {
  if (!status.hasStarted) return START_DEADLINE_MS;
  return status.hasEnded ? DONE_DEADLINE_MS : (status.stallMs ?? Math.max(2.5 * status.heartbeatMs, 20_000));
}

function phaseOf({ hasStarted, isLive }: ReturnType<StreamReader<never>['status']>): ConnectionPhase {
  if (!hasStarted) return 'connecting';
  return isLive ? 'live' : 'replaying';
}

function toMessage(phase: ConnectionPhase): ConnectionMessage {
  return { kind: 'connection', connection: { phase, attempt: 0 } };
}

/** Reads the items that one network chunk completed. Those before a violation of the protocol still count. */
function takeBatch<Message>(items: readonly SseItem[], firstReader: StreamReader<Message>) {
  let reader = firstReader;
  const messages: Message[] = [];
  let retryMs: number | undefined;
  for (const item of items) {
    if (item.kind === 'retry') ({ retryMs } = item);
    if (item.kind === 'comment') messages.push(...(reader.comment?.(item.text) ?? []));
    if (item.kind !== 'message') continue;
    try {
      const effect = reader.receive(item);
      for (const message of effect.messages) messages.push(message);
      reader = effect.reader ?? reader;
      if (effect.signal !== undefined) return { reader, messages, retryMs, signal: effect.signal };
    } catch (error) {
      return { reader, messages, retryMs, error: toNetworkError(error) };
    }
  }
  return { reader, messages, retryMs };
}

type EventStreamResponse = Response & { readonly body: ReadableStream<Uint8Array> };

function isEventStream(response: Response): response is EventStreamResponse {
  const type = response.headers.get('content-type') ?? '';
  return response.ok && response.body !== null && /^text\/event-stream\s*(;|$)/i.test(type);
}

async function refusal(response: Response, http: HttpClient): Promise<AttemptOutcome> {
  const { status } = response;
  const foreign = (): AttemptOutcome => {
    return { kind: 'foreign', error: foreignAnswer(describeResponse(response), responseDetails(response)) };
  };
  if (!response.ok) {
    const error = await http.readProblem(response);
    // A request for a stream has no content that could be too large.
    if (error.code === 'payload-too-large') return foreign();
    return { kind: error.code === FOREIGN_ANSWER ? 'foreign' : 'refused', error };
  }
  await response.body?.cancel();
  if (!hasProtocolHeader(response)) return foreign();
  const message = `Instead of events the server sent ${describeResponse(response)}.`;
  return { kind: 'fault', error: new GraphRunError('protocol-error', message, { status }) };
}

function stalled(): GraphRunError {
  return new GraphRunError('timeout', 'The server sent nothing for too long.');
}
