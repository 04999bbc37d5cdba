import type { GraphRunEvent } from '../../../protocol/events.js';
import { eventToWire, nodeIdOf } from '../../../protocol/events.js';
import { canonicalJson } from '../../../protocol/values/json.js';
import { sha256 } from './sha-256.js';

interface LogEntry {
  readonly digest: string;
  readonly nodeId: string | undefined;
}

/** The relation of an event of a replay to the known part of the log. */
export type Recognition =
  | 'known'
  | 'new'
  /** Missed until now, although later events of its node were delivered. */
  | 'late';

const HASH_CHARS = 64;

/** Returns the content of an event without the index that the connection gave it; long contents are hashed. */
export function digestOf(event: GraphRunEvent): string {
  const { index: _index, ...content } = eventToWire(event);
  const text = canonicalJson(content);
  return text.length <= HASH_CHARS ? text : sha256(text);
}

/**
 * Holds the known part of the log, in the order of the server, as digests. Each connection replays the whole log while
 * a pointer moves along; an event that differs from the one at the pointer was missed before. Only its position
 * identifies an event: a log may contain the same event twice.
 */
export class LegacyLog {
  readonly #entries: LogEntry[] = [];
  #pointer = 0;

  /** Starts a new replay. */
  rewind(): void {
    this.#pointer = 0;
  }

  /** Takes the next event of a replay. */
  recognise(event: GraphRunEvent): Recognition {
    const entry = { digest: digestOf(event), nodeId: nodeIdOf(event) };
    const position = this.#pointer;
    this.#pointer += 1;
    if (this.#entries[position]?.digest === entry.digest) return 'known';
    const isLate =
      entry.nodeId !== undefined &&
      this.#entries.slice(position).some(({ nodeId }) => nodeId === entry.nodeId);
    this.#entries.splice(position, 0, entry);
    return isLate ? 'late' : 'new';
  }

  /** Ends a replay: the server has dropped the events that it did not bring. */
  endReplay(): void {
    this.#entries.length = this.#pointer;
  }

  /** Takes an event that comes live. */
  append(event: GraphRunEvent): void {
    this.#entries.push({ digest: digestOf(event), nodeId: nodeIdOf(event) });
    this.#pointer = this.#entries.length;
  }
}
