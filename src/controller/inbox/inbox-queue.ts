import type { SessionSummary } from '../../protocol/session-summary.js';

/**
 * State of a session in the queue. `skipped`: a person left it for later; `answered`: a person answered all that it
 * asked; `gone`: its questions closed without an answer from here.
 */
export type InboxEntryState = 'open' | 'skipped' | 'answered' | 'gone';

/** A session that waits, or has waited, for a person. */
export interface InboxEntry {
  /** Identifies the entry: a session that asks again after it was answered gets another one. */
  readonly key: number;
  readonly sessionId: string;
  readonly state: InboxEntryState;
  /** The row of the session when it was answered or gone; a row that differs from it asks something new. */
  readonly closedRow?: SessionSummary;
}

/** The sessions that a person works off, in a fixed order: what starts to wait later comes at the end. */
export interface InboxQueue {
  readonly entries: readonly InboxEntry[];
  /** Key of the entry that the person is at; undefined when no entry is open. */
  readonly currentKey: number | undefined;
}

/**
 * Adapts the queue to the list. `waiting` are the rows of all sessions that wait, in any order; `answering` the ids of
 * sessions whose answers are on their way. Sessions that no longer wait leave the queue, new ones come at its end, the
 * longest waiting first. The current entry stays: a person may be typing.
 */
export function updateQueue(
  queue: InboxQueue,
  waiting: readonly SessionSummary[],
  answering: ReadonlySet<string> = new Set(),
): InboxQueue {
  const rows = new Map(waiting.map((row) => [row.sessionId, row]));
  const kept = queue.entries.filter(
    ({ key, sessionId, state }) => state === 'answered' || rows.has(sessionId) || key === queue.currentKey,
  );
  const covered = new Set(answering);
  for (const entry of kept) {
    const row = rows.get(entry.sessionId);
    if (row !== undefined && isAbout(entry, row)) covered.add(entry.sessionId);
  }
  const firstKey = Math.max(0, ...queue.entries.map(({ key }) => key)) + 1;
  const added = waiting
    .filter(({ sessionId }) => !covered.has(sessionId))
    .sort(longestWaitingFirst)
    .map(({ sessionId }, index): InboxEntry => ({ key: firstKey + index, sessionId, state: 'open' }));
  return withCurrent({ ...queue, entries: [...kept, ...added] });
}

/** Changes the state of an entry, and moves to the next open one if it was the current one and is no longer open. */
export function setEntry(
  queue: InboxQueue,
  key: number,
  state: InboxEntryState,
  closedRow?: SessionSummary,
): InboxQueue {
  const isClosed = state === 'answered' || state === 'gone';
  const entries = queue.entries.map((entry): InboxEntry =>
    entry.key === key
      ? {
          key,
          sessionId: entry.sessionId,
          state,
          ...(isClosed && closedRow !== undefined ? { closedRow } : {}),
        }
      : entry,
  );
  const isLeft = key === queue.currentKey && state !== 'open';
  return isLeft ? { entries, currentKey: openAfter(entries, key)?.key } : withCurrent({ ...queue, entries });
}

/** Takes a row as the one that was answered: only a later one is a new question. */
export function settleEntries(queue: InboxQueue, row: SessionSummary): InboxQueue {
  const entries = queue.entries.map((entry): InboxEntry =>
    entry.sessionId === row.sessionId && isDone(entry) ? { ...entry, closedRow: row } : entry,
  );
  return { ...queue, entries };
}

/** Goes to an entry, which becomes open. Does nothing for one that is answered, gone or unknown. */
export function goToEntry(queue: InboxQueue, key: number): InboxQueue {
  const entry = queue.entries.find((candidate) => candidate.key === key);
  if (entry === undefined || isDone(entry)) return queue;
  return { ...setEntry(queue, key, 'open'), currentKey: key };
}

/** Opens the skipped entries again. */
export function reopenSkipped(queue: InboxQueue): InboxQueue {
  const entries = queue.entries.map((entry): InboxEntry =>
    entry.state === 'skipped' ? { ...entry, state: 'open' } : entry,
  );
  return withCurrent({ ...queue, entries });
}

/** The entry that comes after the current one. */
export function nextEntry({ entries, currentKey }: InboxQueue): InboxEntry | undefined {
  return currentKey === undefined ? undefined : openAfter(entries, currentKey);
}

/** The nearest entry before the current one that is not done; at the end of the queue, the last one. */
export function previousEntry(queue: InboxQueue): InboxEntry | undefined {
  const shown = shownEntries(queue);
  const position = shown.findIndex(({ key }) => key === queue.currentKey);
  return shown
    .slice(0, position === -1 ? undefined : position)
    .filter((entry) => !isDone(entry))
    .at(-1);
}

/** The entries that people see and that are counted: all but those that closed without an answer from here. */
export function shownEntries({ entries, currentKey }: InboxQueue): readonly InboxEntry[] {
  return entries.filter(({ key, state }) => state !== 'gone' || key === currentKey);
}

/** True for an entry that needs nothing more. */
export function isDone({ state }: InboxEntry): boolean {
  return state === 'answered' || state === 'gone';
}

function withCurrent(queue: InboxQueue): InboxQueue {
  const isThere = queue.entries.some(({ key }) => key === queue.currentKey);
  if (isThere) return queue;
  return { ...queue, currentKey: queue.entries.find(({ state }) => state === 'open')?.key };
}

/** The next open entry in the order of the queue; after the last one, the first. */
function openAfter(entries: readonly InboxEntry[], key: number): InboxEntry | undefined {
  const position = entries.findIndex((entry) => entry.key === key);
  return [...entries.slice(position + 1), ...entries.slice(0, Math.max(0, position))].find(
    ({ state }) => state === 'open',
  );
}

/** True if the entry stands for what the row asks; false if the session has a new question since it was closed here. */
function isAbout(entry: InboxEntry, row: SessionSummary): boolean {
  if (!isDone(entry)) return true;
  const { closedRow } = entry;
  return (
    closedRow !== undefined && row.updatedAt <= closedRow.updatedAt && row.question === closedRow.question
  );
}

/**
 * When a session began to wait, in seconds since 1970. Older servers do not send it: such a session changes last when it
 * asks, unless other nodes of it are running.
 */
export function waitingSince({ waitingSince: askedAt, updatedAt }: SessionSummary): number {
  return askedAt ?? updatedAt;
}

function longestWaitingFirst(a: SessionSummary, b: SessionSummary): number {
  return waitingSince(a) - waitingSince(b) || (a.sessionId < b.sessionId ? -1 : 1);
}
