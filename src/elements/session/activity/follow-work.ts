/** Distance from the followed place, in pixels, that still counts as there. */
const SLACK = 32;

/** Sizes of a scroller and of the element that is followed in it, in pixels; `head` and `end` from the top of the content. */
export interface FollowedSizes {
  /** Height of the visible part. */
  readonly height: number;
  /** Height of the content. */
  readonly length: number;
  /** Top of the followed element. */
  readonly head: number;
  /** Bottom of the followed element. */
  readonly end: number;
}

/**
 * The scroll position at which a growing element is followed: its head at a third of the height, or, once it is longer
 * than what is below, its end at the bottom.
 */
export function followedTop({ height, length, head, end }: FollowedSizes): number {
  const top = Math.max(head - height / 3, end - height);
  return Math.min(Math.max(0, top), Math.max(0, length - height));
}

/** An element of the content that someone sees, and the height of the content above it, in pixels. */
interface Place {
  readonly element: Element;
  readonly above: number;
}

/**
 * Keeps the newest work in sight while the content of a scroller grows, until the person scrolls away; from then on
 * nothing moves under them. Scrolling back to the followed place resumes following.
 *
 * Listens to scrolling and not to wheel, touch and keys: a search in the page, a screen reader or a link
 * scrolls as well.
 */
export class FollowWork {
  readonly #target: () => Element | undefined;
  readonly #onChange: (isThere: boolean) => void;
  /** Created by the first `watch`: there is none on a server, which renders the element as well. */
  #growth: ResizeObserver | undefined;
  #frame: number | undefined;
  #isObserved = false;
  #scroller: HTMLElement | undefined;
  #content: Element | undefined;
  #isFollowing = false;
  /** True after a jump: the place where it ends is not followed, wherever it is. */
  #isHeld = false;
  #hasBegun = false;
  /** Position and sizes of the scroller when it was last measured. */
  #top = 0;
  #height = 0;
  #length = 0;
  /** What was at the top then. */
  #place: Place | undefined;

  /**
   * @param target returns the element to follow; undefined for the end of the content
   * @param onChange called when the followed place comes into view or leaves it, after `begin`
   */
  constructor(target: () => Element | undefined, onChange: (isThere: boolean) => void) {
    this.#target = target;
    this.#onChange = onChange;
  }

  /** Starts over for other content, which is shown from its beginning. */
  reset(): void {
    this.#hasBegun = false;
    this.#isFollowing = false;
    this.#isHeld = false;
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
    this.#growth ??= new ResizeObserver(() => this.#onResize());
    this.#observe();
  }

  /** Scrolls to the newest work and follows it. */
  follow(): void {
    this.#isFollowing = true;
    this.#isHeld = false;
    this.keep();
    this.#onChange(true);
  }

  /** Stops following until the person scrolls to the followed place, or `resume` is called there. */
  pause(): void {
    this.#isFollowing = false;
  }

