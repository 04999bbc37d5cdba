import { Redaction, type Redact } from '../../protocol/session-file/redaction.js';
import { writeSessionFile } from '../../protocol/session-file/write-session-file.js';
import type { GraphRunEvent } from '../../protocol/events.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { draining } from '../sessions/session-errors.js';
import type { SessionManager } from '../sessions/session-manager.js';
import type { Session } from '../sessions/session.js';
import type { StreamControl } from './open-streams.js';

/** Dependencies of `sessionExport`. */
export interface SessionExportOptions {
  readonly sessions: SessionManager;
  readonly session: Session;
  /** The row of the session now. */
  readonly row: SessionSummary;
  readonly control: StreamControl;
  /** What the host leaves out or changes. */
  readonly redact: Redact | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/**
 * Yields a session as a file, with the events that it has now, page by page.
 *
 * @throws GraphRunError `session-deleted` when it is deleted meanwhile, `unavailable` when the server shuts down. Error
 *   when its log cannot be read. The file then has no last line.
 */
export function sessionExport(options: SessionExportOptions): AsyncGenerator<string, void, undefined> {
  const { session, row, redact, nowMs } = options;
  const { graphId, logId } = session.record;
  const { lastIndex } = session;
  const header = {
    exportedAt: nowMs,
    session: row,
    graphId,
    logId,
    events: lastIndex + 1,
    complete: true,
    redacted: redact !== undefined,
  };
  return writeSessionFile(header, exportedEvents(options, lastIndex));
}

async function* exportedEvents(
  { sessions, session, control, redact }: SessionExportOptions,
  through: number,
): AsyncGenerator<GraphRunEvent, void, undefined> {
  const redaction = new Redaction(redact);
  for await (const event of sessions.readEvents(session, through)) {
    if (control.bye !== undefined) throw draining();
    const exported = redaction.apply(event);
    if (exported !== undefined) yield exported;
  }
}
