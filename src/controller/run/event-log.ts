import { Signal } from 'signal-polyfill';
import type { GraphRunEvent } from '../../protocol/events.js';

/** Maximum number of events kept; beyond it the oldest are dropped and counted. */
export const MAX_KEPT_EVENTS = 200_000;

/**
 * The events of a session in the order of its log. Appending is cheap: there is one growing array and one
 * signal for its length.
 */
export class EventLog {
  #events: GraphRunEvent[] = [];
  #dropped = 0;
  #generation = 0;
  readonly #length = new Signal.State(0);

  /** Number of events that can be read. */
  get length(): number {
    return this.#length.get();
  }

  /** Number of events that were dropped at the beginning. */
  get dropped(): number {
    this.#length.get();
    return this.#dropped;
  }

  /** Changes whenever all events are removed: everything derived from them is then invalid. */
  get generation(): number {
    this.#length.get();
    return this.#generation;
  }

  /** The event at a position, 0 for the oldest that is kept. */
  at(position: number): GraphRunEvent | undefined {
    this.#length.get();
    return this.#events[position];
  }

  /** Adds events at the end, as one change. */
  append(events: readonly GraphRunEvent[]): void {
    for (const event of events) this.#events.push(event);
    const excess = this.#events.length - MAX_KEPT_EVENTS;
    // Dropped in large steps, because each step copies the whole array.
    if (excess > MAX_KEPT_EVENTS / 10) {
      this.#events = this.#events.slice(excess);
      this.#dropped += excess;
    }
    this.#length.set(this.#events.length);
  }

  /** Removes everything. */
  clear(): void {
    this.#events = [];
    this.#dropped = 0;
    this.#generation += 1;
    this.#length.set(0);
  }
}
