/** Distance from the end, in pixels, that still counts as being there. */
const SLACK = 32;

/**
 * Keeps a scroller at its end while its content grows, until the person scrolls away; from then on
 * nothing moves under them. Scrolling back to the end takes it up again.
 *
 * Not told by wheel, touch and keys: a search in the page, a screen reader and a link scroll as well.
 */
export class FollowEnd {
  readonly #onChange: (isAtEnd: boolean) => void;
  readonly #growth = new ResizeObserver(() => this.keep());
  #scroller: HTMLElement | undefined;
  #content: Element | undefined;
  #isFollowing = false;
  #hasBegun = false;
  /** Where the scroller was last seen, and its sizes then. */
  #top = 0;
  #height = 0;
  #length = 0;

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
    if (isFollowing) this.keep();
  }

  /** Watches a scroller and its content; the same ones again change nothing. */
  watch(scroller: HTMLElement, content: Element): void {
    if (this.#scroller === scroller && this.#content === content) return;
    this.stop();
    this.#scroller = scroller;
    this.#content = content;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#growth.observe(scroller);
    this.#growth.observe(content);
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.#isFollowing = true;
    this.keep();
    this.#onChange(true);
  }

  /** Watches nothing any more. */
  stop(): void {
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#growth.disconnect();
    this.#scroller = undefined;
    this.#content = undefined;
  }

  /**
   * Stays at the end, if that is followed. Done whenever the scroller or its content gets another size;
   * only who gives its room to something else and back at once has to say so.
   */
  keep(): void {
    const scroller = this.#scroller;
    if (scroller === undefined || !this.#hasBegun) return;
    if (this.#isFollowing) scroller.scrollTop = scroller.scrollHeight;
    else this.#onChange(isAtEnd(scroller));
    this.#see(scroller);
  }

  #see({ scrollTop, clientHeight, scrollHeight }: Element): void {
    this.#top = scrollTop;
    this.#height = clientHeight;
    this.#length = scrollHeight;
  }

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller === undefined || !this.#hasBegun) return;
    // The event comes later than the scrolling: meanwhile the content may have grown, and the end gone away.
    const isUp = scroller.scrollTop < this.#top;
    // More room or less content moves it up as well.
    const isResized = scroller.clientHeight !== this.#height || scroller.scrollHeight < this.#length;
    this.#isFollowing = isAtEnd(scroller) || (this.#isFollowing && (!isUp || isResized));
    if (this.#isFollowing) this.keep();
    else this.#see(scroller);
    this.#onChange(this.#isFollowing);
  };
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }: Element): boolean {
  return scrollHeight - scrollTop - clientHeight <= SLACK;
}
