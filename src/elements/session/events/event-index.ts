import { nodeIdOf, type GraphRunEvent } from '../../../protocol/events.js';
import { dayNumber } from '../../strings/time-format.js';
import { eventContains, eventTypeOf, isFailure } from './event-summary.js';

/** A filter of events. An empty text matches every event. */
export interface EventFilter {
  readonly type: string;
  readonly nodeId: string;
  readonly isFailedOnly: boolean;
  readonly text: string;
}

/** The filter that matches every event. */
export const ALL_EVENTS: EventFilter = { type: '', nodeId: '', isFailedOnly: false, text: '' };

/** The part of the log that the index reads. */
export interface EventSource {
  readonly length: number;
  readonly dropped: number;
  readonly generation: number;
  at(position: number): GraphRunEvent | undefined;
}

const QUARTER_MS = 15 * 60 * 1000;
/** Number of events read between two looks at the time. */
const CHUNK = 256;

/**
 * Index of the events that match a filter, updated as the log grows: each event is read once, and again
 * only when the filter changes. Positions count from the beginning of the log, even after its oldest events
 * were dropped.
 */
export class EventIndex {
  #filter = ALL_EVENTS;
  #needle = '';
  #generation = -1;
  #matches: number[] = [];
  /** Indices in `#matches` of the first match of each day. */
  #days: number[] = [];
  #day = Number.NaN;
  #quarter = Number.NaN;
  #matchedUpTo = 0;
  #countedUpTo = 0;
  #first = 0;
  readonly #types = new Map<string, number>();
  readonly #nodes = new Map<string, number>();
  #failures = 0;

  /** Number of matches found so far. */
  get count(): number {
    return this.#matches.length - this.#first;
  }

  /** The rows that begin a day, in ascending order; events without a time belong to the day before them. */
  get days(): readonly number[] {
    const later = this.#days.filter((match) => match > this.#first).map((match) => match - this.#first);
    return this.count > 0 && this.#days.length > 0 ? [0, ...later] : later;
  }

  /** Number of events of each type, of those read so far. */
  get types(): ReadonlyMap<string, number> {
    return this.#types;
  }

  /** Number of events of each node, of those read so far. */
  get nodes(): ReadonlyMap<string, number> {
    return this.#nodes;
  }

  /** Number of events that report an error, of those read so far. */
  get failures(): number {
    return this.#failures;
  }

  /** The position in the log of the match in a row; undefined beyond the last one. */
  at(row: number): number | undefined {
    return this.#matches[this.#first + row];
  }

  /** The row of a position of the log; -1 if that event does not match. */
  rowOf(position: number): number {
    let low = this.#first;
    let high = this.#matches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#matches[middle] ?? Number.POSITIVE_INFINITY) < position) low = middle + 1;
      else high = middle;
    }
    return this.#matches[low] === position ? low - this.#first : -1;
  }

  /** Sets the filter. If it changes, all events have to be read again. */
  setFilter(filter: EventFilter): void {
    if (filter === this.#filter) return;
    this.#filter = filter;
    this.#needle = filter.text.trim().toLowerCase();
    this.#forgetMatches();
  }

  /**
   * Reads the events that have not been read, until `now()` reaches `untilMs`. True when all are read;
   * otherwise it has to be called again.
   */
  read(source: EventSource, untilMs: number, now: () => number = () => performance.now()): boolean {
    if (source.generation !== this.#generation) this.#restart(source.generation);
    const { dropped } = source;
    const end = dropped + source.length;
    // Dropped events can no longer be shown.
    while ((this.#matches[this.#first] ?? Number.POSITIVE_INFINITY) < dropped) this.#first += 1;
    this.#matchedUpTo = Math.max(this.#matchedUpTo, dropped);
    this.#countedUpTo = Math.max(this.#countedUpTo, dropped);
    while (this.#matchedUpTo < end) {
      const stop = Math.min(end, this.#matchedUpTo + CHUNK);
      for (; this.#matchedUpTo < stop; this.#matchedUpTo += 1) this.#readAt(source, this.#matchedUpTo);
      if (this.#matchedUpTo < end && now() >= untilMs) return false;
    }
    return true;
  }

  #readAt(source: EventSource, position: number): void {
    const event = source.at(position - source.dropped);
    if (event === undefined) return;
    if (position >= this.#countedUpTo) {
      this.#count(event);
      this.#countedUpTo = position + 1;
    }
    if (!this.#isMatch(event)) return;
    this.#noteDay(event.ts);
    this.#matches.push(position);
  }

  #noteDay(ts: number | undefined): void {
    if (ts === undefined) return;
    // In every time zone, days begin at a quarter of an hour.
    const quarter = Math.floor(ts / QUARTER_MS);
    if (quarter === this.#quarter) return;
    this.#quarter = quarter;
    const day = dayNumber(ts);
    if (day !== this.#day) this.#days.push(this.#matches.length);
    this.#day = day;
  }

  #count(event: GraphRunEvent): void {
    const type = eventTypeOf(event);
    this.#types.set(type, (this.#types.get(type) ?? 0) + 1);
    const nodeId = nodeIdOf(event);
    if (nodeId !== undefined) this.#nodes.set(nodeId, (this.#nodes.get(nodeId) ?? 0) + 1);
    if (isFailure(event)) this.#failures += 1;
  }

  #isMatch(event: GraphRunEvent): boolean {
    const { type, nodeId, isFailedOnly } = this.#filter;
    if (type !== '' && eventTypeOf(event) !== type) return false;
    if (nodeId !== '' && nodeIdOf(event) !== nodeId) return false;
    if (isFailedOnly && !isFailure(event)) return false;
    return this.#needle === '' || eventContains(event, this.#needle);
  }

  #forgetMatches(): void {
    this.#matches = [];
    this.#days = [];
    this.#day = Number.NaN;
    this.#quarter = Number.NaN;
    this.#first = 0;
    this.#matchedUpTo = 0;
  }

  #restart(generation: number): void {
    this.#generation = generation;
    this.#forgetMatches();
    this.#countedUpTo = 0;
    this.#types.clear();
    this.#nodes.clear();
    this.#failures = 0;
  }
}
