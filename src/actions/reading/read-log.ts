import type { GraphRunEvent } from '../../protocol/events.js';
import type { ConnectionPhase, SessionMessage } from '../../protocol/stream/messages.js';
import { GraphRunError } from '../../protocol/problems.js';
import type { CallOptions, GraphRunService } from '../../service/graph-run-service.js';
import { TimeSlices } from './time-slices.js';

/** The log of a session as it is when it is read. */
export interface SessionLog {
  /** The graph of the session, where the service names it. */
  readonly graphId?: string;
  /** Number of its events; 0 also where the service does not know it. */
  readonly total: number;
  /** Its events, oldest first; to be read once. */
  readonly events: AsyncIterable<GraphRunEvent>;
}

/** Phases in which nothing comes for an indefinite time. */
const STOPPED: ReadonlySet<ConnectionPhase> = new Set(['backoff', 'offline', 'failed']);

/**
 * Reads the log of a session once, apart from a session that is watched. Leaving the loop over its events, or aborting
 * `signal`, closes the connection.
 *
 * @throws GraphRunError when the session cannot be reached now, here or while its events are read. The reason of `signal`.
 */
export async function readLog(
  service: GraphRunService,
  sessionId: string,
  { signal }: CallOptions = {},
): Promise<SessionLog> {
  const messages = messagesOf(service, sessionId, signal);
  for (;;) {
    const { done, value } = await messages.next();
    signal?.throwIfAborted();
    if (done === true) throw interrupted();
    if (value.kind !== 'start') continue;
    const { replayTotal: total, graphId } = value;
    return {
      total,
      ...(graphId === undefined ? {} : { graphId }),
      events: eventsOf(messages, total, signal),
    };
  }
}

/** The messages of a new connection, in slices between which the page stays responsive. */
async function* messagesOf(
  service: GraphRunService,
  sessionId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<SessionMessage, void, undefined> {
  const connection = service.connectSession(sessionId, signal === undefined ? {} : { signal });
  const slices = new TimeSlices();
  for await (const { messages } of connection) {
    for (const message of messages) {
      if (slices.isOver) await slices.next();
      if (message.kind === 'connection') {
        const { phase, error } = message.connection;
        if (STOPPED.has(phase)) throw error ?? interrupted();
        // A tab that gives way to others would wait until a person turns to it.
        if (phase === 'paused') connection.retryNow();
      }
      yield message;
    }
  }
}

async function* eventsOf(
  messages: AsyncGenerator<SessionMessage, void, undefined>,
  total: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<GraphRunEvent, void, undefined> {
  let missing = total === 0 ? Number.POSITIVE_INFINITY : total;
  try {
    while (missing > 0) {
      const { done, value } = await messages.next();
      signal?.throwIfAborted();
      if (done === true || value.kind === 'reset') throw interrupted();
      if (value.kind === 'replayComplete') return;
      if (value.kind !== 'event') continue;
      missing -= 1;
      yield value.event;
    }
  } finally {
    await messages.return();
  }
}

function interrupted(): GraphRunError {
  return new GraphRunError('network', 'The connection ended before the log was complete.');
}
