import type { Sessions } from '../../actions/create-sessions.js';
import type { GraphRunEvent } from '../../protocol/events.js';
import { Redaction, type Redact } from '../../protocol/session-file/redaction.js';
import { SESSION_FILE_TYPE, sessionFileName } from '../../protocol/session-file/session-file.js';
import { writeSessionFile } from '../../protocol/session-file/write-session-file.js';
import { saveBlob } from '../base/save-blob.js';
import { recordedLog } from './recorded-log.js';

/** What the writing of a file depends on. */
export interface DownloadOptions {
  /** What the host leaves out or changes. */
  readonly redact: Redact | undefined;
  /** Milliseconds since 1970, by the clock of the server. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/**
 * Lets the browser download a session as a file. The text is never in memory as a whole: its pieces are blobs.
 *
 * @throws GraphRunError when the log cannot be read. What `redact` throws. The reason of `signal`.
 */
export async function downloadSession(
  sessions: Partial<Sessions>,
  sessionId: string,
  { redact, nowMs, signal }: DownloadOptions,
): Promise<void> {
  const { session, graphId, total, isComplete, events } = await recordedLog(sessions, sessionId, signal);
  const header = {
    exportedAt: nowMs,
    session,
    ...(graphId === undefined ? {} : { graphId }),
    events: total,
    complete: isComplete,
    redacted: redact !== undefined,
  };
  const pieces: Blob[] = [];
  for await (const piece of writeSessionFile(header, redacted(events, redact))) {
    signal.throwIfAborted();
    pieces.push(new Blob([piece]));
  }
  saveBlob(new Blob(pieces, { type: SESSION_FILE_TYPE }), sessionFileName(session));
}

/** The events as they may leave the page. */
export async function* redacted(
  events: AsyncIterable<GraphRunEvent>,
  redact: Redact | undefined,
): AsyncGenerator<GraphRunEvent, void, undefined> {
  const redaction = new Redaction(redact);
  for await (const event of events) {
    const shown = redaction.apply(event);
    if (shown !== undefined) yield shown;
  }
}
