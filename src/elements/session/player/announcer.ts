/** Least time between two announcements, in milliseconds. */
const LEAST_MS = 1000;

/** Passes on the newest of many texts, at most one per second, and the last one always. */
export class Announcer {
  readonly #announce: (text: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = '';
  #next = '';

  /** @param announce called with the text to announce */
  constructor(announce: (text: string) => void) {
    this.#announce = announce;
  }

  /** Announces a text, now or within a second; a later one replaces it. The text announced last is not repeated. */
  say(text: string): void {
    this.#next = text;
    if (this.#timer === undefined) this.#flush();
  }

  /** Forgets what is due. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = '';
    this.#next = '';
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#next === this.#last) return;
    this.#last = this.#next;
    this.#timer = setTimeout(() => this.#flush(), LEAST_MS);
    this.#announce(this.#last);
  }
}
