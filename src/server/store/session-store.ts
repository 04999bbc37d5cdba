import type { LLMContent } from '../../protocol/content.js';
import type { GraphRunEvent } from '../../protocol/events.js';
import type { Graph } from '../../protocol/graph.js';
import type { SessionLabels } from '../../protocol/session-labels.js';
import type { KnownSessionStatus, SessionSummary } from '../../protocol/session-summary.js';
import type { StoreCluster } from '../cluster/store-cluster.js';
import type { ClaimedSession, Ownership } from './ownership.js';

/** The plan of a session: what it runs. Written once, at its creation. */
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
  /** Its creator, the only one who may see it. */
  readonly principal: string;
  /** Generated with the log; a cursor is valid only for the log that it came from. */
  readonly logId: string;
  readonly createdMs: number;
}

/** A stored session. `status` and `lastIndex` are those of its newest event. */
export interface StoredSession extends SessionRecord {
  readonly status: KnownSessionStatus;
  readonly lastIndex: number;
  /** Size of its log in bytes. */
  readonly logBytes: number;
  readonly isDeleted: boolean;
  readonly labels: SessionLabels;
}

/** One stored event; its JSON is sent to readers unchanged. */
export interface LoggedEvent {
  readonly index: number;
  readonly type: GraphRunEvent['type'];
  /** One line of JSON, including `index` and `ts`. */
  readonly json: string;
  /** Size of the JSON in UTF-8. */
  readonly bytes: number;
}

/** A row of a list. In one of all graphs, its `summary` has the `graphId`; its `revision` is that of the list of its graph. */
export interface SessionRow {
  readonly revision: number;
  readonly summary: SessionSummary;
}

/** What a look at a session shows: enough to know whether it has changed. */
export type SessionLook =
  IntactLook | { readonly kind: 'damaged'; readonly sessionId: string; readonly isDeleted: boolean };

/** What a look at a session shows whose row can be read. */
export interface IntactLook {
  readonly kind: 'intact';
  readonly sessionId: string;
  readonly status: KnownSessionStatus;
  /** The index of its newest event. */
  readonly lastIndex: number;
  /** Counts its claims. */
  readonly epoch: number;
  readonly isDeleted: boolean;
  readonly labels: SessionLabels;
}

/** A list of sessions by its name: those of a principal and a graph. */
export interface ListName {
  readonly principal: string;
  readonly graphId: string;
}

/** A list by its name, or that of all graphs of a principal: its `graphId` is undefined. */
export interface AnyListName {
  readonly principal: string;
  readonly graphId: string | undefined;
}

/** A change of a list: the row of a session as it is now, or its deletion. */
export type ListChange =
  | { readonly kind: 'row'; readonly revision: number; readonly summary: SessionSummary }
  | {
      readonly kind: 'deletion';
      readonly revision: number;
      readonly record: Pick<SessionRecord, 'sessionId' | 'createdMs'>;
      readonly deletedMs: number;
    };

/** A list at one revision. */
export interface SessionList {
  /** Grows with every change; of all graphs: the sum of their revisions. */
  readonly revision: number;
  /** The revisions of which it is the sum, by graph; only of a list of all graphs. */
  readonly revisions?: ReadonlyMap<string, number>;
  /** Newest first; of equal age, the higher revision first, and in a list of all graphs in the reverse order of their ids. */
  readonly rows: readonly SessionRow[];
  /** True when there are more than requested. */
  readonly isTruncated: boolean;
}

/** The revision of the list of all graphs: it grows with each of the revisions of the graphs' lists. */
export function revisionOfAll(revisions: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const revision of revisions.values()) sum += revision;
  return sum;
}

/** A place in a list: what is older comes after it. */
export interface ListPlace {
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  /** The session there, which is left out, as are those of equal age before it; absent: all of that age come, too. */
  readonly sessionId?: string;
}

