import { base64Size, bareType, decodeText, mediaDataUrl, mediaKind } from './safe-media.js';
import { plainSvgUrl } from './svg-picture.js';

/** Larger SVG pictures are not read at all. */
const MAX_SVG_BYTES = 32_000;

/** True for the type of an SVG picture. */
export function isSvg(mimeType: string): boolean {
  return bareType(mimeType) === 'image/svg+xml';
}

/**
 * The `data:` URL of a picture that may be drawn in the page; undefined for any other type, broken data, and an SVG
 * picture that may take long to draw.
 */
export function pictureUrl(mimeType: string, base64: string): string | undefined {
  if (mediaKind(mimeType) !== 'image') return undefined;
  if (!isSvg(mimeType)) return mediaDataUrl(mimeType, base64);
  return base64Size(base64) > MAX_SVG_BYTES ? undefined : plainSvgUrl(decodeText(base64) ?? '');
}
