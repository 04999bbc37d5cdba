import type { LLMContent } from '../../protocol/content.js';
import type { GraphRunEvent } from '../../protocol/events.js';
import type { Graph } from '../../protocol/graph.js';
import type { SessionLabels } from '../../protocol/session-labels.js';
import type { KnownSessionStatus, SessionSummary } from '../../protocol/session-summary.js';

/** What a session is to run; written once, with its creation. */
export interface SessionPlan {
  readonly graph: Graph;
  readonly mode: 'interactive' | 'headless';
  /** Answers by node id, for a headless run. */
  readonly inputs: Readonly<Record<string, LLMContent>>;
}

/** The immutable part of a session. Times are milliseconds since 1970. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly graphId: string;
  /** Who created it: the only one who may see it. */
  readonly principal: string;
  /** Minted with the log; a cursor is only good for the log it was given by. */
  readonly logId: string;
  readonly createdMs: number;
}

/** A session as it stands in the store. `status` and `lastIndex` are those of its newest event. */
export interface StoredSession extends SessionRecord {
  readonly status: KnownSessionStatus;
  readonly lastIndex: number;
  /** Bytes of its log. */
  readonly logBytes: number;
  readonly isDeleted: boolean;
  /** What a person has set. */
  readonly labels: SessionLabels;
}

/** One event as it is kept: its JSON is written to readers as it stands. */
export interface LoggedEvent {
  readonly index: number;
  readonly type: GraphRunEvent['type'];
  /** One line of JSON, `index` and `ts` included. */
  readonly json: string;
  /** Length of the JSON in UTF-8. */
  readonly bytes: number;
}

/** A row of the list of a graph's sessions. */
export interface SessionRow {
  readonly revision: number;
  readonly summary: SessionSummary;
}

/** The list of a graph's sessions at one revision. */
export interface SessionList {
  readonly revision: number;
  /** Newest first; of equal age, the higher revision first. */
  readonly rows: readonly SessionRow[];
  /** True when there are more than were asked for. */
  readonly isTruncated: boolean;
}

/** The answer to a creation, kept so that its repetition gets the same. */
export interface CreationReceipt {
  readonly digest: string;
  /** The body of the answer, as JSON. */
  readonly body: string;
}

/** One step of one session: written as a whole or not at all. */
export type SessionWrite =
  | {
      readonly kind: 'create';
      readonly record: SessionRecord;
      readonly plan: SessionPlan;
      readonly events: readonly LoggedEvent[];
      readonly status: KnownSessionStatus;
      readonly row: SessionSummary;
      readonly receipt?: CreationReceipt & { readonly key: string };
    }
  | {
      readonly kind: 'append';
      readonly record: SessionRecord;
      /** The index of the newest event before this write. */
      readonly expectedLastIndex: number;
      readonly events: readonly LoggedEvent[];
      readonly status: KnownSessionStatus;
      /** Only when something of the row has changed that is worth telling. */
      readonly row?: SessionSummary;
    }
  /** Replaces what a person has set for the session. */
  | {
      readonly kind: 'label';
      readonly record: SessionRecord;
      readonly labels: SessionLabels;
      readonly row: SessionSummary;
    }
  /** Leaves a tombstone; the log stays readable until it is erased. */
  | { readonly kind: 'delete'; readonly record: SessionRecord; readonly deletedMs: number }
  /** Removes plan and log of a deleted session. */
  | { readonly kind: 'erase'; readonly sessionId: string };

/** Thrown by `commit` when a newer process has taken the store over. Nothing was written. */
export class StaleEpochError extends Error {
  override readonly name = 'StaleEpochError';
}

/** How much of a log one read brings. At least one event is read whatever its size. */
export interface PageLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Newest index to read. */
  readonly through: number;
}

/** What is too old to be kept. Milliseconds since 1970; what is older goes. */
export interface ExpiryTimes {
  readonly tombstonesBeforeMs: number;
  readonly receiptsBeforeMs: number;
}

/**
 * Where sessions are kept. Implement it to put another database behind the server. Every call is
 * atomic and rejects when the store cannot do what it promises; the state is then what it was before.
 */
export interface SessionStore {
  /** Takes the store over: writes with an older epoch are refused from now on. */
  beginEpoch(): Promise<number>;
  /**
   * Writes several steps in one transaction, durable when it resolves. The result has the new revision
   * of the list for each step that changed its row, else undefined. Revisions count per
   * (principal, graphId), in the order of the steps.
   *
   * @throws StaleEpochError when another process began a newer epoch.
   */
  commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly (number | undefined)[]>;
  /** Also finds a deleted session, as long as its tombstone is kept. */
  find(sessionId: string): Promise<StoredSession | undefined>;
  /** The plan of a session; undefined once it was erased. */
  readPlan(sessionId: string): Promise<SessionPlan | undefined>;
  /** The events after an index, oldest first. Empty at the end of the log and once it was erased. */
  readEvents(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]>;
  list(principal: string, graphId: string, limit: number): Promise<SessionList>;
  findReceipt(principal: string, key: string): Promise<CreationReceipt | undefined>;
  /** Sessions without a terminal event, oldest first. */
  findUnfinished(): Promise<readonly StoredSession[]>;
  /** The oldest ended sessions of a graph that has more than `keep` sessions, as many as it has more. Not pinned ones. */
  findSurplus(principal: string, graphId: string, keep: number): Promise<readonly StoredSession[]>;
  /** Ended sessions whose newest event is older than this, at most 100 at a time. Not pinned ones. */
  findEndedBefore(ms: number): Promise<readonly StoredSession[]>;
  /** Deleted sessions whose log is still there (a process ended between the two steps). */
  findUnerased(): Promise<readonly string[]>;
  /** Forgets tombstones and receipts. */
  expire(times: ExpiryTimes): Promise<void>;
  /** Rejects every later call. */
  close(): Promise<void>;
}
