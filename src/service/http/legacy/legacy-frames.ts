import { parseEvent } from '../../../protocol/events.js';
import { parseSessionFrame, type SessionFrame } from '../../../protocol/stream/session-frames.js';
import { isJsonObject, isText, parseJson } from '../../../protocol/values/json.js';
import type { SseItem } from '../../../protocol/stream/sse.js';

/**
 * Reads one message of the session stream of a server older than version 1. Such servers write numbers that JSON does not
 * have, and an unreadable frame must not end the stream for good (every replay would bring it again): it becomes an event
 * of an unknown type. Never throws.
 */
export function parseLegacyFrame(message: Extract<SseItem, { kind: 'message' }>): SessionFrame {
  try {
    return parseSessionFrame(message);
  } catch {
    // The repair below keeps an unreadable frame visible, as an event of an unknown type.
    return repairedFrame(message);
  }
}

function repairedFrame({ event: name, data }: Extract<SseItem, { kind: 'message' }>): SessionFrame {
  if (name === 'done') return { kind: 'done' };
  if (name !== 'event') return { kind: 'other', event: name };
  const value = parseJson(withoutInvalidNumbers(data));
  // The index is valid on this connection only, so any number serves.
  if (isJsonObject(value) && isText(value['type'])) {
    return { kind: 'event', event: parseEvent({ ...value, index: 0 }) };
  }
  const text = data.replace(/(?:,\s*)?"index":\s*-?\d+/, '');
  const wire = { type: 'unreadable', text };
  return { kind: 'event', event: { type: 'unknown', wireType: 'unreadable', wire, index: 0 } };
}

/** Replaces `NaN` and `Infinity` in JSON by `null`; strings stay unchanged, and so does one without an end. */
function withoutInvalidNumbers(json: string): string {
  return json.replace(/"[^"\\]*(?:\\[^][^"\\]*)*"?|\bNaN\b|-?\bInfinity\b/g, (match) =>
    match.startsWith('"') ? match : 'null',
  );
}
