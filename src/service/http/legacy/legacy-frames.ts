import { parseEvent } from '../../../protocol/events.js';
import { parseSessionFrame, type SessionFrame } from '../../../protocol/frames.js';
import { isJsonObject, isText, parseJson } from '../../../protocol/json.js';
import type { SseItem } from '../../../protocol/sse.js';

/**
 * Reads one message of the session stream of a server of before version 1. Such servers write numbers
 * that JSON does not have, and one frame that cannot be read must not end the stream for good (every
 * replay would bring it again): it becomes an event of an unknown type. Never throws.
 */
export function parseLegacyFrame(message: Extract<SseItem, { kind: 'message' }>): SessionFrame {
  try {
    return parseSessionFrame(message);
  } catch {
    // What is wrong with it is found out, and told, below.
    return repairedFrame(message);
  }
}

function repairedFrame({ event: name, data }: Extract<SseItem, { kind: 'message' }>): SessionFrame {
  if (name === 'done') return { kind: 'done' };
  if (name !== 'event') return { kind: 'other', event: name };
  const value = parseJson(withNumbers(data));
  // The index counts on this connection only, so any will do.
  if (isJsonObject(value) && isText(value['type'])) {
    return { kind: 'event', event: parseEvent({ ...value, index: 0 }) };
  }
  const text = data.replace(/,?\s*"index":\s*-?\d+/, '');
  const wire = { type: 'unreadable', text };
  return { kind: 'event', event: { type: 'unknown', wireType: 'unreadable', wire, index: 0 } };
}

/** JSON without `NaN` and `Infinity`, which stand as `null` then; texts stay as they are. */
function withNumbers(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|\bNaN\b|-?\bInfinity\b/g, (match) =>
    match.startsWith('"') ? match : 'null',
  );
}
