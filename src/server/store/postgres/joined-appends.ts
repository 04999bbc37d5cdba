import type { KnownSessionStatus, SessionSummary } from '../../../protocol/session-summary.js';
import type { LoggedEvent, WriteOutcome } from '../session-store.js';
import type { AppendWrite } from '../sql/sql-appends.js';

/** The appends of one commit to one log, as one. */
export interface JoinedAppend {
  readonly sessionId: string;
  readonly expectedLastIndex: number;
  /** Of the owner, if one of them is on its behalf. */
  readonly epoch?: number;
  readonly events: readonly LoggedEvent[];
  readonly bytes: number;
  readonly status: KnownSessionStatus;
  /** The newest row, if they change it. */
  readonly row?: SessionSummary;
  /** The positions in the commit of those that change the row; each gets a revision. */
  readonly stepsWithRow: readonly number[];
}

/**
 * True when appends can be joined: those to one log follow each other, on behalf of the same owner or of none. Else one of
 * them could be written without the others. Answers cannot: they change more of a row.
 */
export function canBeJoined(writes: readonly AppendWrite[]): boolean {
  const last = new Map<string, AppendWrite>();
  return writes.every((write) => {
    const { sessionId } = write.record;
    const before = last.get(sessionId);
    last.set(sessionId, write);
    // Answers also say whether their owner has seen them, and bring credentials.
    if (write.events.length === 0 || write.resumes !== undefined || write.sealedToken !== undefined)
      return false;
    if (before === undefined) return true;
    const isNext = before.expectedLastIndex + before.events.length === write.expectedLastIndex;
    return isNext && before.ownership?.epoch === write.ownership?.epoch;
  });
}

/** Joins the appends to each log. */
export function joinAppends(writes: readonly AppendWrite[]): readonly JoinedAppend[] {
  const joined = new Map<string, JoinedAppend>();
  for (const [position, { record, expectedLastIndex, ownership, events, status, row }] of writes.entries()) {
    const { sessionId } = record;
    const before = joined.get(sessionId);
    const newest = row ?? before?.row;
    joined.set(sessionId, {
      sessionId,
      expectedLastIndex: before?.expectedLastIndex ?? expectedLastIndex,
      ...(ownership === undefined ? {} : { epoch: ownership.epoch }),
      events: [...(before?.events ?? []), ...events],
      bytes: (before?.bytes ?? 0) + events.reduce((sum, { bytes }) => sum + bytes, 0),
      status,
      ...(newest === undefined ? {} : { row: newest }),
      stepsWithRow: [...(before?.stepsWithRow ?? []), ...(row === undefined ? [] : [position])],
    });
  }
  return [...joined.values()];
}

/**
 * The outcome of each append. `written` are the sessions that were written, `revisions` belong to positions in the commit;
 * `heads` are the rows of the sessions that were not.
 */
export function toOutcomes(
  writes: readonly AppendWrite[],
  written: ReadonlySet<string>,
  revisions: ReadonlyMap<number, number>,
  heads: ReadonlyMap<string, { readonly epoch: number; readonly isDeleted: boolean }>,
): readonly WriteOutcome[] {
  const failed = new Set<string>();
  return writes.map(({ record, ownership }, position) => {
    const { sessionId } = record;
    if (written.has(sessionId)) {
      const revision = revisions.get(position);
      return { kind: 'written', ...(revision === undefined ? {} : { revision }) };
    }
    // The later ones of a session build on the first.
    if (failed.has(sessionId)) return { kind: 'moved' };
    failed.add(sessionId);
    const head = heads.get(sessionId);
    if (head === undefined || head.isDeleted) return { kind: 'deleted' };
    return { kind: ownership !== undefined && ownership.epoch !== head.epoch ? 'stale' : 'moved' };
  });
}