  /** Follows again after `pause`, if the followed place is still in view. */
  resume(): void {
    if (this.#scroller === undefined || !this.#hasBegun || this.#isHeld) return;
    if (this.#isAtPlace(this.#scroller)) this.follow();
  }

  /** Stops following because the person goes elsewhere; until they scroll, nothing resumes it. */
  hold(): void {
    if (!this.#hasBegun) return;
    this.#isFollowing = false;
    this.#isHeld = true;
    this.keep();
  }

  /** True from `hold` until the person scrolls, or follows again. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Stops watching. */
  stop(): void {
    this.#scroller?.removeEventListener('scroll', this.#onScroll);
    this.#growth?.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#scroller = undefined;
    this.#content = undefined;
  }

  #onResize(): void {
    const scroller = this.#scroller;
    if (scroller === undefined) return;
    const isSeen = scroller.clientHeight === this.#height && scroller.scrollHeight === this.#length;
    if (this.#isFollowing && isSeen) return;
    if (this.#isFollowing || this.#movedBy(scroller) !== 0) {
      // At once: a scroll event that comes first would look like the person's. Scrolling lays out nodes that come into
      // view, and Firefox reports their growth in this callback as an error, unless they are observed again later.
      this.#growth?.disconnect();
      this.#isObserved = false;
      this.keep();
    }
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (!this.#isObserved) this.#observe();
      if (!this.#isFollowing) this.keep();
    });
  }

  #observe(): void {
    this.#isObserved = true;
    if (this.#scroller !== undefined) this.#growth?.observe(this.#scroller);
    if (this.#content !== undefined) this.#growth?.observe(this.#content);
  }

  /**
   * Scrolls to the followed place, if it is followed. Happens by itself when the scroller or its content changes
   * size; code that takes some of its space and gives it back within one frame has to call this, and so has code that
   * scrolls.
   */
  keep(): void {
    const scroller = this.#scroller;
    if (scroller === undefined || !this.#hasBegun) return;
    if (this.#isFollowing) scroller.scrollTop = this.#placeIn(scroller);
    else {
      scroller.scrollBy({ top: this.#movedBy(scroller), behavior: 'instant' });
      this.#onChange(!this.#isHeld && this.#isAtPlace(scroller));
    }
    this.#see(scroller);
  }

  #placeIn(scroller: HTMLElement): number {
    const { scrollTop, clientHeight: height, scrollHeight: length } = scroller;
    const target = this.#target();
    if (target === undefined) return length - height;
    const { top, bottom } = target.getBoundingClientRect();
    const before = scrollTop - scroller.getBoundingClientRect().top;
    return followedTop({ height, length, head: top + before, end: bottom + before });
  }

  #isAtPlace(scroller: HTMLElement): boolean {
    return Math.abs(scroller.scrollTop - this.#placeIn(scroller)) <= SLACK;
  }

  #see(scroller: Element): void {
    this.#top = scroller.scrollTop;
    this.#height = scroller.clientHeight;
    this.#length = scroller.scrollHeight;
    this.#place = this.#isFollowing ? undefined : this.#placeOf(scroller);
  }

  /** What is at the top of the scroller; what comes after it, if that is not laid out yet, because then it grows. */
  #placeOf(scroller: Element): Place | undefined {
    const { top, left, width } = scroller.getBoundingClientRect();
    const elements = this.#content?.children ?? [];
    let [low, high] = [0, elements.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((elements[middle]?.getBoundingClientRect().bottom ?? 0) > top) high = middle;
      else low = middle + 1;
    }
    const first = elements[low];
    if (first === undefined) return undefined;
    const element = isSkipped(first)
      ? (elements[low + 1] ?? first)
      : (elementAt(first, left + width / 2, top + 1) ?? first);
    return { element, above: this.#heightAbove(element) };
  }

  #heightAbove(element: Element): number {
    return element.getBoundingClientRect().top - (this.#content?.getBoundingClientRect().top ?? 0);
  }

  /**
   * By how much what someone sees has moved since it was measured. Browsers scroll by it, but Firefox not when nodes come
   * near and are laid out (`content-visibility`), and WebKit never.
   */
  #movedBy(scroller: Element): number {
    return scroller.scrollTop === this.#top ? this.#grownAbove() : 0;
  }

  /**
   * By how much the content above what someone sees has grown since it was measured. Who is at the beginning sees what comes
   * there, as in browsers that scroll by themselves.
   */
  #grownAbove(): number {
    if (this.#top <= 0 || this.#place?.element.isConnected !== true) return 0;
    return this.#heightAbove(this.#place.element) - this.#place.above;
  }

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller === undefined || !this.#hasBegun) return;
    if (this.#isOwnScroll(scroller)) {
      // The sizes may have changed since, and back again, so that no observer reports it.
      this.keep();
      return;
    }
    this.#isHeld = false;
    this.#isFollowing = this.#isAtPlace(scroller);
    if (this.#isFollowing) this.keep();
    else {
      const grown = this.#grownAbove();
      const isByBrowser = Math.abs(scroller.scrollTop - this.#top - grown) < 1;
      if (!isByBrowser) scroller.scrollBy({ top: grown, behavior: 'instant' });
      this.#see(scroller);
    }
    this.#onChange(this.#isFollowing);
  };

  /** True for a scroll event that is not a person's. */
  #isOwnScroll(scroller: HTMLElement): boolean {
    const moved = scroller.scrollTop - this.#top;
    if (moved === 0) return true;
    const grown = scroller.scrollHeight - this.#length;
    // A higher scroller or less content moves the position, and so does the browser when content above grows.
    const isResized = scroller.clientHeight !== this.#height || grown < 0;
    const isAnchored = this.#isHeld ? grown !== 0 : !this.#isFollowing && moved > 0 && moved <= grown;
    return isResized || isAnchored;
  }
}

/** True for an element whose content the browser has not laid out (`content-visibility`). */
function isSkipped({ shadowRoot }: Element): boolean {
  return shadowRoot?.firstElementChild?.checkVisibility?.({ contentVisibilityAuto: true }) === false;
}

/** The innermost element at a point of the window that is drawn by another one, in its shadow. */
function elementAt({ shadowRoot }: Element, x: number, y: number): Element | undefined {
  const hit = shadowRoot?.elementFromPoint(x, y) ?? undefined;
  return hit === undefined || hit.getRootNode() !== shadowRoot ? undefined : (elementAt(hit, x, y) ?? hit);
}
