/**
 * Decides which content of a run may become a URL. Nothing from a run may execute in the host or navigate
 * it, so only listed types and schemes are allowed, and everything else is a file to download.
 */

const IMAGES = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  // In an <img> an SVG runs no script and loads nothing.
  'image/svg+xml',
]);

const MEDIA_TYPE = /^(audio|video)\/[a-z0-9][a-z0-9.+-]{0,60}$/;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** The way in which a media type is shown. */
export type MediaKind = 'image' | 'audio' | 'video' | 'html' | 'text' | 'json' | 'file';

/** The bare, lower-case media type: parameters such as `;charset=utf-8` are cut. */
export function bareType(mimeType: string): string {
  return (mimeType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** The way in which a media type is shown; a type that is not known to be harmless is a file. */
export function mediaKind(mimeType: string): MediaKind {
  const type = bareType(mimeType);
  if (IMAGES.has(type)) return 'image';
  const family = MEDIA_TYPE.exec(type)?.[1];
  if (family === 'audio' || family === 'video') return family;
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'html';
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  return type.startsWith('text/') ? 'text' : 'file';
}

/** A `data:` URL of an image, audio or video; undefined for any other type or broken data. */
export function mediaDataUrl(mimeType: string, base64: string): string | undefined {
  const kind = mediaKind(mimeType);
  if (kind !== 'image' && kind !== 'audio' && kind !== 'video') return undefined;
  return dataUrl(bareType(mimeType), base64);
}

/**
 * A `data:` URL to download any bytes; undefined for broken data. Its type is neutral, so that opening it
 * shows nothing.
 */
export function downloadDataUrl(base64: string): string | undefined {
  return dataUrl('application/octet-stream', base64);
}

function dataUrl(type: string, base64: string): string | undefined {
  const compact = base64.replaceAll(/\s+/g, '');
  if (!BASE64.test(compact)) return undefined;
  return `data:${type};base64,${compact.replaceAll('-', '+').replaceAll('_', '/')}`;
}

/** The absolute form of an http, https or blob URL; undefined for any other. */
export function safeUrl(url: string, base?: string): string | undefined {
  if (!URL.canParse(url, base)) return undefined;
  const parsed = new URL(url, base);
  return ['http:', 'https:', 'blob:'].includes(parsed.protocol) ? parsed.href : undefined;
}

/**
 * True for a URL that is `base` or below it; both absolute and normalised. An encoded slash is refused, because a
 * server may read `%2f..%2f` as a way up.
 */
export function isUrlBelow(url: string, base: string): boolean {
  const [path = ''] = url.split(/[?#]/, 1);
  if (/%(2f|5c)/i.test(path)) return false;
  return path === base || path.startsWith(base.endsWith('/') ? base : `${base}/`);
}

/** The normalised form of an absolute http, https or mailto link in a text; undefined for any other. */
export function safeLink(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return ['http:', 'https:', 'mailto:'].includes(parsed.protocol) ? parsed.href : undefined;
}

/** Decodes base64-encoded UTF-8; undefined if it is not base64. Invalid bytes become U+FFFD. */
export function decodeText(base64: string): string | undefined {
  const bytes = decodeBase64(base64);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** Decodes base64, also of the alphabet for URLs; undefined if it is not base64. */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> | undefined {
  const compact = base64.replaceAll(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  if (!BASE64.test(compact)) return undefined;
  try {
    return Uint8Array.from(atob(compact), (character) => character.codePointAt(0) ?? 0);
  } catch {
    // The length is impossible for base64.
    return undefined;
  }
}

/** Number of bytes that a base64 text encodes. */
export function base64Size(base64: string): number {
  const compact = base64.replaceAll(/[\s=]+/g, '');
  return Math.floor((compact.length * 3) / 4);
}
