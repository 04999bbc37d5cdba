import type { Sessions } from '../../actions/create-sessions.js';
import { TimeSlices } from '../../actions/reading/time-slices.js';
import type { GraphRunEvent } from '../../protocol/events.js';
import { GraphRunError } from '../../protocol/problems.js';
import { isSessionWhole } from './is-session-whole.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { untracked } from '../base/signal-element.js';

/** A session with the events that it has at one moment. */
export interface RecordedLog {
  readonly session: SessionSummary;
  readonly graphId?: string;
  /** Number of its events. */
  readonly total: number;
  /** False when the oldest events are missing. */
  readonly isComplete: boolean;
  /** Oldest first, in slices between which the page stays responsive; to be read once. */
  readonly events: AsyncIterable<GraphRunEvent>;
}

/**
 * Returns the log of a session: the one at hand, if the session is watched and all of it has arrived, otherwise as the
 * service has it.
 *
 * @throws GraphRunError when it cannot be read. The reason of `signal`.
 */
export async function recordedLog(
  { run, history, actions }: Partial<Sessions>,
  sessionId: string,
  signal: AbortSignal,
): Promise<RecordedLog> {
  const listed = untracked(() => history?.getSession(sessionId));
  if (run !== undefined && untracked(() => run.sessionId === sessionId && isSessionWhole(run, actions))) {
    return untracked(() => {
      const { events, graphId, latest } = run;
      // The log may grow, or be another one, before all of it is read.
      const all = Array.from({ length: events.length }, (_, position) => events.at(position));
      return {
        session: listed ?? { ...latest.summary, sessionId },
        ...(graphId === undefined ? {} : { graphId }),
        total: events.length + events.dropped,
        isComplete: events.dropped === 0,
        events: inSlices(all.filter((event) => event !== undefined)),
      };
    });
  }
  if (actions?.readLog === undefined) throw new GraphRunError('unsupported', 'Open the session first.');
  const log = await actions.readLog(sessionId, { signal });
  const session = listed ?? { sessionId, status: 'running', createdAt: 0, updatedAt: 0, pendingInputs: 0 };
  if (log.total > 0) return { ...log, session, isComplete: true };
  // Older servers do not send their number.
  const all: GraphRunEvent[] = [];
  for await (const event of log.events) all.push(event);
  return { ...log, session, isComplete: true, total: all.length, events: inSlices(all) };
}

async function* inSlices(events: readonly GraphRunEvent[]): AsyncGenerator<GraphRunEvent, void, undefined> {
  const slices = new TimeSlices();
  for (const event of events) {
    if (slices.isOver) await slices.next();
    yield event;
  }
}
