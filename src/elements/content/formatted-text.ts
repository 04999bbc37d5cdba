import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { Printing } from '../base/printing.js';
import { foldText } from './fold-text.js';
import { GrowingPart, type TextPart } from './growing-part.js';
import { growingText } from './growing-text.js';
import { DataPictures } from './markdown/data-pictures.js';
import { markdownStyles } from './markdown/markdown.styles.js';
import { isMarkdown } from './markdown/is-markdown.js';
import { lazyMarkdown } from './lazy-markdown.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { theme } from '../theme/theme.js';

/** Maximum length of a text that is shown unfolded at first, in characters. */
const WHOLE_MAX = 200_000;

/** Format of a text. `markdown` is formatted, the others are shown as they are. */
export type TextFormat = 'markdown' | 'plain' | 'code';

/**
 * A text that is formatted or long. An element of its own because a person can switch to its source (with the button of
 * the block around it) and unfold it. Part of `<sessions-panel>`.
 *
 * @csspart text - The text.
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
        max-inline-size: 76ch;
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
      .code {
        max-inline-size: none;
        white-space: var(--_code-wrap, pre);
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
    isRead: { attribute: false },
    isWhole: { attribute: false },
    strings: { attribute: false },
    isSource: { attribute: false },
    isUnfolded: { state: true },
  };

  declare text: string;
  declare format: TextFormat;
  /** True while text is being added at the end: a long text then shows its end. */
  declare isGrowing: boolean;
  /** True while someone reads a growing text: what is shown stays where it is, and as it is. */
  declare isRead: boolean;
  /** True to show a long text unfolded at first, because it has grown before the eyes of its reader. */
  declare isWhole: boolean;
  declare strings: PanelStrings;
  /** True to show the source of a formatted text. */
  declare isSource: boolean;
  /** @internal True if a person has unfolded the text. */
  declare isUnfolded: boolean;

  /** Parts of the text with its pictures as names, and of its source. */
  readonly #formattedPart = new GrowingPart();
  readonly #sourcePart = new GrowingPart();
  #couldFormat: boolean | undefined;
  readonly #printing = new Printing(this);

  constructor() {
    super();
    this.text = '';
    this.format = 'markdown';
    this.isGrowing = false;
    this.isRead = false;
    this.isWhole = false;
    this.strings = englishStrings;
    this.isSource = false;
    this.isUnfolded = false;
  }

  /** True if the text is formatted, so that its source differs from it. */
  get hasSource(): boolean {
    return this.#couldFormat === true;
  }

  protected override willUpdate(): void {
    if (!this.hasUpdated) this.isUnfolded = this.isWhole && this.text.length <= WHOLE_MAX;
  }

  protected override render(): TemplateResult {
    const { strings, isGrowing } = this;
    const pictures = new DataPictures(this.format === 'markdown' ? this.text : '');
    const formatted = this.#shown(pictures.text, this.#formattedPart);
    const canFormat = this.#canFormat(formatted.shown);
    const { shown, before, after } =
      canFormat && !this.isSource ? formatted : this.#shown(this.text, this.#sourcePart);
    const isMoreFirst = isGrowing && (before > 0 || after === 0);
    const more = this.#renderMore(before + after);
    return html`${isMoreFirst ? more : nothing}
    ${
      canFormat && !this.isSource
        ? html`<div part="text">${lazyMarkdown(shown, pictures, strings)}</div>`
        : this.#renderPlain(shown)
    }
    ${isMoreFirst ? nothing : more}`;
  }

  #renderPlain(shown: string): TemplateResult {
    const name = this.isSource ? 'source' : this.format === 'code' ? 'plain code' : 'plain';
    return html`<p class=${name} part="text" dir="auto">${growingText(shown)}</p>`;
  }

  /** A format that changed while someone reads would move all lines. */
  #canFormat(text: string): boolean {
    const canFormat = this.format === 'markdown' && isMarkdown(text);
    if (!this.isGrowing || !this.isRead || this.#couldFormat === undefined) this.#couldFormat = canFormat;
    return this.#couldFormat;
  }

  #shown(text: string, part: GrowingPart): TextPart {
    if (this.isUnfolded || (this.#printing.isOn && text.length <= WHOLE_MAX))
      return { shown: text, before: 0, after: 0 };
    if (this.isGrowing) return part.of(text, this.isRead);
    const { shown, hidden } = foldText(text);
    return { shown, before: 0, after: hidden };
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
