import { tooManySessions } from './session-errors.js';

/** How many sessions that have not ended each principal has; creations under way count. */
export class OpenCounts {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws GraphRunError `too-many-sessions`, unless it is forced: what exists must be served. */
  add(principal: string, { isForced = false } = {}): void {
    const count = this.#counts.get(principal) ?? 0;
    if (count >= this.#limit && !isForced) throw tooManySessions(this.#limit);
    this.#counts.set(principal, count + 1);
  }

  subtract(principal: string): void {
    const count = (this.#counts.get(principal) ?? 0) - 1;
    if (count > 0) this.#counts.set(principal, count);
    else this.#counts.delete(principal);
  }
}
