import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Updates an element before the page is printed, and afterwards, so that it draws in full what a screen shows folded, or
 * only as far as it is in view.
 */
export class Printing implements ReactiveController {
  /** Of the page, so that elements that are created for printing know it as well. */
  static #isOn = false;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** True while the page is being printed. */
  get isOn(): boolean {
    return Printing.#isOn;
  }

  hostConnected(): void {
    addEventListener('beforeprint', this.#onPrint);
    addEventListener('afterprint', this.#onPrint);
  }

  hostDisconnected(): void {
    removeEventListener('beforeprint', this.#onPrint);
    removeEventListener('afterprint', this.#onPrint);
  }

  readonly #onPrint = ({ type }: Event): void => {
    Printing.#isOn = type === 'beforeprint';
    this.#host.requestUpdate();
  };
}
