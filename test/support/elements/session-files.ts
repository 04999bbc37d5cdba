import type { GraphRunEvent, GraphRunEventBody } from '../../../src/protocol/events.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../src/protocol/session-state.js';
import { toSummary } from '../../../src/protocol/to-summary.js';
import { writeSessionFile } from '../../../src/protocol/session-file/write-session-file.js';

/** When the run of a test file began, in milliseconds since 1970: long ago. */
export const FILE_START_MS = Date.UTC(2024, 2, 5, 9, 30);

/** Numbers events from 0, one per second. */
export function logOf(
  events: readonly GraphRunEventBody[],
  startMs = FILE_START_MS,
): readonly GraphRunEvent[] {
  return events.map((event, index) => ({ ...event, index, ts: startMs + index * 1000 }));
}

/** Writes a session file of these events, saved a minute after the last one. */
export async function sessionFile(
  log: readonly GraphRunEvent[],
  { name = 'run.session.jsonl', redacted = false, complete = true } = {},
): Promise<File> {
  const header = {
    exportedAt: (log.at(-1)?.ts ?? FILE_START_MS) + 60_000,
    session: toSummary(applyEvents(EMPTY_SESSION, log)),
    events: log.length,
    complete,
    redacted,
  };
  const pieces: string[] = [];
  for await (const piece of writeSessionFile(header, log)) pieces.push(piece);
  return new File(pieces, name, { type: 'application/jsonl' });
}
