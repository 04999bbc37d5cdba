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

/** Checks that an event is as it was written. @throws Error that names its position. */
export function checkEvent(sessionId: string, event: LoggedEvent & { readonly checksum: number }): void {
  if (event.checksum !== eventChecksum(sessionId, event)) throw damagedLog(sessionId, event.index);
}

/** Checks that events follow `after` without a gap. @throws Error that names the position of the first missing event. */
export function checkOrder(sessionId: string, after: number, events: readonly LoggedEvent[]): void {
  const gap = events.findIndex(({ index }, position) => index !== after + 1 + position);
  if (gap !== -1) throw damagedLog(sessionId, after + 1 + gap);
}

/** Makes the error for a log that is damaged at one index, or in a range. */
export function damagedLog(sessionId: string, from: number, through = from): Error {
  const place = from === through ? `at ${from}` : `between ${from} and ${through}`;
  return new Error(`The log of session ${sessionId} is damaged ${place}.`);
}
