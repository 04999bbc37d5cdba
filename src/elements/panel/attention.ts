/** Texts are announced once things have settled for this long. */
const ANNOUNCE_MS = 250;

/** Tells a screen reader what has changed: the last thing only, and only once it has settled. */
export class Announcer {
  readonly #say: (text: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param say puts a text where a screen reader finds it. */
  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Announces what `text` returns when things have settled, unless something else is to be said by then. */
  announce(text: () => string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#say(text());
    }, ANNOUNCE_MS);
  }

  /** Takes away what was said and is no longer true, in silence; what waits to be said replaces it anyway. */
  retract(): void {
    if (this.#timer === undefined) this.announce(() => '');
  }

  /** Says nothing more of what waits. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
