import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { ContentPart, LLMContent } from '../../protocol/content.js';
import type { JsonValue } from '../../protocol/json.js';
import { parseExactJson } from '../../protocol/exact-number.js';
import { isolateText } from '../strings/bidi.js';
import type { TextFormat } from './formatted-text.js';
import { foldText, isLongText } from './fold-text.js';
import { icon } from '../theme/icons.js';
import { isMarkdown, renderMarkdown } from './markdown.js';
import {
  bareType,
  base64Size,
  decodeText,
  downloadDataUrl,
  mediaDataUrl,
  mediaKind,
  safeUrl,
  type MediaKind,
} from './safe-media.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { formatBytes } from '../strings/time-format.js';

/** What content needs to be shown. */
export interface ContentOptions {
  readonly strings: PanelStrings;
  /**
   * The URL of bytes that the server keeps, from their handle. Without it they are named but cannot be
   * opened. Only http, https and blob URLs are used.
   */
  readonly resolveHandle?: ((handle: string) => string | undefined) | undefined;
  /** Where the host serves `html-frame.html`, for pages under a strict policy. See `HtmlFrame`. */
  readonly frameUrl?: string | undefined;
  /** True while more is added at the end. */
  readonly isGrowing?: boolean;
  /** True where content stands for itself, such as in a question: without buttons of its own, or names of files. */
  readonly isBare?: boolean;
}

type Rendered = TemplateResult | typeof nothing;

/** Longer texts are not tried as JSON. */
const MAX_JSON_TEXT = 200_000;

/**
 * Content as a person reads it: Markdown formatted, text with its line breaks, JSON as a tree, images, audio, video, files to
 * download, HTML in a frame without any rights. Nothing in it can run script in the page or navigate it.
 * Use with `contentStyles`.
 */
export function renderContent(content: LLMContent, options: ContentOptions): TemplateResult {
  const { parts } = content;
  return html`<div class="content" part="content">
    ${
      parts.length <= SHOWN_PARTS
        ? renderParts(parts, options)
        : html`<sessions-panel-parts
            class="content"
            .parts=${parts}
            .options=${options}
          ></sessions-panel-parts>`
    }
  </div>`;
}

/** Pieces drawn at first; a run may make thousands. */
export const SHOWN_PARTS = 60;

/** The pieces of a content, one after the other. */
export function renderParts(parts: readonly ContentPart[], options: ContentOptions): readonly unknown[] {
  return parts.map((part) =>
    // Decoding and parsing are done once per piece, not once per update of what stands around it.
    guard([part, options.resolveHandle, options.frameUrl, options.strings, options.isGrowing], () =>
      renderPart(part, options),
    ),
  );
}

/** One JSON value: an object or array as a tree, anything else as it is. */
export function renderJson(value: JsonValue, label: string, strings = englishStrings): TemplateResult {
  if (typeof value !== 'object' || value === null) return renderPre(JSON.stringify(value), label, strings);
  return html`<sessions-panel-json
    class="json"
    .value=${value}
    .label=${label}
    .strings=${strings}
  ></sessions-panel-json>`;
}

/** Text with its spaces; a long one is folded. */
function renderPre(text: string, label: string, strings: PanelStrings): TemplateResult {
  // Focusable, because it scrolls by itself when it is long.
  return html`<pre class="json" tabindex="0" role="group" aria-label=${label}>
${
      isLongText(text)
        ? html`<sessions-panel-text
            exportparts="text, text-more"
            .text=${text}
            .format=${'code'}
            .strings=${strings}
          ></sessions-panel-text>`
        : text
    }</pre>`;
}

function renderPart(part: ContentPart, options: ContentOptions): Rendered {
  const { strings } = options;
  if (part.text !== undefined) return renderText(part.text, part.thought === true, options);
  if (part.inlineData !== undefined) {
    const { mimeType, data, title } = part.inlineData;
    return renderInline(mimeType, data, title, options);
  }
  if (part.storedData !== undefined) {
    const { handle, mimeType } = part.storedData;
    const url = options.resolveHandle?.(handle);
    return renderLinked(mimeType, url === undefined ? undefined : safeUrl(url, baseUrl()), handle, options);
  }
  if (part.fileData !== undefined) {
    const { fileUri, mimeType } = part.fileData;
    const url = safeUrl(fileUri);
    // What lies elsewhere is not loaded by itself: its server would learn who reads this.
    return isOwnUrl(url)
      ? renderLinked(mimeType, url, fileUri, options)
      : renderLinked('', url, fileUri, options);
  }
  if (part.json !== undefined) return renderJson(part.json, strings.json, strings);
  if (part.functionCall !== undefined) {
    return renderNamed(`${part.functionCall.name}()`, part.functionCall.args, strings);
  }
  if (part.functionResponse !== undefined) {
    return renderNamed(`${part.functionResponse.name}() →`, part.functionResponse.response, strings);
  }
  if (part.executableCode !== undefined) {
    return renderCode(strings.code(part.executableCode.language), part.executableCode.code, strings);
  }
  if (part.codeExecutionResult !== undefined) {
    return renderCode(strings.codeOutput, part.codeExecutionResult.output, strings);
  }
  return renderJson(part as unknown as JsonValue, strings.json, strings);
}

/** JSON that came as text, as models like to write it. */
const JSON_TEXT = /^\s*[[{][^]*[\]}]\s*$/;

