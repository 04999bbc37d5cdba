import { LitElement } from 'lit';
import { Signal } from 'signal-polyfill';

/**
 * A Lit element that renders again when a signal changes that its last update has read: the only bridge
 * between signals and Lit. While it is disconnected, nothing refers to it, so it can be collected.
 *
 * Becomes `SignalWatcher(LitElement)` of `@lit-labs/signals` once lit issue 5364 (an element that was
 * removed is never collected) is fixed.
 */
export class SignalElement extends LitElement {
  #update: Signal.Computed<void> | undefined;
  readonly #watcher = new Signal.subtle.Watcher(() => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    // Signals may have changed while it was disconnected.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch();
  }

  protected override performUpdate(): void {
    if (!this.isUpdatePending) return;
    this.#unwatch();
    // A fresh one each time, because of signal-polyfill issue 27.
    const update = new Signal.Computed(() => super.performUpdate());
    if (this.isConnected) {
      this.#update = update;
      this.#watcher.watch(update);
    }
    // An update may run within another element's update, which must not depend on it.
    Signal.subtle.untrack(() => update.get());
  }

  #unwatch(): void {
    if (this.#update !== undefined) this.#watcher.unwatch(this.#update);
    this.#update = undefined;
  }
}

/** Reads signals without depending on them: for what is known never to change. */
export function untracked<Value>(read: () => Value): Value {
  return Signal.subtle.untrack(read);
}
