import type { GraphRunEvent } from '../../protocol/events.js';
import { countUpTo, type KeptEvents } from './event-search.js';
import { EMPTY_RUN } from './empty-run.js';
import { reduceRun, type RunState } from './reduce-run.js';

/** Events between two snapshots: as many are folded at most to reach a moment, which takes a few milliseconds. */
const SNAPSHOT_EVENTS = 1000;

interface Snapshot {
  /** Number of events of the log before this state, with those that are no longer kept. */
  readonly count: number;
  readonly state: RunState;
}

/**
 * States of a run along its log, so that any moment is near one. States are immutable and share what did not change,
 * so that a snapshot costs little more than what changed since the one before.
 */
export class RunSnapshots {
  #snapshots: Snapshot[] = [{ count: 0, state: EMPTY_RUN }];
  #count = 0;
  /** The state that was reached last: the next one is often a few events later, when a run is played. */
  #reached: Snapshot | undefined;
  readonly #every: number;

  /** @param every events between two snapshots. */
  constructor(every = SNAPSHOT_EVENTS) {
    this.#every = every;
  }

  /** Folds the next events into the newest state, and keeps states on the way. */
  append(newest: RunState, events: readonly GraphRunEvent[]): RunState {
    // Before its first event, a run may have questions that its server repeats.
    if (this.#count === 0) this.#snapshots = [{ count: 0, state: newest }];
    let state = newest;
    for (let start = 0; start < events.length;) {
      const piece = events.slice(start, start + this.#every - (this.#count % this.#every));
      state = reduceRun(state, piece);
      start += piece.length;
      this.#count += piece.length;
      if (this.#count % this.#every === 0) this.#snapshots.push({ count: this.#count, state });
    }
    return state;
  }

  /** The lowest number of events, with those no longer kept, after which the run can be shown. */
  firstCount({ dropped }: KeptEvents): number {
    const first = this.#snapshots.find(({ count }) => count >= dropped);
    return Math.max(dropped + 1, first?.count ?? 0);
  }

  /** The state after a number of events; `kept` must have those since the snapshot before. */
  at(count: number, kept: KeptEvents): RunState {
    const nearest = this.#before(count);
    const reached = this.#reached;
    const isNearer = reached !== undefined && reached.count <= count && reached.count >= nearest.count;
    const snapshot = isNearer ? reached : nearest;
    const events: GraphRunEvent[] = [];
    for (let position = snapshot.count - kept.dropped; position < count - kept.dropped; position += 1) {
      const event = kept.at(position);
      if (event !== undefined) events.push(event);
    }
    const state = events.length === 0 ? snapshot.state : reduceRun(snapshot.state, events);
    this.#reached = { count, state };
    return state;
  }

  /** Forgets the snapshots from which no kept event can be reached. */
  prune(dropped: number): void {
    if (dropped === 0) return;
    this.#snapshots = this.#snapshots.filter(({ count }) => count >= dropped);
    if ((this.#reached?.count ?? dropped) < dropped) this.#reached = undefined;
  }

  /** Forgets everything. */
  clear(): void {
    this.#snapshots = [{ count: 0, state: EMPTY_RUN }];
    this.#count = 0;
    this.#reached = undefined;
  }

  #before(count: number): Snapshot {
    const snapshots = this.#snapshots;
    const upTo = countUpTo(snapshots.length, (position) => (snapshots[position]?.count ?? 0) <= count);
    return snapshots[Math.max(0, upTo - 1)] ?? { count: 0, state: EMPTY_RUN };
  }
}
