import type { ReactiveController } from 'lit';

/**
 * Reports in the next frame that an element has changed size, and once after it has been connected. To be added to the
 * element with `addController`.
 *
 * An update within the observer's own callback may change the size again, which the browser reports to the page as an
 * error (“ResizeObserver loop completed with undelivered notifications”).
 */
export class ResizeController implements ReactiveController {
  readonly #host: Element;
  readonly #onResize: () => void;
  /** Created when the element is connected: there is none on a server, which renders the element as well. */
  #observer: ResizeObserver | undefined;
  #frame: number | undefined;

  constructor(host: Element, onResize: () => void) {
    this.#host = host;
    this.#onResize = onResize;
  }

  hostConnected(): void {
    this.#observer ??= new ResizeObserver(() => {
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = undefined;
        this.#onResize();
      });
    });
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }
}
