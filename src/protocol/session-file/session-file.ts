import { sentence } from '../sentences.js';
import type { GraphRunEvent } from '../events.js';
import { isFiniteNumber, isJsonObject, isText, type JsonObject } from '../values/json.js';
import { GraphRunError } from '../problems.js';
import { parseSessionSummary, type SessionSummary } from '../session-summary.js';

/** The format that the first line of a session file names. */
const FORMAT = 'graph-sessions';

/** The newest version of the format that this package reads, and the one that it writes. */
export const SESSION_FILE_VERSION = 1;

/** The media type of a session file: JSON Lines. */
export const SESSION_FILE_TYPE = 'application/jsonl';

/** The largest session file that is read: 512 MiB. */
export const MAX_SESSION_FILE_BYTES = 512 * 1024 * 1024;

/** The first line of a session file. */
export interface SessionFileHeader {
  /** When it was written, in milliseconds since 1970. */
  readonly exportedAt: number;
  /** The row of the session at that time, without the texts that its events have: those may be redacted. */
  readonly session: SessionSummary;
  /** The graph that it ran, where it is known. */
  readonly graphId?: string;
  /** The log that the events are from, where it is known. */
  readonly logId?: string;
  /** Number of events of the log at that time. A redacted file may have fewer. */
  readonly events: number;
  /** True when it has every event of the log at that time; false when the oldest ones are missing. */
  readonly complete: boolean;
  /** True when events were left out or changed. (What a schema makes secret is replaced in every file.) */
  readonly redacted: boolean;
}

/** What a file lacks. */
export type SessionFileProblem =
  /** It ends after `events` of `expected` events. */
  | { readonly kind: 'cut'; readonly events: number; readonly expected: number }
  /** Its line `line` (from 1) cannot be read; what follows is not shown. */
  | { readonly kind: 'damaged'; readonly line: number; readonly events: number };

/** A session file as it was read. */
export interface SessionFile {
  readonly header: SessionFileHeader;
  /** The events up to the end, or up to the problem. */
  readonly events: readonly GraphRunEvent[];
  readonly problem?: SessionFileProblem;
}

/** The JSON of the first line. Leaves out the texts of the row that come from events. */
export function headerToWire({ session, ...rest }: SessionFileHeader): JsonObject {
  const { sessionId, status, createdAt, updatedAt, pendingInputs, title, graphTitle, endedAt } = session;
  const optional = Object.entries({ title, graphTitle, endedAt }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    format: FORMAT,
    version: SESSION_FILE_VERSION,
    ...rest,
    session: { sessionId, status, createdAt, updatedAt, pendingInputs, ...Object.fromEntries(optional) },
  };
}

/**
 * Reads the first line of a session file.
 *
 * @throws GraphRunError `not-a-session-file`, or `newer-session-file` for a version that this package does not know.
 */
export function parseHeader(value: unknown): SessionFileHeader {
  if (!isJsonObject(value) || value['format'] !== FORMAT) throw notASessionFile();
  const { version, exportedAt, graphId, logId, events, complete, redacted } = value;
  if (!isFiniteNumber(version) || version < 1) throw notASessionFile();
  if (version > SESSION_FILE_VERSION) {
    throw new GraphRunError('newer-session-file', sentence('file-newer', { version }), {
      members: { version },
    });
  }
  if (!isFiniteNumber(events) || !Number.isSafeInteger(events) || events < 0) throw notASessionFile();
  return {
    exportedAt: isFiniteNumber(exportedAt) ? exportedAt : 0,
    session: readSummary(value['session']),
    ...(isText(graphId) ? { graphId } : {}),
    ...(isText(logId) ? { logId } : {}),
    events,
    complete: complete === true,
    redacted: redacted === true,
  };
}

/** Creates the error for what is no session file. */
export function notASessionFile(): GraphRunError {
  return new GraphRunError('not-a-session-file', sentence('file-unknown'));
}

/** The name of a file for a session, e.g. `Green beans-1f3a9c2e.session.jsonl`; safe on every system. */
export function sessionFileName({ title = '', sessionId }: SessionSummary): string {
  const safe = (text: string): string =>
    text
      .normalize()
      // Characters that no name of a file may have, and those that make a name look like another.
      .replaceAll(/[\p{C}\p{Zl}\p{Zp}"*/:<>?\\|]/gu, ' ')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/^[ .]+|[ .]+$/g, '');
  const name = safe([...safe(title)].slice(0, 60).join(''));
  const id = safe(sessionId)
    .replaceAll(/[^\w-]/g, '')
    .slice(0, 8);
  return `${[name, id].filter((part) => part !== '').join('-') || 'session'}.session.jsonl`;
}

function readSummary(value: unknown): SessionSummary {
  try {
    return parseSessionSummary(value);
  } catch (error) {
    if (error instanceof GraphRunError) throw notASessionFile();
    throw error;
  }
}
