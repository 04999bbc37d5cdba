import { plainName } from '../../protocol/values/plain-name.js';
import { type TemplateResult, html } from 'lit';
import type { ContentPart } from '../../protocol/content.js';
import { isolateText } from '../strings/bidi.js';
import { formatBytes } from '../strings/time-format.js';
import {
  mediaKind,
  base64Size,
  bareType,
  downloadDataUrl,
  decodeText,
  mediaDataUrl,
  safeUrl,
  isUrlBelow,
  type MediaKind,
} from './media/safe-media.js';
import { type ContentOptions, type Rendered, renderText, renderJsonText, renderCode } from './text-view.js';
import { pictureStyle } from './media/picture-size.js';
import { isSvg, pictureUrl } from './media/picture-url.js';
import { icon } from '../theme/icons.js';

/**
 * A file that is part of the content: its content below its name, or a download if its type cannot be shown.
 */
export function renderInline(
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
      const tree = renderJsonText(text, title ?? options.strings.json, options);
      if (tree !== undefined) return named(tree);
      return renderCode(isNamed ? label : (title ?? options.strings.json), text, options.strings);
    }
  }
  const url = mediaDataUrl(mimeType, base64);
  if (url === undefined) return renderFile(label, downloadDataUrl(base64), title, options);
  const shownUrl = kind === 'image' ? pictureUrl(mimeType, base64) : url;
  if (shownUrl === undefined) return renderDrawing(label, url, title, options);
  return named(renderMedia(kind, shownUrl, title, options, pictureStyle(mimeType, base64)));
}

/**
 * An SVG picture that may take long to draw: a file, and a button that draws it in a frame, which in most browsers
 * has a process of its own.
 */
function renderDrawing(
  label: string,
  url: string,
  title: string | undefined,
  options: ContentOptions,
): TemplateResult {
  const { strings, frameUrl } = options;
  return html`<div class="named">
    ${renderFile(label, url, title ?? 'picture.svg', options)}
    <sessions-panel-page
      .page=${drawingPage(url)}
      .label=${title}
      .frameUrl=${frameUrl}
      .isOnRequest=${true}
      .strings=${strings}
    ></sessions-panel-page>
  </div>`;
}

/** The page of a picture, which fits into its frame. */
function drawingPage(url: string): string {
  return (
    '<style>html, body { margin: 0; height: 100% } img { width: 100%; height: 100%; object-fit: contain }</style>' +
    `<img alt="" src="${url}">`
  );
}

/** The content of a file below its name. */
function renderCaptioned(label: string, content: TemplateResult): TemplateResult {
  return html`<div class="named"><span class="caption" dir="auto">${label}</span>${content}</div>`;
}

/** A file that the server keeps: shown, or named where its handle has no URL. */
export function renderStored(
  { handle, mimeType }: NonNullable<ContentPart['storedData']>,
  options: ContentOptions,
): TemplateResult {
  const url = options.resolveHandle?.(handle);
  return renderLinked(mimeType, url === undefined ? undefined : safeUrl(url, baseUrl()), handle, options);
}

/**
 * A file at a URL. It is loaded only below the prefix that the host names: another server would learn who reads it,
 * and the host's own would get the reader's cookies at an address that the run chooses.
 */
export function renderRemote(
  { fileUri, mimeType }: NonNullable<ContentPart['fileData']>,
  options: ContentOptions,
): TemplateResult {
  const url = safeUrl(fileUri);
  return renderLinked(isBelow(url, options.fileUrlPrefix) ? mimeType : '', url, fileUri, options);
}

/** A file behind a URL: an image, audio or video as such, any other by its name and a link. */
function renderLinked(
  mimeType: string,
  url: string | undefined,
  name: string,
  options: ContentOptions,
): TemplateResult {
  const kind = mediaKind(mimeType);
  // An SVG picture that could not be read before may take long to draw.
  if (url !== undefined && !isSvg(mimeType) && (kind === 'image' || kind === 'audio' || kind === 'video')) {
    return renderMedia(kind, url, undefined, options);
  }
  const { strings } = options;
  return html`<p class="file">
    ${icon('file')} <span class="file-name" dir="auto">${plainName(name) || strings.file}</span>
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
  style = '',
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
        .style=${style}
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

/** True for a URL below a prefix, which may be relative to the page. */
function isBelow(url: string | undefined, prefix: string | undefined): boolean {
  const base = prefix === undefined || prefix === '' ? undefined : safeUrl(prefix, baseUrl());
  return url !== undefined && base !== undefined && isUrlBelow(url, base);
}

function baseUrl(): string | undefined {
  return globalThis.document?.baseURI;
}
