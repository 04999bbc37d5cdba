import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Reports while the pointer or the focus is on a message with “Undo”, so that its time does not run out meanwhile. */
export class UndoHold implements ReactiveController {
  readonly #onChange: (isHeld: boolean) => void;
  #message: HTMLElement | undefined;
  #isPointedAt = false;
  #hasFocus = false;

  constructor(host: ReactiveControllerHost, onChange: (isHeld: boolean) => void) {
    this.#onChange = onChange;
    host.addController(this);
  }

  /** Listener of the message for `pointerenter`, `pointerleave`, `focusin` and `focusout`. */
  readonly onEvent = ({ type, currentTarget }: Event): void => {
    const wasHeld = this.#isHeld;
    this.#message = currentTarget instanceof HTMLElement ? currentTarget : undefined;
    if (type === 'pointerenter' || type === 'pointerleave') this.#isPointedAt = type === 'pointerenter';
    else this.#hasFocus = type === 'focusin';
    if (this.#isHeld !== wasHeld) this.#onChange(this.#isHeld);
  };

  hostUpdated(): void {
    // The listener may write a signal, which must not happen during an update.
    if (this.#isHeld) queueMicrotask(() => this.#release());
  }

  hostDisconnected(): void {
    this.#release();
  }

  get #isHeld(): boolean {
    return this.#isPointedAt || this.#hasFocus;
  }

  /** A message that was removed gets no more events. */
  #release(): void {
    if (!this.#isHeld || this.#message?.isConnected === true) return;
    this.#isPointedAt = false;
    this.#hasFocus = false;
    this.#onChange(false);
  }
}