/** The response to a creation, stored so that a repetition gets the same. */
export interface CreationReceipt {
  readonly digest: string;
  /** The body of the response, as JSON. */
  readonly body: string;
}

/** The epoch of a session that was never claimed since its creation. */
export const FIRST_EPOCH = 1;

/** One step of one session: written as a whole or not at all. */
export type SessionWrite =
  /** Adds a session, owned by the process that creates it. */
  | {
      readonly kind: 'create';
      readonly record: SessionRecord;
      /** A `SessionPlan` as JSON. */
      readonly planJson: string;
      readonly events: readonly LoggedEvent[];
      readonly status: KnownSessionStatus;
      /** Without labels, as in every write. */
      readonly row: SessionSummary;
      readonly receipt?: CreationReceipt & { readonly key: string };
      /**
       * In a store that several processes share: not written (`full`) when the principal has so many sessions that have not
       * ended. In any other, its process counts them itself.
       */
      readonly maxOpen?: number;
      /** True in a store that several processes share when another process shall run it: it is created without an owner. */
      readonly isReady?: boolean;
      /** The sealed credential of the request, in a store that several processes share. */
      readonly sealedToken?: string;
    }
  | {
      readonly kind: 'append';
      readonly record: SessionRecord;
      /** The index of the newest event before this write. */
      readonly expectedLastIndex: number;
      /** Set for what nodes do, which only the owner may write; absent for a person, or the expiry of a question. */
      readonly ownership?: Ownership;
      /**
       * Set when it resolves questions: the epoch in which this process runs the session and will resume their nodes;
       * undefined when it does not run it, so that the owner, or the next one, has to see the answer.
       */
      readonly resumes?: { readonly epoch: number | undefined };
      readonly events: readonly LoggedEvent[];
      readonly status: KnownSessionStatus;
      /** The new row; only when more than its `updatedAt` has changed. */
      readonly row?: SessionSummary;
      /** Replaces the sealed credential, in a store that several processes share. The end of a session erases it. */
      readonly sealedToken?: string;
    }
  /**
   * Makes this process the owner of a session that has not ended: earlier owners can no longer write it. In a store that
   * several processes share, not written (`stale`) while another process is the owner.
   */
  | { readonly kind: 'claim'; readonly sessionId: string }
  /**
   * Notes that the owner has seen all answers so far, and resumes their nodes. Before it does: when the process ends in
   * between, these nodes were interrupted.
   */
  | { readonly kind: 'seen'; readonly ownership: Ownership }
  /** Replaces the labels of the session; in a store that several processes share, only if they are the `expected` ones, if these are set. */
  | {
      readonly kind: 'label';
      readonly record: SessionRecord;
      readonly expected?: SessionLabels;
      readonly labels: SessionLabels;
    }
  /** Leaves a tombstone; the log stays readable until it is erased. */
  | { readonly kind: 'delete'; readonly record: SessionRecord; readonly deletedMs: number }
  /** Removes a part of the log of a deleted session; the last part (-1) with the plan and all texts of the row. */
  | ({ readonly kind: 'erase'; readonly sessionId: string } & LogPart);

/** A step that was written. */
export interface Written {
  readonly kind: 'written';
  /** The new revision of the list, if the step changed a row. Counted per (principal, graphId), in the order of the steps. */
  readonly revision?: number;
  /** The claimed session, for a claim. */
  readonly claimed?: ClaimedSession;
}

/** Why a step was not written; nothing of it was. */
export type Unwritten =
  /**
   * The log does not end where the step expects, or has ended; the labels are not those that it expects; or an earlier step
   * of the commit was not written.
   */
  | { readonly kind: 'moved' }
  /** Another process has claimed the session. */
  | { readonly kind: 'stale' }
  /** The session was deleted, or is unknown. */
  | { readonly kind: 'deleted' }
  /** The key of the creation was used before. */
  | { readonly kind: 'repeated'; readonly receipt: CreationReceipt }
  /** The principal of the creation has too many sessions that have not ended. */
  | { readonly kind: 'full' };

