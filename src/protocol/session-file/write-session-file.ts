import { eventToWire, type GraphRunEvent } from '../events.js';
import { canonicalJson, type JsonObject } from '../values/json.js';
import { headerToWire, type SessionFileHeader } from './session-file.js';

const PIECE_CHARS = 64 * 1024;

/**
 * Writes a session file: yields its lines in pieces of about 64 KiB, so that a long log is never in memory as one text.
 * When reading `events` fails, the file has no last line and so says that it was cut.
 *
 * @param events the events of the log, oldest first, as the file shall have them (`Redaction`).
 * @throws whatever reading `events` throws.
 */
export async function* writeSessionFile(
  header: SessionFileHeader,
  events: Iterable<GraphRunEvent> | AsyncIterable<GraphRunEvent>,
): AsyncGenerator<string, void, undefined> {
  let piece = line(headerToWire(header));
  let written = 0;
  for await (const event of events) {
    piece += line(eventToWire(event));
    written += 1;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  yield piece + line({ end: written });
}

function line(value: JsonObject): string {
  return `${jsonOf(value)}\n`;
}

function jsonOf(value: JsonObject): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // Nested deeper than the stack allows, which costs the order of the names.
    if (error instanceof RangeError) return canonicalJson(value);
    throw error;
  }
}