function renderText(
  text: string,
  isThought: boolean,
  options: ContentOptions,
  format: TextFormat = 'markdown',
): Rendered {
  if (text === '') return nothing;
  const { strings, isGrowing = false, isBare = false } = options;
  if (format === 'markdown' && text.length <= MAX_JSON_TEXT && JSON_TEXT.test(text)) {
    const value = parseExactJson(text);
    if (value !== undefined) return renderJson(value, strings.json, strings);
  }
  const isPlain = format === 'plain' || (format === 'markdown' && !isMarkdown(text));
  if (isPlain && !isLongText(text)) {
    return html`<p class=${isThought ? 'text is-thought' : 'text'} dir="auto">${text}</p>`;
  }
  return html`<sessions-panel-text
    class=${isThought ? 'is-thought' : ''}
    exportparts="text, text-source, text-more"
    .text=${text}
    .format=${format}
    .isGrowing=${isGrowing}
    .hasTools=${!isBare}
    .strings=${strings}
  ></sessions-panel-text>`;
}

/** A short text of a run that may be Markdown, such as a thought or an answered question. */
export function renderProse(text: string, { strings }: ContentOptions): unknown {
  if (!isMarkdown(text)) return html`<p dir="auto">${foldText(text).shown}</p>`;
  return guard([text, strings], () => renderMarkdown(foldText(text).shown, strings));
}

function renderNamed(name: string, value: JsonValue, strings: PanelStrings): TemplateResult {
  return html`<div class="named"><code>${name}</code>${renderJson(value, name, strings)}</div>`;
}

function renderCode(label: string, code: string, strings: PanelStrings): TemplateResult {
  return html`<div class="named">
    <span class="caption">${label}</span>
    ${renderPre(code, label, strings)}
  </div>`;
}

function renderInline(
  mimeType: string,
  base64: string,
  title: string | undefined,
  options: ContentOptions,
): Rendered {
  const kind = mediaKind(mimeType);
  const size = formatBytes(base64Size(base64), options.strings.locale);
  const label = `${isolateText(title ?? bareType(mimeType))} · ${size}`;
  if (base64 === '') return renderFile(label, downloadDataUrl(base64), title, options);
  const isNamed = title !== undefined && options.isBare !== true;
  const named = (content: TemplateResult) => (isNamed ? renderCaptioned(label, content) : content);
  if (kind === 'html' || kind === 'text' || kind === 'json') {
    const text = decodeText(base64);
    if (text !== undefined && kind === 'html') return named(renderPage(text, title, options));
    if (text !== undefined && kind === 'text') {
      const format = bareType(mimeType) === 'text/markdown' ? 'markdown' : 'plain';
      const shown = renderText(text, false, options, format);
      return isNamed ? renderCaptioned(label, html`<div class="file-text">${shown}</div>`) : shown;
    }
    if (text !== undefined) {
      // As text where reading it would change a number, or take long.
      const value = text.length <= MAX_JSON_TEXT ? parseExactJson(text) : undefined;
      if (value !== undefined) {
        return named(renderJson(value, title ?? options.strings.json, options.strings));
      }
      return renderCode(isNamed ? label : (title ?? options.strings.json), text, options.strings);
    }
  }
  const url = mediaDataUrl(mimeType, base64);
  if (url === undefined) return renderFile(label, downloadDataUrl(base64), title, options);
  return named(renderMedia(kind, url, title, options));
}

/** What is in a file, below its name. */
function renderCaptioned(label: string, content: TemplateResult): TemplateResult {
  return html`<div class="named"><span class="caption" dir="auto">${label}</span>${content}</div>`;
}

function renderLinked(
  mimeType: string,
  url: string | undefined,
  name: string,
  options: ContentOptions,
): TemplateResult {
  const kind = mediaKind(mimeType);
  if (url !== undefined && (kind === 'image' || kind === 'audio' || kind === 'video')) {
    return renderMedia(kind, url, undefined, options);
  }
  const { strings } = options;
  return html`<p class="file">
    ${icon('file')} <span class="file-name">${name}</span>
    ${
      url === undefined
        ? html`<span class="caption">${strings.contentUnavailable}</span>`
        : html`<a href=${url} target="_blank" rel="noopener noreferrer">${strings.openLink}</a>`
    }
  </p>`;
}

function renderMedia(
  kind: MediaKind,
  url: string,
  title: string | undefined,
  { strings }: ContentOptions,
): TemplateResult {
  switch (kind) {
    case 'audio':
      return html`<audio
        controls
        preload="metadata"
        src=${url}
        aria-label=${title ?? strings.audio}
      ></audio>`;
    case 'video':
      return html`<video
        controls
        preload="metadata"
        src=${url}
        aria-label=${title ?? strings.video}
      ></video>`;
    default:
      return html`<img
        src=${url}
        alt=${title ?? strings.image}
        loading="lazy"
        decoding="async"
        referrerpolicy="no-referrer"
      />`;
  }
}

function renderPage(
  page: string,
  title: string | undefined,
  { strings, frameUrl }: ContentOptions,
): TemplateResult {
  return html`<sessions-panel-page
    class="page"
    .page=${page}
    .label=${title}
    .frameUrl=${frameUrl}
    .strings=${strings}
  ></sessions-panel-page>`;
}

function renderFile(
  label: string,
  url: string | undefined,
  fileName: string | undefined,
  { strings }: ContentOptions,
): TemplateResult {
  return html`<p class="file">
    ${icon('file')} <span class="file-name">${label}</span>
    ${
      url === undefined
        ? html`<span class="caption">${strings.contentUnavailable}</span>`
        : html`<a href=${url} download=${fileName ?? 'file'}>${strings.download}</a>`
    }
  </p>`;
}

/** True for a URL of this page's own server, or of its own memory. */
function isOwnUrl(url: string | undefined): boolean {
  return url !== undefined && new URL(url).origin === globalThis.location?.origin;
}

function baseUrl(): string | undefined {
  return globalThis.document?.baseURI;
}
