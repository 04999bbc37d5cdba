import type { ReactiveController, ReactiveElement } from 'lit';

/** Keys pressed this soon after another card was shown were meant for the card before it. */
const GUARD_MS = 200;

/** An element of the inbox that takes the focus once it is drawn. */
interface FocusPlace extends HTMLElement {
  readonly updateComplete?: Promise<boolean>;
}

/** A command of the person that leads to another card. */
interface Departure {
  /** Name of the card that is left; undefined when the person comes from outside. */
  readonly from: string | undefined;
  /** The element that had the focus then. */
  readonly holder: Element | null;
}

/**
 * Puts the caret in the card that follows a command of the person; a card that comes because another one left by itself
 * gets no focus. The heading (`h3`) holds the focus while there is no card.
 */
export class InboxFocus implements ReactiveController {
  readonly #host: ReactiveElement;
  #departure: Departure | undefined;
  #hadFocus = false;
  #shown: string | undefined;
  #guardedUntilMs = 0;

  constructor(host: ReactiveElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('keydown', this.#onKey, { capture: true });
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('keydown', this.#onKey, { capture: true });
  }

  /** Lets the shown card take the focus, or the first that is ready: the person has opened the inbox. */
  enter(): void {
    this.#departure = { from: undefined, holder: this.#focused };
    this.#host.requestUpdate();
  }

  /** Lets the next card take the focus: the person has done what leads to it. */
  leave(): void {
    this.#departure = { from: this.#shown, holder: this.#focused };
    this.#host.requestUpdate();
  }

  /** Lets the person stay at a card that is not left after all. */
  stay(name: string): void {
    if (this.#departure?.from === name) this.#departure = undefined;
  }

  /** Remembers what is shown. Called before each update, with a name of the card. */
  beforeUpdate(name: string): void {
    this.#hadFocus = this.#focused !== null;
    if (name !== this.#shown) this.#guardedUntilMs = performance.now() + GUARD_MS;
    this.#shown = name;
  }

  /** Moves the focus. Called after each update; `isReady` is false while the card is loading. */
  afterUpdate(isReady: boolean): void {
    const departure = this.#departure;
    const hasLeft = departure !== undefined && departure.from !== this.#shown;
    if (hasLeft && isReady) {
      this.#departure = undefined;
      this.#focusCard(departure.holder);
    } else if (hasLeft && departure.from === undefined) {
      this.#heading?.focus({ preventScroll: true });
    } else if (this.#hadFocus && this.#focused === null) {
      (this.#find('.notice-place') ?? this.#heading)?.focus({ preventScroll: true });
    }
  }

  #focusCard(holder: Element | null): void {
    const place = this.#find('.card-place');
    // The first update of a card draws the control that takes the focus.
    void (place?.updateComplete ?? Promise.resolve(true)).then(() => {
      const focused = this.#focused;
      if (focused !== null && focused !== holder && focused !== this.#heading) return;
      this.#guardedUntilMs = performance.now() + GUARD_MS;
      place?.focus();
    });
  }

  get #heading(): HTMLElement | undefined {
    return this.#find('h3');
  }

  get #focused(): Element | null {
    return this.#host.shadowRoot?.activeElement ?? null;
  }

  #find(selector: string): FocusPlace | undefined {
    return this.#host.shadowRoot?.querySelector<FocusPlace>(selector) ?? undefined;
  }

  /** Keeps what is typed too early from the next card, and from the keys of the panel. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const isEarly = performance.now() < this.#guardedUntilMs;
    const isWaiting = this.#departure !== undefined && this.#focused === this.#heading;
    const isText = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isTooEarly = isEarly ? isText || (event.key === 'Enter' && !event.altKey) : isText && isWaiting;
    if (!isTooEarly) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
}
