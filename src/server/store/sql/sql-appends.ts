import type { SessionWrite, WriteOutcome } from '../session-store.js';

/** A step that appends to a log. */
export type AppendWrite = Extract<SessionWrite, { kind: 'append' }>;

/** A commit of appends. */
export interface AppendCommit {
  readonly epoch: number;
  /** The name of the row in `counters` that has the epoch. */
  readonly slot: string;
  /** The id by which the commit is found again. */
  readonly commitId: string;
}

/** Commits of appends alone that need no transaction of several statements. */
export interface SqlAppends {
  /** True when these can be committed so. */
  canCommit(writes: readonly AppendWrite[]): boolean;
  /**
   * Commits appends, under an id by which `SqlStore` finds the commit again. Resolves with undefined when the store is not
   * at `epoch`.
   *
   * @throws CommitLostError when it is not known whether they were written.
   */
  commit(commit: AppendCommit, writes: readonly AppendWrite[]): Promise<readonly WriteOutcome[] | undefined>;
  /** Reads the outcomes of a commit that was carried out, but has no response. */
  find(writes: readonly AppendWrite[]): Promise<readonly WriteOutcome[]>;
}
