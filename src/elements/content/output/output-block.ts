import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { LLMContent } from '../../../protocol/content.js';
import type { CopyButton } from '../../base/copy-button.js';
import { pressedKey } from '../../base/pressed-key.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { icon, type IconName } from '../../theme/icons.js';
import { theme } from '../../theme/theme.js';
import type { FormattedText } from '../formatted-text.js';
import type { JsonTree } from '../json-tree.js';
import { outputBlockStyles } from './output-block.styles.js';
import { downloadFile, outputFiles } from './output-files.js';
import { hasOutputText, outputText } from './output-text.js';

/** Files with a download button each; further ones have none. */
const MAX_DOWNLOADS = 4;

/**
 * A block of drawn content (its children) with the buttons for it: source, wrap, download, copy. They show while the
 * pointer or the focus is on the block, and always on a touch screen. The key `y` copies. Part of `<sessions-panel>`.
 *
 * @csspart text-source - The button that switches between formatted text and its source.
 */
export class OutputBlock extends LitElement {
  static override styles = [...theme, outputBlockStyles];
  static override properties = {
    contents: { attribute: false },
    strings: { attribute: false },
    isSource: { state: true },
    isWrapped: { state: true },
    hasSource: { state: true },
    hasCode: { state: true },
  };

  /** The contents that the children draw. */
  declare contents: readonly LLMContent[];
  declare strings: PanelStrings;
  /** @internal True while the source is shown. */
  declare isSource: boolean;
  /** @internal True while the lines of code are wrapped. */
  declare isWrapped: boolean;
  /** @internal True if something in it can be shown as its source. */
  declare hasSource: boolean;
  /** @internal True if there is code in it. */
  declare hasCode: boolean;

  constructor() {
    super();
    this.contents = [];
    this.strings = englishStrings;
    this.isSource = false;
    this.isWrapped = false;
    this.hasSource = false;
    this.hasCode = false;
    // Most blocks are never used, so their content is examined only once someone comes near.
    this.addEventListener('pointerenter', this.#examine);
    this.addEventListener('focusin', this.#examine);
    this.addEventListener('keydown', this.#onKeyDown);
  }

  protected override firstUpdated(): void {
    if (matchMedia('(hover: none)').matches) requestAnimationFrame(this.#examine);
  }

  protected override render(): TemplateResult {
    const { contents, strings } = this;
    const files = outputFiles(contents).slice(0, MAX_DOWNLOADS);
    return html`<div class="tools">
        <span class="bar">
          ${
            this.hasSource
              ? this.#renderToggle(
                  strings.showSource,
                  'code',
                  this.isSource,
                  this.#toggleSource,
                  'text-source',
                )
              : nothing
          }
          ${
            this.hasCode
              ? this.#renderToggle(strings.wrapLines, 'wrap', this.isWrapped, this.#toggleWrap)
              : nothing
          }
          ${files.map((file) => {
            const label = strings.downloadFile(file.name);
            return html`<button
              type="button"
              class="icon-button"
              aria-label=${label}
              title=${label}
              @click=${() => downloadFile(file)}
            >
              ${icon('download')}
            </button>`;
          })}
          ${
            hasOutputText(contents)
              ? html`<sessions-panel-copy
                  .text=${() => outputText(this.contents)}
                  .label=${strings.copyOutput}
                  .strings=${strings}
                ></sessions-panel-copy>`
              : nothing
          }
        </span>
      </div>
      <div class="inside"><slot></slot></div>`;
  }

  #renderToggle(
    label: string,
    name: IconName,
    isPressed: boolean,
    onClick: () => void,
    part?: string,
  ): TemplateResult {
    return html`<button
      type="button"
      class="icon-button"
      part=${part ?? nothing}
      aria-pressed=${isPressed}
      aria-label=${label}
      title=${label}
      @click=${onClick}
    >
      ${icon(name)}
    </button>`;
  }

  get #texts(): readonly (FormattedText | JsonTree)[] {
    return [...this.querySelectorAll<FormattedText | JsonTree>('sessions-panel-text, sessions-panel-json')];
  }

  readonly #examine = (): void => {
    const texts = this.#texts;
    const roots = [this, ...texts.flatMap(({ shadowRoot }) => shadowRoot ?? [])];
    this.hasSource = texts.some((text) => text.hasSource);
    this.hasCode = roots.some((root) => root.querySelector('.code, .markdown pre') !== null);
  };

  readonly #toggleSource = (): void => {
    this.isSource = !this.isSource;
    for (const text of this.#texts) text.isSource = this.isSource;
  };

  readonly #toggleWrap = (): void => {
    this.isWrapped = !this.isWrapped;
    this.toggleAttribute('data-wrapped', this.isWrapped);
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const copy = this.shadowRoot?.querySelector<CopyButton>('sessions-panel-copy');
    if (pressedKey(event) !== 'y' || copy === null || copy === undefined) return;
    event.preventDefault();
    void copy.copy();
  };
}
