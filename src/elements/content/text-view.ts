import { html, nothing, type TemplateResult } from 'lit';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { parseWrittenJson, WrittenNumber } from './written-json.js';
import { DataPictures } from './markdown/data-pictures.js';
import { isLongText } from './fold-text.js';
import type { TextFormat } from './formatted-text.js';
import { isMarkdown } from './markdown/is-markdown.js';
import { lazyMarkdown } from './lazy-markdown.js';
import { guard } from 'lit/directives/guard.js';
import type { JsonValue } from '../../protocol/values/json.js';
import { EXPORTED_PARTS } from '../base/part-names.js';

/** Options of drawing content. */
export interface ContentOptions {
  readonly strings: PanelStrings;
  /**
   * Returns the URL of a file that the server keeps, by its handle. Without it, or if it returns undefined,
   * the file is named but cannot be opened. Only http, https and blob URLs are used.
   */
  readonly resolveHandle?: ((handle: string) => string | undefined) | undefined;
  /** URL at which the host serves `html-frame.html`, for pages under a strict policy. See `HtmlFrame`. */
  readonly frameUrl?: string | undefined;
  /**
   * URL below which the host keeps files for runs: only they are loaded from an address that a run names. Default:
   * none.
   */
  readonly fileUrlPrefix?: string | undefined;
  /** True while content is being added at the end. */
  readonly isGrowing?: boolean;
  /** True while someone reads growing content: what is shown stays where it is. */
  readonly isRead?: boolean;
  /** True to show long texts unfolded at first, because they have grown before the eyes of their reader. */
  readonly isWhole?: boolean;
  /** True if a button around the content copies it: JSON then has none of its own. */
  readonly isCopied?: boolean;
  /** True to draw content without file names, as in a question. */
  readonly isBare?: boolean;
}

/** A drawing, or none. */
export type Rendered = TemplateResult | typeof nothing;

/** Text that looks like JSON, which models often write. */
const JSON_TEXT = /^\s*[[{][^]*[\]}]\s*$/;
/** Begins as JSON, which Markdown does not. */
const JSON_BEGINNING = /^\s*(?:\{\s*"[^"]*"\s*:|\[\s*(?:[[{"]|-?\d[\d.eE+-]*\s*,))/;
/** Maximum length of a text that is parsed as JSON, in characters. */
const MAX_JSON_TEXT = 200_000;

/** A text: as a tree if it is JSON, formatted if it is Markdown, folded if it is long. */
export function renderText(
  text: string,
  isThought: boolean,
  options: ContentOptions,
  format: TextFormat = 'markdown',
): Rendered {
  if (text === '') return nothing;
  const { strings } = options;
  if (format === 'markdown' && JSON_TEXT.test(text)) {
    const json = renderJsonText(text, strings.json, options);
    if (json !== undefined) return json;
    // Never as Markdown, which would take the marks in its strings for its own.
    if (text.length > MAX_JSON_TEXT && JSON_BEGINNING.test(text))
      return renderPre(text, strings.json, strings);
  }
  const isPlain = format === 'plain' || (format === 'markdown' && !isMarkdown(new DataPictures(text).text));
  // A growing text stays in one element, whatever it grows to.
  if (isPlain && !isLongText(text) && options.isGrowing !== true) {
    return html`<p class=${isThought ? 'text is-thought' : 'text'} dir="auto">${text}</p>`;
  }
  return renderFormatted(text, format, options, isThought ? 'is-thought' : '');
}

/** A text without buttons that may be Markdown, such as a thought or an answered question. */
export function renderProse(text: string, { strings }: Pick<ContentOptions, 'strings'>): unknown {
  return guard([text, strings], () => {
    const pictures = new DataPictures(text);
    if (isLongText(pictures.text)) return renderFormatted(text, 'markdown', { strings });
    if (!isMarkdown(pictures.text)) return html`<p dir="auto">${text}</p>`;
    return lazyMarkdown(pictures.text, pictures, strings);
  });
}

/** The element for a text that can be unfolded, and shown as its source. */
function renderFormatted(
  text: string,
  format: TextFormat,
  { strings, isGrowing = false, isRead = false, isWhole = false }: ContentOptions,
  className = '',
): TemplateResult {
  return html`<sessions-panel-text
    class=${className}
    exportparts=${EXPORTED_PARTS.text}
    .text=${text}
    .format=${format}
    .isGrowing=${isGrowing}
    .isRead=${isRead}
    .isWhole=${isWhole}
    .strings=${strings}
  ></sessions-panel-text>`;
}

/** A JSON value: an object or array as a tree, any other value as its JSON text. */
export function renderJson(
  value: JsonValue,
  label: string,
  strings = englishStrings,
  hasCopy = true,
): TemplateResult {
  if (typeof value !== 'object' || value === null) return renderPre(JSON.stringify(value), label, strings);
  return html`<sessions-panel-json
    class="json"
    .value=${value}
    .label=${label}
    .hasCopy=${hasCopy}
    .strings=${strings}
  ></sessions-panel-json>`;
}

/**
 * A JSON text as a tree in which numbers, and keys that occur twice, stand as written, with its source one click away;
 * undefined for a text that is not JSON, and for one that would take long.
 */
export function renderJsonText(
  text: string,
  label: string,
  { strings, isCopied }: Pick<ContentOptions, 'strings' | 'isCopied'>,
): TemplateResult | undefined {
  const value = text.length <= MAX_JSON_TEXT ? parseWrittenJson(text) : undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || value instanceof WrittenNumber)
    return renderPre(text, label, strings);
  return html`<sessions-panel-json
    class="json"
    exportparts=${EXPORTED_PARTS.text}
    .value=${value}
    .source=${text}
    .label=${label}
    .hasCopy=${isCopied !== true}
    .strings=${strings}
  ></sessions-panel-json>`;
}

/** A preformatted text; a long one is folded. */
function renderPre(text: string, label: string, strings: PanelStrings, className = 'json'): TemplateResult {
  // Focusable, because a long one scrolls.
  return html`<pre class=${className} tabindex="0" role="group" aria-label=${label}>
${isLongText(text) ? renderFormatted(text, 'code', { strings }) : text}</pre>`;
}

/** A JSON value below its name. */
export function renderNamed(name: string, value: JsonValue, strings: PanelStrings): TemplateResult {
  return html`<div class="named"><code>${name}</code>${renderJson(value, name, strings)}</div>`;
}

/** Code below its label and a button that copies it. */
export function renderCode(label: string, code: string, strings: PanelStrings): TemplateResult {
  return html`<div class="named">
    <span class="code-head">
      <span class="caption">${label}</span
      ><sessions-panel-copy
        .text=${() => code}
        .label=${strings.copyCode}
        .strings=${strings}
      ></sessions-panel-copy>
    </span>
    ${renderPre(code, label, strings, 'json code')}
  </div>`;
}
