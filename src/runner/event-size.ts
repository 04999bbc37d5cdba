import type { GraphRunEventBody } from '../protocol/events.js';

/** Thrown for an event beyond the limit; its message becomes the text of the node's `nodeError`. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';

  constructor() {
    super('event too large');
  }
}

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
  const bytes = encoder.encode(text).length;
  if (bytes > maxBytes) throw new EventTooLargeError();
  return bytes;
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
