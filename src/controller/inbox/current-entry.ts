import type { InboxEntry, InboxQueue } from './inbox-queue.js';

/** The queue before it was opened. */
export const EMPTY_QUEUE: InboxQueue = { entries: [], currentKey: undefined };

/** The entry that a person is at. */
export function currentEntry({ entries, currentKey }: InboxQueue): InboxEntry | undefined {
  return entries.find(({ key }) => key === currentKey);
}