/** The result of one step of a commit. */
export type WriteOutcome = Written | Unwritten;

/** The newest part of a log: the events after an index; after -1 the whole log. */
export interface LogPart {
  readonly after: number;
  /** The size of these events. */
  readonly bytes: number;
}

/** Thrown by `commit` when a newer process has taken over the store. Nothing was written. */
export class StaleEpochError extends Error {
  override readonly name = 'StaleEpochError';
}

/**
 * Thrown while the store cannot be used: a full disk, a lock that another process holds, a database that is out
 * of reach. Nothing was written; the same call may succeed later, so writes wait and are tried again.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/**
 * Thrown by `commit` while it is not known whether the steps were written: the connection broke before the response. The
 * same call with the same array finds out, and writes them if they were not.
 */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/** A session without a terminal event, as it is listed. */
export type UnfinishedSession = Pick<SessionRecord, 'sessionId' | 'createdMs'>;

/** Limits of one read of a log. At least one event is read, whatever its size. */
export interface PageLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Newest index to read. */
  readonly through: number;
}

/** Times before which records are deleted, in milliseconds since 1970. */
export interface ExpiryTimes {
  readonly tombstonesBeforeMs: number;
  readonly receiptsBeforeMs: number;
}

/**
 * Storage of sessions. Implement it to put another database behind the server. Every call is atomic; when it
 * cannot keep its promise it rejects and changes nothing.
 */
