import { nodeIdOf, type GraphRunEvent } from '../../../protocol/events.js';
import { eventContains, eventTypeOf, isFailure } from './event-summary.js';

/** Which events are shown. Empty texts let everything through. */
export interface EventFilter {
  readonly type: string;
  readonly nodeId: string;
  readonly isFailedOnly: boolean;
  readonly text: string;
}

/** The filter that hides nothing. */
export const ALL_EVENTS: EventFilter = { type: '', nodeId: '', isFailedOnly: false, text: '' };

/** The log as far as the index needs to know it. */
export interface EventSource {
  readonly length: number;
  readonly dropped: number;
  readonly generation: number;
  at(position: number): GraphRunEvent | undefined;
}

/** Events looked at before the time is. */
const CHUNK = 256;

/**
 * Which events of a log match a filter, kept up as the log grows: each event is looked at once, and again
 * only when the filter changes. Positions count from the beginning of the log, also when its oldest events
 * were let go.
 */
export class EventIndex {
  #filter = ALL_EVENTS;
  #needle = '';
  #generation = -1;
  #matches: number[] = [];
  #matchedUpTo = 0;
  #countedUpTo = 0;
  #first = 0;
  readonly #types = new Map<string, number>();
  readonly #nodes = new Map<string, number>();
  #failures = 0;

  /** Number of events that match so far. */
  get count(): number {
    return this.#matches.length - this.#first;
  }

  /** Events by type, of the whole log. */
  get types(): ReadonlyMap<string, number> {
    return this.#types;
  }

  /** Events by node, of the whole log. */
  get nodes(): ReadonlyMap<string, number> {
    return this.#nodes;
  }

  /** Events that tell of an error, in the whole log. */
  get failures(): number {
    return this.#failures;
  }

  /** The position in the log of the n-th match; undefined beyond the last one. */
  at(row: number): number | undefined {
    return this.#matches[this.#first + row];
  }

  /** Where a position of the log stands among the matches; -1 when it does not match. */
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

  /** Shows other events: they have to be read again. */
  setFilter(filter: EventFilter): void {
    if (filter === this.#filter) return;
    this.#filter = filter;
    this.#needle = filter.text.trim().toLowerCase();
    this.#matches = [];
    this.#first = 0;
    this.#matchedUpTo = 0;
  }

  /**
   * Reads what is new, or not read yet, until `now()` reaches `untilMs`. True when everything is read;
   * else it has to be called again.
   */
  read(source: EventSource, untilMs: number, now: () => number = () => performance.now()): boolean {
    if (source.generation !== this.#generation) this.#restart(source.generation);
    const { dropped } = source;
    const end = dropped + source.length;
    // What was let go cannot be shown any more.
    while ((this.#matches[this.#first] ?? Number.POSITIVE_INFINITY) < dropped) this.#first += 1;
    this.#matchedUpTo = Math.max(this.#matchedUpTo, dropped);
    this.#countedUpTo = Math.max(this.#countedUpTo, dropped);
    while (this.#matchedUpTo < end) {
      const stop = Math.min(end, this.#matchedUpTo + CHUNK);
      for (; this.#matchedUpTo < stop; this.#matchedUpTo += 1) this.#look(source, this.#matchedUpTo);
      if (this.#matchedUpTo < end && now() >= untilMs) return false;
    }
    return true;
  }

  #look(source: EventSource, position: number): void {
    const event = source.at(position - source.dropped);
    if (event === undefined) return;
    if (position >= this.#countedUpTo) {
      this.#count(event);
      this.#countedUpTo = position + 1;
    }
    if (this.#isMatch(event)) this.#matches.push(position);
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

  #restart(generation: number): void {
    this.#generation = generation;
    this.#matches = [];
    this.#first = 0;
    this.#matchedUpTo = 0;
    this.#countedUpTo = 0;
    this.#types.clear();
    this.#nodes.clear();
    this.#failures = 0;
  }
}
