import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { foldText, type FoldedText } from './fold-text.js';
import { icon } from '../theme/icons.js';
import { DataPictures } from './markdown/data-pictures.js';
import { markdownStyles } from './markdown/markdown.styles.js';
import { isMarkdown, renderMarkdown } from './markdown/markdown.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { theme } from '../theme/theme.js';

/** Format of a text. `markdown` is formatted, the others are shown as they are. */
export type TextFormat = 'markdown' | 'plain' | 'code';

/**
 * A text that is formatted or long. An element of its own because a person can switch to its source and
 * unfold it. Part of `<sessions-panel>`.
 *
 * @csspart text - The text.
 * @csspart text-source - The button that switches between the formatted text and its source.
 * @csspart text-more - The button that unfolds it.
 */
export class FormattedText extends LitElement {
  static override styles = [
    ...theme,
    markdownStyles,
    css`
      :host {
        position: relative;
        min-inline-size: 0;
        font: inherit;
        color: inherit;
      }
      .source,
      .plain {
        margin: 0;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .code {
        direction: ltr;
        unicode-bidi: isolate;
        text-align: left;
      }
      .source,
      .code {
        font: var(--_size-s) / 1.5 var(--_mono);
        tab-size: 2;
      }
      .toggle {
        position: absolute;
        inset-block-start: -4px;
        inset-inline-end: -6px;
        inline-size: 24px;
        block-size: 24px;
        background: var(--_bg);
        border-color: var(--_border);
        opacity: 0;
      }
      .toggle[aria-pressed='true'],
      :host(:hover) .toggle,
      .toggle:focus-visible {
        opacity: 1;
      }
      @media (hover: none) {
        .toggle {
          opacity: 0.85;
        }
      }
      .more {
        margin-block: 6px 2px;
      }
    `,
  ];
  static override properties = {
    text: { attribute: false },
    format: { attribute: false },
    isGrowing: { attribute: false },
    hasTools: { attribute: false },
    strings: { attribute: false },
    isSource: { state: true },
    isUnfolded: { state: true },
  };

  declare text: string;
  declare format: TextFormat;
  /** True while text is being added at the end: a long text then shows its end. */
  declare isGrowing: boolean;
  /** False to draw the text without the button for its source, as in a question. */
  declare hasTools: boolean;
  declare strings: PanelStrings;
  /** @internal True while the source is shown. */
  declare isSource: boolean;
  /** @internal True if a person has unfolded the text. */
  declare isUnfolded: boolean;

  constructor() {
    super();
    this.text = '';
    this.format = 'markdown';
    this.isGrowing = false;
    this.hasTools = true;
    this.strings = englishStrings;
    this.isSource = false;
    this.isUnfolded = false;
  }

  protected override render(): TemplateResult {
    const { strings, isGrowing } = this;
    const pictures = new DataPictures(this.format === 'markdown' ? this.text : '');
    const formatted = this.#shown(pictures.text);
    const canFormat = this.format === 'markdown' && isMarkdown(formatted.shown);
    const { shown, hidden } = canFormat && !this.isSource ? formatted : this.#shown(this.text);
    const more = this.#renderMore(hidden);
    return html`${isGrowing ? more : nothing}
    ${
      canFormat && !this.isSource
        ? html`<div part="text">${renderMarkdown(shown, pictures, strings)}</div>`
        : html`<p
            class=${this.isSource ? 'source' : this.format === 'code' ? 'plain code' : 'plain'}
            part="text"
            dir="auto"
            .textContent=${shown}
          ></p>`
    }
    ${isGrowing ? nothing : more}
    ${
      canFormat && this.hasTools
        ? html`<button
            type="button"
            class="icon-button toggle"
            part="text-source"
            aria-pressed=${this.isSource}
            aria-label=${strings.showSource}
            title=${strings.showSource}
            @click=${() => {
              this.isSource = !this.isSource;
            }}
          >
            ${icon('code')}
          </button>`
        : nothing
    }`;
  }

  #shown(text: string): FoldedText {
    if (this.isUnfolded) return { shown: text, hidden: 0 };
    return foldText(text, this.isGrowing ? 'end' : 'beginning');
  }

  #renderMore(hidden: number): TemplateResult | typeof nothing {
    const { strings } = this;
    if (hidden === 0 && !this.isUnfolded) return nothing;
    return html`<button
      type="button"
      class="button more"
      part="text-more"
      @click=${() => {
        this.isUnfolded = !this.isUnfolded;
      }}
    >
      ${this.isUnfolded ? strings.showLess : strings.showAll(this.text.length)}
    </button>`;
  }
}