export interface SessionStore {
  /** What the processes that share the store need of each other; absent: one process has it for itself. */
  readonly cluster?: StoreCluster;
  /**
   * Takes over the store: writes with an older epoch are refused from now on. In a store that several processes share,
   * joins them: the epoch is the number of this process, and those of the others stay good.
   */
  beginEpoch(): Promise<number>;
  /**
   * Leaves a store that several processes share, for one that has joined them only to write: nothing more is written with its
   * epoch, and nothing is left of it. Absent where one process has the store for itself.
   */
  endEpoch?(epoch: number): Promise<void>;
  /**
   * Writes several steps in one transaction, in their order, durable when it resolves. The result has the outcome of
   * each step; when one is not written, neither are the later ones of its session, but those of others are. `epoch` is that of the store: the fence
   * of a process that another one has replaced, whatever it writes.
   *
   * @throws StaleEpochError when another process began a newer epoch; StoreUnavailableError when the same
   *   commit may succeed later; UnknownOutcomeError. With any other error, the steps are committed one by one, and the one that is
   *   rejected alone fails.
   */
  commit(epoch: number, writes: readonly SessionWrite[]): Promise<readonly WriteOutcome[]>;
  /**
   * Checks, without a write, that the store still belongs to this epoch, and can be written as far as that can be
   * seen.
   *
   * @throws StaleEpochError; StoreUnavailableError.
   */
  checkEpoch(epoch: number): Promise<void>;
  /** Finds a session; also a deleted one, as long as its tombstone is kept. */
  find(sessionId: string): Promise<StoredSession | undefined>;
  /**
   * Finds a session whose row `find` cannot read, so that it can be deleted: texts that cannot be read are empty,
   * its status `failed` if it has ended, else `running`.
   */
  findDamaged(sessionId: string): Promise<StoredSession | undefined>;
  /** Reads the plan of a session; undefined once it was erased. */
  readPlan(sessionId: string): Promise<SessionPlan | undefined>;
  /**
   * Reads the newest sealed credential of a session; undefined when there is none, and once it has ended. Absent where the
   * store keeps none.
   */
  readSealedToken?(sessionId: string): Promise<string | undefined>;
  /** Reads the events after an index, oldest first. Empty at the end of the log and once it was erased. */
  readEvents(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]>;
  /**
   * Reads, of the events after an index, only those that can change the state of the session: all but the ones that
   * nodes emit. Oldest first; empty when there is none up to `through`, which must be in the log.
   */
  readSteps(sessionId: string, after: number, limits: PageLimits): Promise<readonly LoggedEvent[]>;
  /**
   * Reads the next events of several logs, each after its cursor (the index of the newest event that is known); a log
   * without any is left out. The limits hold for each log. At most 100 logs.
   */
  readGrown(
    cursors: ReadonlyMap<string, number>,
    limits: Omit<PageLimits, 'through'>,
  ): Promise<ReadonlyMap<string, readonly LoggedEvent[]>>;
  /** Looks at sessions, at most 500; unknown ones are left out. */
  look(sessionIds: readonly string[]): Promise<readonly SessionLook[]>;
  /** Reads the newest rows of a list. `graphId` undefined: of all graphs of the principal. */
  list(principal: string, graphId: string | undefined, limit: number): Promise<SessionList>;
  /** Reads rows of a list after a place, newest first; of equal age, in the reverse order of their ids. */
  listAfter(
    name: AnyListName,
    place: ListPlace,
    limit: number,
  ): Promise<Pick<SessionList, 'rows' | 'isTruncated'>>;
  /** Finds the revisions of lists, at most 200, in their order; 0 for a list without a session. */
  lookLists(names: readonly ListName[]): Promise<readonly number[]>;
  /** Finds the revisions of all lists of principals, at most 200, in their order: by graph. */
  lookGraphs(principals: readonly string[]): Promise<readonly ReadonlyMap<string, number>[]>;
  /**
   * Finds the changes of a list after a revision, oldest first, at most `limit`: of a session that has changed several
   * times only the newest one.
   */
  listChanges(name: ListName, after: number, limit: number): Promise<readonly ListChange[]>;
  findReceipt(principal: string, key: string): Promise<CreationReceipt | undefined>;
  /** Reads the row of a session in its list, with labels; undefined when it does not exist or was deleted. */
  readRow(sessionId: string): Promise<SessionSummary | undefined>;
  /**
   * Finds sessions of a status that have not ended, newest first: those that are older than `before` (of equal
   * age: that have a smaller id), at most `limit`. Takes as long as the result is.
   */
  findUnfinished(
    status: 'running' | 'suspended',
    limit: number,
    before?: UnfinishedSession,
  ): Promise<readonly UnfinishedSession[]>;
  /** Counts the sessions that have not ended, by principal. */
  countUnfinished(): Promise<ReadonlyMap<string, number>>;
  /**
   * Finds the oldest ended sessions of a graph with more than `keep` sessions, up to the number of sessions in
   * excess. Pinned ones are left out.
   */
  findSurplus(principal: string, graphId: string, keep: number): Promise<readonly StoredSession[]>;
  /** Finds the time of the newest change of a session; undefined when there is none. */
  newestMs(): Promise<number | undefined>;
  /** Finds ended sessions whose newest event is older than this, at most 100. Pinned ones are left out. */
  findEndedBefore(ms: number): Promise<readonly StoredSession[]>;
  /** Finds the newest events of a log that have at most so many bytes together; at least one, if there is one. */
  findErasable(sessionId: string, maxBytes: number): Promise<LogPart>;
  /** Finds sessions that were deleted before a time, and are not erased to their end (a process ended between the steps). */
  findUnerased(beforeMs: number): Promise<readonly string[]>;
  /** Deletes old tombstones, those of erased sessions only, old receipts, and what processes that died have left. */
  expire(times: ExpiryTimes): Promise<void>;
  /**
   * Copies all sessions, with their ids, to a store that has none; nothing may write this one meanwhile. Resolves with their
   * number. Absent where that is not possible.
   *
   * @throws Error when the other one has sessions, or is of another kind; nothing is copied then.
   */
  copyTo?(other: SessionStore): Promise<number>;
  /** Rejects every later call. */
  close(): Promise<void>;
}
