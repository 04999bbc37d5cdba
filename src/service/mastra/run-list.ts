import type { MonitorMessage } from '../../protocol/stream/messages.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import type { ListPublisher } from '../publish/list-publisher.js';
import type { ListQuery, MastraClient } from './mastra-client.js';
import type { RunRecord } from './mastra-records.js';
import { runEnd } from './snapshot-converter.js';

/** After this many looks at the runs that may change, all runs are read again. */
const WHOLE_EVERY = 30;

/** What a list needs of its service. */
export interface RunListContext {
  readonly client: MastraClient;
  readonly query: ListQuery;
  /** The row of a run. */
  rowOf(run: RunRecord, signal: AbortSignal): Promise<SessionSummary>;
  /** True for a run that was deleted, which it then deletes again: a step that does not end writes its record once more. */
  removeAgain(run: RunRecord, signal: AbortSignal): Promise<boolean>;
}

/** A run as it was last seen. */
interface SeenRun {
  readonly createdMs: number;
  readonly hasEnded: boolean;
  readonly sessionId: string;
}

/**
 * The list of a workflow’s runs, for one reading. A page has the whole record of each run, so only those are read that may
 * have changed; all of them when their number is another one than expected.
 */
export class RunList {
  readonly #context: RunListContext;
  #seen = new Map<string, SeenRun>();
  #looks = 0;

  constructor(context: RunListContext) {
    this.#context = context;
  }

  /** Looks at the list; yields the rows that have changed, and the deletions. */
  async *look(
    list: ListPublisher,
    signal: AbortSignal,
  ): AsyncGenerator<readonly MonitorMessage[], void, undefined> {
    const { client, query, rowOf, removeAgain } = this.#context;
    const sinceMs = this.#looks % WHOLE_EVERY === 0 ? undefined : this.#openSince();
    const recent = await client.listRuns(sinceMs === undefined ? query : { ...query, sinceMs }, signal);
    // Older than what was read: they are as they were.
    const older = [...this.#seen].filter(([, run]) => sinceMs !== undefined && run.createdMs < sinceMs);
    const isWhole =
      older.length === 0 || (await client.countRuns(query, signal)) === recent.length + older.length;
    const runs = isWhole ? recent : await client.listRuns(query, signal);
    const rows: SessionSummary[] = [];
    const next = new Map(isWhole ? older : []);
    for (const run of runs) {
      if (await removeAgain(run, signal)) continue;
      const row = await rowOf(run, signal);
      rows.push(row);
      const { sessionId } = row;
      next.set(run.runId, { createdMs: run.createdMs, hasEnded: runEnd(run) !== undefined, sessionId });
    }
    const gone = [...this.#seen].flatMap(([runId, run]) => (next.has(runId) ? [] : [run.sessionId]));
    this.#seen = next;
    this.#looks += 1;
    yield list.update(rows, gone);
  }

  /** When the oldest run was created that has not ended, else the newest one; undefined before the first look. */
  #openSince(): number | undefined {
    const all = [...this.#seen.values()];
    const open = all.filter(({ hasEnded }) => !hasEnded).map(({ createdMs }) => createdMs);
    if (open.length > 0) return Math.min(...open);
    return all.length === 0 ? undefined : Math.max(...all.map(({ createdMs }) => createdMs));
  }
}
