import { crc32 } from 'node:zlib';
import type { LoggedEvent } from './session-store.js';

/**
 * Computes the CRC-32 of an event at its position in its log. It is stored with the event, so that no reader
 * ever gets a flipped bit or a row at a wrong position.
 */
export function eventChecksum(
  sessionId: string,
  { index, type, json }: Pick<LoggedEvent, 'index' | 'type' | 'json'>,
): number {
  return crc32(json, crc32(`${sessionId}\n${index}\n${type}\n`));
}

/**
 * Checks events that a store has read: they must follow `after` without a gap, each as it was written.
 *
 * @throws Error that names the position of the first damaged or missing event.
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
