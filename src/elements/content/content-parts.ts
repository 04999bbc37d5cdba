import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ContentPart } from '../../protocol/content.js';
import { renderParts, SHOWN_PARTS } from './content-view.js';
import { type ContentOptions } from './text-view.js';
import { englishStrings } from '../strings/english.js';

/**
 * Content of very many parts: some of them, and a button for more. An element because it remembers how many
 * are shown; without a shadow root, so that the styles around it apply. Part of `<sessions-panel>`.
 */
export class ContentParts extends LitElement {
  static override properties = {
    parts: { attribute: false },
    options: { attribute: false },
    shown: { state: true },
  };

  declare parts: readonly ContentPart[];
  declare options: ContentOptions;
  /** @internal Number of parts to draw. */
  declare shown: number;

  /** Number of parts when someone began to read. */
  #readParts: number | undefined;

  constructor() {
    super();
    this.parts = [];
    this.options = { strings: englishStrings };
    this.shown = SHOWN_PARTS;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { parts, options, shown } = this;
    this.#readParts = options.isRead === true ? (this.#readParts ?? parts.length) : undefined;
    const hidden = Math.max(0, (this.#readParts ?? parts.length) - shown);
    const more =
      hidden === 0
        ? nothing
        : html`<button
            type="button"
            class="button more"
            @click=${() => {
              this.shown += 4 * SHOWN_PARTS;
            }}
          >
            ${options.strings.showMoreParts(hidden)}
          </button>`;
    return options.isGrowing === true
      ? html`${more}
        ${repeat(
          parts.slice(hidden),
          (_, index) => hidden + index,
          (part) => renderParts([part], options),
        )}`
      : html`${renderParts(parts.slice(0, shown), options)} ${more}`;
  }
}
