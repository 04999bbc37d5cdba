import { html, nothing, type TemplateResult } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import { LazyPart } from '../parts/lazy-part.js';
import type { PanelStrings } from '../strings/english.js';
import type { DataPictures } from './markdown/data-pictures.js';

/** The parser and the drawing of Markdown. */
export const MARKDOWN_PART = new LazyPart(async () => {
  const { renderMarkdown } = await import('./markdown/markdown.js');
  return { renderMarkdown, elements: {} };
});

/** Draws the source of a text until the code that formats it is loaded. */
class LazyMarkdown extends AsyncDirective {
  #drawAgain = () => {};
  #unsubscribe: (() => void) | undefined;

  render(text: string, pictures: DataPictures, strings: PanelStrings): TemplateResult {
    const { module, failures } = MARKDOWN_PART;
    if (module !== undefined) {
      this.disconnected();
      return module.renderMarkdown(text, pictures, strings);
    }
    this.#drawAgain = () => this.setValue(this.render(text, pictures, strings));
    if (this.#unsubscribe === undefined) {
      this.#unsubscribe = MARKDOWN_PART.subscribe(() => this.#drawAgain());
      if (failures === 0) void MARKDOWN_PART.load();
    }
    const source = pictures.described(text, strings);
    return html`<div class="markdown"><p class="unformatted" dir="auto" .textContent=${source}></p></div>
      ${failures === 0 ? nothing : renderFailure(strings)}`;
  }

  override disconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  override reconnected(): void {
    this.#unsubscribe = MARKDOWN_PART.subscribe(() => this.#drawAgain());
    this.#drawAgain();
  }
}

function renderFailure(strings: PanelStrings): TemplateResult {
  return html`<p role="status">
    ${strings.formatFailed}
    <button type="button" class="button" @click=${() => void MARKDOWN_PART.load()}>
      ${strings.tryAgain}
    </button>
  </p>`;
}

/**
 * Draws Markdown as `renderMarkdown` does; until its code is loaded, the source of the text, and below it, if the code
 * could not be loaded, a button to try again.
 */
export const lazyMarkdown = directive(LazyMarkdown);
