import { EXACT } from '../protocol/fidelity.js';
import type { GraphRunEvent } from '../protocol/events.js';
import type { Cursor, MonitorMessage, SessionMessage } from '../protocol/stream/messages.js';
import type { SessionSummary } from '../protocol/session-summary.js';
import type { GraphRunService } from '../service/graph-run-service.js';

/** The messages read from a connection so far. */
export interface Reading {
  readonly messages: readonly SessionMessage[];
  readonly events: readonly GraphRunEvent[];
  readonly cursor: Cursor | undefined;
  /** True when the connection ended on its own. */
  readonly isEnded: boolean;
}

/** Reads a session until a condition holds (then leaves the loop) or the connection ends. */
export async function readSession(
  service: GraphRunService,
  sessionId: string,
  isEnough: (reading: Reading) => boolean = () => false,
  options: { readonly cursor?: Cursor; readonly signal?: AbortSignal } = {},
): Promise<Reading> {
  const messages: SessionMessage[] = [];
  const events: GraphRunEvent[] = [];
  let cursor: Cursor | undefined;
  for await (const batch of service.connectSession(sessionId, options)) {
    ({ cursor } = batch);
    for (const message of batch.messages) {
      messages.push(message);
      if (message.kind === 'event') events.push(message.event);
    }
    const reading = { messages, events, cursor, isEnded: false };
    if (isEnough(reading)) return reading;
  }
  return { messages, events, cursor, isEnded: true };
}

/** The rows of a list when the condition was met. */
export interface ListReading {
  readonly messages: readonly MonitorMessage[];
  readonly rows: ReadonlyMap<string, SessionSummary>;
  readonly isComplete: boolean;
}

/** Reads the list of a graph until a condition holds. */
export async function readList(
  service: GraphRunService,
  graphId: string,
  isEnough: (reading: ListReading) => boolean,
  signal?: AbortSignal,
): Promise<ListReading> {
  const messages: MonitorMessage[] = [];
  const rows = new Map<string, SessionSummary>();
  let isComplete = false;
  for await (const batch of service.monitorSessions(graphId, signal === undefined ? {} : { signal })) {
    for (const message of batch) {
      messages.push(message);
      if (message.kind === 'row') rows.set(message.row.sessionId, message.row);
      if (message.kind === 'deleted') rows.delete(message.sessionId);
      if (message.kind === 'snapshotComplete') isComplete = true;
    }
    if (isEnough({ messages, rows, isComplete })) break;
  }
  return { messages, rows, isComplete };
}

/**
 * The events of a reading, to be compared with those of another one: without times where the service says that its times
 * are not exact.
 */
export function comparableEvents({ events, messages }: Reading): readonly object[] {
  const starts = messages.filter((message) => message.kind === 'start');
  if (starts.every(({ fidelity = EXACT }) => fidelity.times === 'exact')) return events;
  return events.map(({ ts: _, ...event }) => event);
}
