import type { SessionSummary } from '../protocol/session-summary.js';
import { KeyedSignals } from './keyed-signals.js';

/** The sessions of a list that other sessions of it run again. Backed by signals. */
export class Reruns {
  /** The session that each session runs again. */
  readonly #origins = new Map<string, string>();
  /** Ids of completed sessions that run another one again, in the order in which they were seen. */
  readonly #completed = new Set<string>();
  /** The session that solved each one. */
  readonly #solved = new KeyedSignals<string, string>();

  /** The id of a completed session that ran this one again, directly or over several reruns; undefined without one. */
  solverOf(sessionId: string): string | undefined {
    return this.#solved.get(sessionId);
  }

  /** Takes in rows that are new or have changed, and removes others. */
  update(rows: ReadonlyMap<string, SessionSummary>, removed: readonly string[]): void {
    let isLess = false;
    let isMore = false;
    for (const [sessionId, { rerunOf, status }] of rows) {
      if (rerunOf === undefined) continue;
      isMore ||= !this.#origins.has(sessionId);
      this.#origins.set(sessionId, rerunOf.sessionId);
      if (status !== 'completed' || this.#completed.has(sessionId)) continue;
      this.#completed.add(sessionId);
      isMore = true;
    }
    for (const sessionId of removed) isLess = this.#completed.delete(sessionId) || isLess;
    if (isMore || isLess) this.#solve();
  }

  /** Forgets everything. */
  clear(): void {
    this.#origins.clear();
    this.#completed.clear();
    this.#solved.clear();
  }

  /** Finds what the completed reruns solved: few rows are reruns, so all of them are looked at. */
  #solve(): void {
    const solved = new Map<string, string>();
    for (const solver of this.#completed) {
      const seen = new Set([solver]);
      let origin = this.#origins.get(solver);
      while (origin !== undefined && !seen.has(origin)) {
        seen.add(origin);
        if (!solved.has(origin)) solved.set(origin, solver);
        origin = this.#origins.get(origin);
      }
    }
    const gone = this.#solved.keys.filter((sessionId) => !solved.has(sessionId));
    this.#solved.apply(solved, gone);
  }
}
