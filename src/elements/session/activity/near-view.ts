import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Whether an element with `content-visibility: auto` is in view or near it, as the browser reports it after it has laid
 * out the page; always true where the browser does not report it.
 */
export class NearView implements ReactiveController {
  readonly #host: HTMLElement;
  readonly #onNear: () => void;
  #isNear = !('ContentVisibilityAutoStateChangeEvent' in globalThis);

  /** @param onNear called when the host comes near */
  constructor(host: ReactiveControllerHost & HTMLElement, onNear: () => void) {
    this.#host = host;
    this.#onNear = onNear;
    host.addController(this);
  }

  /** False before the browser has laid out the host for the first time. */
  get isNear(): boolean {
    return this.#isNear;
  }

  hostConnected(): void {
    this.#host.addEventListener('contentvisibilityautostatechange', this.#onChange);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('contentvisibilityautostatechange', this.#onChange);
  }

  readonly #onChange = (event: Event): void => {
    // It bubbles.
    if (!(event instanceof ContentVisibilityAutoStateChangeEvent) || event.target !== this.#host) return;
    this.#isNear = !event.skipped;
    if (this.#isNear) this.#onNear();
  };
}
