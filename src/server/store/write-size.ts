import type { LoggedEvent, SessionWrite } from './session-store.js';

/** The bytes of events and plans that a step writes or removes. */
export function writeSize(write: SessionWrite): number {
  switch (write.kind) {
    case 'append':
      return sizeOf(write.events);
    case 'create':
      return sizeOf(write.events) + write.planJson.length;
    case 'erase':
      return write.bytes;
    default:
      return 0;
  }
}

function sizeOf(events: readonly LoggedEvent[]): number {
  return events.reduce((sum, { bytes }) => sum + bytes, 0);
}
