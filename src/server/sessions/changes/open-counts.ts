import { tooManySessions } from '../session-errors.js';

/** Counts the sessions of each principal that have not ended, including creations in progress. */
export class OpenCounts {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds the sessions that exist already, however many. */
  addAll(counts: ReadonlyMap<string, number>): void {
    for (const [principal, count] of counts) {
      this.#counts.set(principal, (this.#counts.get(principal) ?? 0) + count);
    }
  }

  /** @throws GraphRunError `too-many-sessions`. */
  add(principal: string): void {
    const count = this.#counts.get(principal) ?? 0;
    if (count >= this.#limit) throw tooManySessions(this.#limit);
    this.#counts.set(principal, count + 1);
  }

  subtract(principal: string): void {
    const count = (this.#counts.get(principal) ?? 0) - 1;
    if (count > 0) this.#counts.set(principal, count);
    else this.#counts.delete(principal);
  }
}
