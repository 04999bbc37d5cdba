import type { GraphRunEventBody } from '../protocol/events.js';
import { sentence } from '../protocol/sentences.js';

/** Thrown for an event beyond the limit; its message becomes the text of the node's `nodeError`. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';

  constructor() {
    super(sentence('event-too-large'));
  }
}

/** Units of a text that are encoded at once. To encode a large text as a whole takes several times as long, for its memory. */
const PIECE = 65_536;

const encoder = new TextEncoder();

/**
 * Measures an event, serialised as UTF-8, in bytes. Up to `maxBytes / 3` the result is an upper bound, which
 * avoids encoding the many small events.
 *
 * @throws EventTooLargeError beyond `maxBytes`; TypeError when it is not JSON.
 */
export function checkEventSize(event: GraphRunEventBody, maxBytes: number): number {
  const text = JSON.stringify(event);
  // A UTF-16 unit is one to three bytes of UTF-8.
  if (text.length * 3 <= maxBytes) return text.length * 3;
  if (text.length > maxBytes) throw new EventTooLargeError();
  const bytes = utf8Length(text);
  if (bytes > maxBytes) throw new EventTooLargeError();
  return bytes;
}

/** The length of a text in bytes of UTF-8. */
function utf8Length(text: string): number {
  const piece = new Uint8Array(3 * PIECE);
  let bytes = 0;
  for (let start = 0; start < text.length;) {
    const end = Math.min(start + PIECE, text.length);
    // Half of a character would be encoded as one that is unknown.
    const isWhole = end === text.length || !isHighSurrogate(text.charCodeAt(end - 1));
    const { written } = encoder.encodeInto(text.slice(start, isWhole ? end : end - 1), piece);
    bytes += written;
    start = isWhole ? end : end - 1;
  }
  return bytes;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** True for an event within the limit. */
export function fitsEventSize(event: GraphRunEventBody, maxBytes: number): boolean {
  try {
    checkEventSize(event, maxBytes);
    return true;
  } catch (error) {
    if (error instanceof EventTooLargeError) return false;
    throw error;
  }
}
