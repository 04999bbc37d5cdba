import type { Slot } from './read-in-slot.js';

/** The page, as far as it is visible. */
export interface PageVisibility {
  readonly isVisible: boolean;
  /** Calls back on each change, until the returned function is called. */
  subscribe(callback: () => void): () => void;
}

/** The visibility of this document. */
export const documentVisibility: PageVisibility = {
  get isVisible() {
    return document.visibilityState === 'visible';
  },
  subscribe(callback) {
    document.addEventListener('visibilitychange', callback);
    return () => document.removeEventListener('visibilitychange', callback);
  },
};

/**
 * A slot that a stream has while its page is visible: for pages that cannot share slots (no Web Locks, as on every page
 * that is not served securely), so that hidden tabs leave connections to the visible one.
 */
export class VisibleSlot implements Slot {
  readonly #page: PageVisibility;
  #stopListening = () => {};

  constructor(page: PageVisibility) {
    this.#page = page;
  }

  async take(): Promise<AbortSignal | undefined> {
    this.release();
    if (!this.#page.isVisible) return undefined;
    const lost = new AbortController();
    this.#stopListening = this.#page.subscribe(() => {
      if (!this.#page.isVisible) lost.abort();
    });
    return lost.signal;
  }

  wait(signal: AbortSignal): Promise<undefined> {
    return new Promise((resolve) => {
      const end = () => {
        stopListening();
        signal.removeEventListener('abort', end);
        resolve(undefined);
      };
      const stopListening = this.#page.subscribe(end);
      signal.addEventListener('abort', end);
      if (signal.aborted || this.#page.isVisible) end();
    });
  }

  claim(): void {
    // Only a visible page can ask for the stream, and it has it.
  }

  release(): void {
    this.#stopListening();
    this.#stopListening = () => {};
  }

  close(): void {
    this.release();
  }
}
