/** Distance from the end, in pixels, that still counts as being there. */
const SLACK = 32;

/** What people scroll with; the focus is moved by keys and by assistive technology. */
const INPUTS = ['wheel', 'touchmove', 'pointerdown', 'keydown', 'focusin'] as const;

/** A scrolling that follows on one of them so soon, in milliseconds, is a person's. */
const PERSONAL_MS = 1000;

/**
 * Keeps a scroller at its end while its content grows, until the person scrolls away; from then on
 * nothing moves under them. Scrolling back to the end takes it up again.
 */
export class FollowEnd {
  readonly #onChange: (isAtEnd: boolean) => void;
  readonly #growth = new ResizeObserver(() => this.#keep());
  #scroller: HTMLElement | undefined;
  #content: Element | undefined;
  #isFollowing = false;
  #hasBegun = false;
  /** Where the scroller was last seen. */
  #top = 0;
  /** When a person last did something in it, on a monotonic clock. */
  #inputMs = Number.NEGATIVE_INFINITY;

  /** @param onChange told when the end comes into sight or goes out of it, once following has begun */
  constructor(onChange: (isAtEnd: boolean) => void) {
    this.#onChange = onChange;
  }

  /** Forgets what it knew: other content is about to be shown, from its beginning. */
  reset(): void {
    this.#hasBegun = false;
    this.#isFollowing = false;
    if (this.#scroller !== undefined) this.#scroller.scrollTop = 0;
  }

  /** Says, once, whether the content is to be followed. */
  begin(isFollowing: boolean): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#isFollowing = isFollowing;
    if (isFollowing) this.#keep();
  }

  /** Watches a scroller and its content; the same ones again change nothing. */
  watch(scroller: HTMLElement, content: Element): void {
    if (this.#scroller === scroller && this.#content === content) return;
    this.stop();
    this.#scroller = scroller;
    this.#content = content;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    for (const type of INPUTS) scroller.addEventListener(type, this.#onInput, { passive: true });
    this.#growth.observe(scroller);
    this.#growth.observe(content);
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.#isFollowing = true;
    this.#keep();
    this.#onChange(true);
  }

  /** Watches nothing any more. */
  stop(): void {
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    for (const type of INPUTS) this.#scroller?.removeEventListener(type, this.#onInput);
    this.#growth.disconnect();
    this.#scroller = undefined;
    this.#content = undefined;
  }

  #keep(): void {
    const scroller = this.#scroller;
    if (scroller === undefined || !this.#hasBegun) return;
    if (this.#isFollowing) {
      scroller.scrollTop = scroller.scrollHeight;
      this.#top = scroller.scrollTop;
    } else this.#onChange(isAtEnd(scroller));
  }

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller === undefined || !this.#hasBegun) return;
    // The event comes later than the scrolling: meanwhile the content may have grown, and the end gone away.
    const isUp = scroller.scrollTop < this.#top;
    this.#top = scroller.scrollTop;
    // A card that leaves moves the scroller up as well, and the next one may be there already.
    const isPersonal = performance.now() - this.#inputMs < PERSONAL_MS;
    this.#isFollowing = isAtEnd(scroller) || (this.#isFollowing && !(isUp && isPersonal));
    if (this.#isFollowing && !isAtEnd(scroller)) this.#keep();
    this.#onChange(this.#isFollowing);
  };

  readonly #onInput = (): void => {
    this.#inputMs = performance.now();
  };
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }: Element): boolean {
  return scrollHeight - scrollTop - clientHeight <= SLACK;
}
