import { html, type TemplateResult } from 'lit';
import type { DataPictures } from './data-pictures.js';
import { parseMarkdown } from './markdown-parser.js';
import { renderTokens } from './render-tokens.js';
import type { PanelStrings } from '../../strings/english.js';

/** Blocks of code that have a button to copy them: each is an element, and a text may have thousands of blocks. */
const MAX_COPY_BUTTONS = 50;

/**
 * Renders Markdown: `text` is all of `pictures.text`, or a part of it. Maps the parser's tokens to the elements of
 * `renderTokens` without any HTML text, so there is nothing to sanitise: no markup, attribute or style of the text can
 * get through, whatever the parser returns. A text that is nested too deeply, or has too many elements, is shown as it
 * is. Use with `markdownStyles`.
 */
export function renderMarkdown(text: string, pictures: DataPictures, strings: PanelStrings): TemplateResult {
  const tokens = parseMarkdown(text);
  if (tokens === undefined) {
    const source = pictures.described(text, strings);
    return html`<div class="markdown"><p class="source" dir="auto" .textContent=${source}></p></div>`;
  }
  const codes = tokens.filter(({ type }) => type === 'fence' || type === 'code_block').length;
  const hasCopy = codes <= MAX_COPY_BUTTONS;
  return html`<div class="markdown">${renderTokens(tokens, { pictures, strings, hasCopy })}</div>`;
}
