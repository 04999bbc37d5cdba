import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PanelStrings } from '../strings/english.js';

/** How long is said what became of copying. */
const SHOWN_MS = 2000;

/** What became of copying; undefined before, and a moment later. */
export type CopyState = 'copied' | 'failed' | undefined;

/** Puts texts of an element on the clipboard, and has it drawn with what became of that for a moment. */
export class ClipboardCopy implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #state: CopyState;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** What became of the last copy. */
  get state(): CopyState {
    return this.#state;
  }

  /** Copies a text. */
  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#show('copied');
    } catch {
      // The browser refused, or the page is not served securely: the person is told.
      this.#show('failed');
    }
    this.#timer = setTimeout(() => this.reset(), SHOWN_MS);
  }

  /** Says nothing more: something else is shown now. */
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

/** What became of copying, in words; empty before. */
export function copyText(state: CopyState, strings: PanelStrings): string {
  if (state === undefined) return '';
  return state === 'copied' ? strings.copied : strings.copyFailed;
}
