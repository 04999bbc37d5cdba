import { html, nothing, type TemplateResult } from 'lit';
import type { ContentPart, LLMContent } from '../protocol/content.js';
import type { JsonValue } from '../protocol/json.js';
import { icon } from './icons.js';
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
import type { PanelStrings } from './strings.js';
import { formatBytes } from './time-format.js';

/** What content needs to be shown. */
export interface ContentOptions {
  readonly strings: PanelStrings;
  /**
   * The URL of bytes that the server keeps, from their handle. Without it they are named but cannot be
   * opened. Only http, https and blob URLs are used.
   */
  readonly resolveHandle?: ((handle: string) => string | undefined) | undefined;
}

type Rendered = TemplateResult | typeof nothing;

/**
 * Content as a person reads it: text with its line breaks, JSON indented, images, audio, video, files to
 * download, HTML in a frame without any rights. Nothing in it can run script in the page or navigate it.
 * Use with `contentStyles`.
 */
export function renderContent(content: LLMContent, options: ContentOptions): TemplateResult {
  return html`<div class="content" part="content">
    ${content.parts.map((part) => renderPart(part, options))}
  </div>`;
}

/** One JSON value, indented. */
export function renderJson(value: JsonValue, label: string): TemplateResult {
  // Focusable, because it scrolls by itself when it is long.
  return html`<pre class="json" tabindex="0" role="group" aria-label=${label}>${toJsonText(value)}</pre>`;
}

function toJsonText(value: JsonValue): string {
  return JSON.stringify(value, null, 2);
}

function renderPart(part: ContentPart, options: ContentOptions): Rendered {
  const { strings } = options;
  if (part.text !== undefined) return renderText(part.text, part.thought === true);
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
    return renderLinked(mimeType, safeUrl(fileUri), fileUri, options);
  }
  if (part.json !== undefined) return renderJson(part.json, 'JSON');
  if (part.functionCall !== undefined) {
    return renderNamed(`${part.functionCall.name}()`, part.functionCall.args);
  }
  if (part.functionResponse !== undefined) {
    return renderNamed(`${part.functionResponse.name}() →`, part.functionResponse.response);
  }
  if (part.executableCode !== undefined) {
    return renderCode(strings.code(part.executableCode.language), part.executableCode.code);
  }
  if (part.codeExecutionResult !== undefined) {
    return renderCode(strings.codeOutput, part.codeExecutionResult.output);
  }
  return renderJson(part as unknown as JsonValue, 'JSON');
}

function renderText(text: string, isThought: boolean): Rendered {
  if (text === '') return nothing;
  return html`<p class=${isThought ? 'text is-thought' : 'text'} dir="auto">${text}</p>`;
}

function renderNamed(name: string, value: JsonValue): TemplateResult {
  return html`<div class="named"><code>${name}</code>${renderJson(value, name)}</div>`;
}

function renderCode(label: string, code: string): TemplateResult {
  return html`<div class="named">
    <span class="caption">${label}</span>
    <pre class="json" tabindex="0" role="group" aria-label=${label}>${code}</pre>
  </div>`;
}

function renderInline(
  mimeType: string,
  base64: string,
  title: string | undefined,
  options: ContentOptions,
): Rendered {
  const kind = mediaKind(mimeType);
  if (kind === 'html' || kind === 'text' || kind === 'json') {
    const text = decodeText(base64);
    if (text !== undefined && kind === 'html') return renderPage(text, title, options);
    if (text !== undefined && kind === 'text') return renderText(text, false);
    if (text !== undefined) return renderCode(title ?? 'JSON', text);
  }
  const url = mediaDataUrl(mimeType, base64);
  if (url !== undefined) return renderMedia(kind, url, title, options);
  const size = formatBytes(base64Size(base64), options.strings.locale);
  return renderFile(`${title ?? bareType(mimeType)} · ${size}`, downloadDataUrl(base64), title, options);
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

/** Of a page from a run only its look is wanted: no script, no form, no request but for images and media. */
const PAGE_POLICY =
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; ` +
  `img-src data: blob: https:; media-src data: blob: https:; font-src data: https:">`;

function renderPage(page: string, title: string | undefined, { strings }: ContentOptions): TemplateResult {
  return html`<iframe
    class="page"
    sandbox=""
    referrerpolicy="no-referrer"
    loading="lazy"
    title=${title ?? strings.webPage}
    .srcdoc=${PAGE_POLICY + page}
  ></iframe>`;
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

function baseUrl(): string | undefined {
  return globalThis.document?.baseURI;
}
