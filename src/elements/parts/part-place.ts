import { html, nothing, type ReactiveController, type ReactiveElement, type TemplateResult } from 'lit';
import type { FirstStrings } from '../strings/first-english.js';
import type { LazyPart } from './lazy-part.js';

/**
 * The place of a lazy part in the template of its host. The host draws the part's element from the start: until its code
 * is there, the element has its size and its properties, and shows what this renders as its content.
 */
export class PartPlace implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #part: LazyPart;
  readonly #onRetried: () => void;
  #isShown = false;
  /** Whether a notice about its failure stands in its place. */
  #saysFailed = false;
  #unsubscribe: (() => void) | undefined;

  /** @param onRetried called when the part is there and the focus was on the notice about its failure, which is gone */
  constructor(host: ReactiveElement, part: LazyPart, onRetried: () => void) {
    this.#host = host;
    this.#part = part;
    this.#onRetried = onRetried;
    host.addController(this);
  }

  hostConnected(): void {
    this.#unsubscribe = this.#part.subscribe(() => void this.#update());
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
  }

  /** Whether a person sees the part: it is loaded as soon as they do. */
  show(isShown: boolean): void {
    if (isShown && !this.#isShown) void this.#part.load();
    this.#isShown = isShown;
  }

  /** The content of the part's element until its code is there: what is going on. Use with `partStyles`. */
  render(strings: FirstStrings): TemplateResult | typeof nothing {
    const { module, failures } = this.#part;
    const hasFailed = module === undefined && this.#isShown && failures > 0;
    this.#saysFailed = hasFailed;
    if (module !== undefined || !this.#isShown) return nothing;
    return html`<div class=${hasFailed ? 'part' : 'part loading'} role="status" tabindex="-1">
      <p>
        ${hasFailed ? strings.partFailed : strings.loadingPart} ${failures > 1 ? strings.reloadPage : nothing}
      </p>
      ${
        hasFailed
          ? html`<button
              type="button"
              class="button"
              aria-disabled=${this.#part.isLoading ? 'true' : nothing}
              @click=${() => void this.#part.load()}
            >
              ${strings.tryAgain}
            </button>`
          : nothing
      }
    </div>`;
  }

  async #update(): Promise<void> {
    const isFocused = this.#saysFailed && Boolean(this.#host.shadowRoot?.activeElement?.closest('.part'));
    this.#host.requestUpdate();
    if (!isFocused || this.#part.module === undefined) return;
    await this.#host.updateComplete;
    this.#onRetried();
  }
}
