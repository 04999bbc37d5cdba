import { css, html, LitElement, type TemplateResult } from 'lit';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { icon, type IconName } from '../theme/icons.js';
import { theme } from '../theme/theme.js';
import { ClipboardCopy, copyText } from './clipboard-copy.js';

/**
 * A button that copies a text and shows for two seconds whether that worked. An element, because templates without one
 * of their own use it. Part of `<sessions-panel>`.
 */
export class CopyButton extends LitElement {
  static override styles = [
    ...theme,
    css`
      :host {
        display: inline-flex;
        gap: 4px;
        align-items: center;
      }
      button {
        inline-size: 24px;
        block-size: 24px;
      }
      .icon {
        inline-size: 14px;
        block-size: 14px;
      }
      .failed {
        color: var(--_failed);
        font: var(--_size-s) / 1.45 var(--_font);
      }
      .is-done {
        color: var(--_completed);
      }
    `,
  ];
  static override properties = {
    text: { attribute: false, hasChanged: () => false },
    label: { attribute: false },
    symbol: { attribute: false },
    strings: { attribute: false },
  };

  /** Returns the text to copy; called when it is copied. */
  declare text: () => string;
  /** Accessible name and tooltip. */
  declare label: string;
  /** Icon of the button. */
  declare symbol: IconName;
  declare strings: PanelStrings;

  readonly #copy = new ClipboardCopy(this);

  constructor() {
    super();
    this.text = () => '';
    this.label = '';
    this.symbol = 'copy';
    this.strings = englishStrings;
  }

  /** Copies the text; the outcome shows at the button. Never rejects. */
  copy(): Promise<void> {
    return this.#copy.copy(this.text());
  }

  protected override render(): TemplateResult {
    const { label, strings } = this;
    const { state } = this.#copy;
    return html`<span role="status" class=${state === 'failed' ? 'failed' : 'visually-hidden'}
        >${copyText(state, strings)}</span
      ><button
        type="button"
        class="icon-button ${state === 'copied' ? 'is-done' : ''}"
        aria-label=${label}
        title=${label}
        @click=${() => void this.copy()}
      >
        ${icon(state === 'copied' ? 'check' : this.symbol)}
      </button>`;
  }
}
