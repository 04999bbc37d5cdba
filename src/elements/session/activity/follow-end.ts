/** Distance from the end, in pixels, that still counts as the end. */
const SLACK = 32;

/**
 * Keeps a scroller at its end while its content grows, until the person scrolls away; from then on
 * nothing moves under them. Scrolling back to the end resumes following.
 *
 * Listens to scrolling and not to wheel, touch and keys: a search in the page, a screen reader or a link
 * scrolls as well.
 */
export class FollowEnd {
  readonly #onChange: (isAtEnd: boolean) => void;
  readonly #growth = new ResizeObserver(() => {
    // Following only scrolls. A report may change the layout, which within this callback browsers report as an error.
    if (this.#isFollowing) this.keep();
    else requestAnimationFrame(() => this.keep());
  });
  #scroller: HTMLElement | undefined;
  #content: Element | undefined;
  #isFollowing = false;
  #hasBegun = false;
  /** Position and sizes of the scroller when it was last measured. */
  #top = 0;
  #height = 0;
  #length = 0;

  /** @param onChange called when the end comes into view or leaves it, after `begin` */
  constructor(onChange: (isAtEnd: boolean) => void) {
    this.#onChange = onChange;
  }

  /** Starts over for other content, which is shown from its beginning. */
  reset(): void {
    this.#hasBegun = false;
    this.#isFollowing = false;
    if (this.#scroller !== undefined) this.#scroller.scrollTop = 0;
  }

  /** Sets whether to follow the content; only the first call after a reset has an effect. */
  begin(isFollowing: boolean): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#isFollowing = isFollowing;
    if (isFollowing) this.keep();
  }

  /** Watches a scroller and its content; calling it again with the same ones changes nothing. */
  watch(scroller: HTMLElement, content: Element): void {
    if (this.#scroller === scroller && this.#content === content) return;
    this.stop();
    this.#scroller = scroller;
    this.#content = content;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#growth.observe(scroller);
    this.#growth.observe(content);
  }

  /** Scrolls to the end and follows it. */
  toEnd(): void {
    this.#isFollowing = true;
    this.keep();
    this.#onChange(true);
  }

  /** Stops following until the person scrolls to the end, or `resume` is called there. */
  pause(): void {
    this.#isFollowing = false;
  }

  /** Follows again after `pause`, if the end is still in view. */
  resume(): void {
    if (this.#scroller !== undefined && this.#hasBegun && isAtEnd(this.#scroller)) this.toEnd();
  }

  /** Stops watching. */
  stop(): void {
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#growth.disconnect();
    this.#scroller = undefined;
    this.#content = undefined;
  }

  /**
   * Scrolls to the end if it is being followed. Happens by itself when the scroller or its content changes
   * size; code that takes some of its space and gives it back within one frame has to call this.
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
    // The event comes after the scrolling: the content may have grown meanwhile, and the end moved away.
    const isUp = scroller.scrollTop < this.#top;
    // A higher scroller or less content also moves the position up.
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
