import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PanelStrings } from '../strings/english.js';

/** How long the outcome is shown. */
const SHOWN_MS = 2000;

/** Outcome of a copy; undefined before it, and once it is no longer shown. */
export type CopyState = 'copied' | 'failed' | undefined;

/** Copies texts of an element to the clipboard and shows the outcome briefly. */
export class ClipboardCopy implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #state: CopyState;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Outcome of the last copy. */
  get state(): CopyState {
    return this.#state;
  }

  /** Copies a text; the outcome shows in `state`. Never rejects. */
  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#show('copied');
    } catch {
      // The browser refused, or the page is not served securely: the outcome shows it.
      this.#show('failed');
    }
    this.#timer = setTimeout(() => this.reset(), SHOWN_MS);
  }

  /** Clears the outcome: the element shows something else now. */
  reset(): void {
    if (this.#state !== undefined) this.#show(undefined);
  }

  hostDisconnected(): void {
    this.reset();
  }

  #show(state: CopyState): void {
    clearTimeout(this.#timer);
    this.#state = state;
    this.#host.requestUpdate();
  }
}

/** Returns the outcome of a copy in words; empty before it. */
export function copyText(state: CopyState, strings: PanelStrings): string {
  if (state === undefined) return '';
  return state === 'copied' ? strings.copied : strings.copyFailed;
}
