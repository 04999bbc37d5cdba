import type { GraphRunEvent } from '../../../protocol/events.js';
import { eventToWire, nodeIdOf } from '../../../protocol/events.js';
import { canonicalJson } from '../../../protocol/json.js';
import { sha256 } from './sha-256.js';

interface LogEntry {
  readonly digest: string;
  readonly nodeId: string | undefined;
}

/** What an event of a replay is to somebody who has seen some of the log. */
export type Recognition =
  | 'known'
  | 'new'
  /** Missed before, while later events of its node were delivered. */
  | 'late';

const HASH_CHARS = 64;

/** What an event is, whatever number the connection gave it. Long ones are hashed. */
export function digestOf(event: GraphRunEvent): string {
  const { index: _index, ...content } = eventToWire(event);
  const text = canonicalJson(content);
  return text.length <= HASH_CHARS ? text : sha256(text);
}

/**
 * The log as far as it is known, in the order of the server, as digests. Each connection replays all
 * of it; a pointer walks along, and what it does not meet was missed before. Positions are the only
 * identity that there is: the same event may well stand in a log twice.
 */
export class LegacyLog {
  readonly #entries: LogEntry[] = [];
  #pointer = 0;

  /** A new replay begins. */
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

  /** The replay is complete: what it did not bring, the server did not keep. */
  endReplay(): void {
    this.#entries.length = this.#pointer;
  }

  /** Takes an event that is not replayed but happens. */
  append(event: GraphRunEvent): void {
    this.#entries.push({ digest: digestOf(event), nodeId: nodeIdOf(event) });
    this.#pointer = this.#entries.length;
  }
}
