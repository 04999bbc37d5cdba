import {
  canChangeRow,
  isTerminalEvent,
  isUsageReport,
  parseEvent,
  type GraphRunEvent,
  type GraphRunEventBody,
} from '../../protocol/events.js';
import { GraphRunError } from '../../protocol/problems.js';
import { SessionFold, type SessionState } from '../../protocol/session-state.js';
import type { ServerLimits } from '../limits.js';
import type { LoggedEvent } from '../store/session-store.js';

/** Bytes of a log that are reserved for its terminal event. */
const RESERVED_BYTES = 4096;

/** The result of an append. */
export interface AppendPlan {
  readonly events: readonly LoggedEvent[];
  readonly state: SessionState;
  readonly logBytes: number;
  /** False when none of its events can have changed the session's row. */
  readonly mayChangeRow: boolean;
  /** True when the log is full: instead of the given events, `events` ends the session. */
  readonly isLogFull: boolean;
}

/** One append. */
export interface Append {
  readonly nowMs: number;
  /** The tag of all events of this append. */
  readonly tag: string;
}

/** Assigns events their positions in a log, and folds them. Pure. */
export function planAppend(
  state: SessionState,
  logBytes: number,
  bodies: readonly GraphRunEventBody[],
  limits: Pick<ServerLimits, 'eventBytes' | 'logBytes' | 'logEvents'>,
  append: Append,
): AppendPlan {
  const plan = place(state, logBytes, withoutHugeEnd(bodies, limits.eventBytes), limits.eventBytes, append);
  const isEnd = bodies.length === 1 && bodies.every(isTerminalEvent);
  const isFull =
    plan.state.lastIndex >= limits.logEvents - 1 || plan.logBytes > limits.logBytes - RESERVED_BYTES;
  if (!isFull || isEnd) return plan;
  const end = { type: 'graphError', sessionId: state.sessionId, error: 'log limit' } as const;
  return { ...place(state, logBytes, [end], limits.eventBytes, append), isLogFull: true };
}

function place(
  state: SessionState,
  logBytes: number,
  bodies: readonly GraphRunEventBody[],
  maxBytes: number,
  { nowMs, tag }: Append,
): AppendPlan {
  // A clock that was set back must not make events older than their predecessors.
  const ts = Math.max(nowMs, state.updatedTs ?? 0);
  const fold = new SessionFold(state);
  let total = logBytes;
  const events: LoggedEvent[] = [];
  for (const body of bodies) {
    // The tag comes last: `tagOf` looks for it there.
    const event: GraphRunEvent = { ...body, index: fold.lastIndex + 1, ts, tag };
    const logged = toLogged(event);
    if (logged.bytes > maxBytes) throw tooLarge(maxBytes);
    total += logged.bytes;
    events.push(logged);
    fold.apply(event);
  }
  const mayChangeRow = bodies.some((body) => canChangeRow(body) || isUsageReport(body));
  return { events, state: fold.finish(), logBytes: total, mayChangeRow, isLogFull: false };
}

/** Drops outputs that are too large for the terminal event, so that it can be written: each is in its `nodeEnd`. */
function withoutHugeEnd(
  bodies: readonly GraphRunEventBody[],
  maxBytes: number,
): readonly GraphRunEventBody[] {
  return bodies.map((body) =>
    body.type === 'graphComplete' && Buffer.byteLength(JSON.stringify(body)) + 100 > maxBytes
      ? { type: body.type, sessionId: body.sessionId }
      : body,
  );
}

function tooLarge(maxBytes: number): GraphRunError {
  return new GraphRunError('event-too-large', 'event too large', { members: { maxBytes } });
}

function toLogged(event: GraphRunEvent): LoggedEvent {
  const json = JSON.stringify(event);
  // Stored like an event of an unknown type, and so among the steps of the log: it changes the state.
  const type = isUsageReport(event) ? 'unknown' : event.type;
  return { index: event.index, type, json, bytes: Buffer.byteLength(json) };
}

/**
 * Parses a logged event.
 *
 * @throws Error when the store returns something other than what was written.
 */
export function fromLogged({ index, json }: LoggedEvent): GraphRunEvent {
  const event = parseEvent(JSON.parse(json));
  if (event.index !== index) throw new Error(`The log has the event ${event.index} at ${index}.`);
  return event;
}
