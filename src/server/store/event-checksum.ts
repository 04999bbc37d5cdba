import { crc32 } from 'node:zlib';
import type { LoggedEvent } from './session-store.js';

/**
 * The CRC-32 of an event at its place in its log. It is kept beside the event, so that neither a flipped
 * bit nor a row at a wrong place is ever given to a reader.
 */
export function eventChecksum(
  sessionId: string,
  { index, type, json }: Pick<LoggedEvent, 'index' | 'type' | 'json'>,
): number {
  return crc32(json, crc32(`${sessionId}\n${index}\n${type}\n`));
}

/**
 * Checks what a store has read: events that follow `after` without a gap, each as it was written.
 *
 * @throws Error that names the first event that is not so.
 */
export function checkEvents(
  sessionId: string,
  after: number,
  events: readonly (LoggedEvent & { readonly checksum: number })[],
): void {
  for (const [position, event] of events.entries()) {
    const index = after + 1 + position;
    if (event.index === index && event.checksum === eventChecksum(sessionId, event)) continue;
    throw new Error(`The log of session ${sessionId} is damaged at ${index}.`);
  }
}
