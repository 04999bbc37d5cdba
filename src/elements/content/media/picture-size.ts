import { bareType, decodeBase64 } from './safe-media.js';

/** Size of a picture, in pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Height above which a picture is drawn smaller, in pixels. */
const MAX_HEIGHT = 360;
/** Characters of base64 that are read; the size stands near the beginning, in a photo after its description. */
const HEAD_LENGTH = 128 * 1024;

/**
 * Reads the size of a picture from the beginning of its data, so that its place is known before it has loaded;
 * undefined for a type that is not known here, for broken data, and for SVG without a size in pixels.
 */
export function pictureSize(mimeType: string, base64: string): PictureSize | undefined {
  const head = decodeBase64(base64.slice(0, HEAD_LENGTH));
  const read = READERS[bareType(mimeType)];
  if (head === undefined || read === undefined) return undefined;
  const size = read(new DataView(head.buffer));
  return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
}

/**
 * The CSS properties that give a picture its place before it has loaded: at most as wide as what is around it, and at
 * most 360 pixels high. Empty if its size cannot be read.
 */
export function pictureStyle(mimeType: string, base64: string): string {
  const size = pictureSize(mimeType, base64);
  if (size === undefined) return '';
  const { width, height } = size;
  const drawnWidth = Math.min(width, (MAX_HEIGHT * width) / height);
  return `aspect-ratio:${width}/${height};block-size:auto;inline-size:min(100%,${drawnWidth.toFixed(2)}px)`;
}

type Reader = (data: DataView) => PictureSize | undefined;

/** A reader of two numbers at fixed places, behind a text at the beginning. */
function fixed(magic: string, length: number, read: (data: DataView) => PictureSize): Reader {
  return (data) => (hasText(data, 0, magic) && data.byteLength >= length ? read(data) : undefined);
}

const READERS: Readonly<Record<string, Reader>> = {
  'image/png': fixed('\u0089PNG', 24, (data) => ({ width: data.getUint32(16), height: data.getUint32(20) })),
  'image/gif': fixed('GIF8', 10, (data) => ({
    width: data.getUint16(6, true),
    height: data.getUint16(8, true),
  })),
  'image/bmp': fixed('BM', 26, (data) => ({
    width: data.getInt32(18, true),
    // Negative for a picture whose first row is the top one.
    height: Math.abs(data.getInt32(22, true)),
  })),
  'image/jpeg': jpegSize,
  'image/webp': webpSize,
  'image/svg+xml': svgSize,
};

function hasText(data: DataView, at: number, text: string): boolean {
  return (
    data.byteLength >= at + text.length &&
    [...text].every((letter, index) => data.getUint8(at + index) === letter.codePointAt(0))
  );
}

/** Goes from segment to segment to the frame header. */
function jpegSize(data: DataView): PictureSize | undefined {
  let at = 2;
  while (at + 9 <= data.byteLength && data.getUint8(at) === 0xff) {
    const marker = data.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: data.getUint16(at + 5), width: data.getUint16(at + 7) };
    at += 2 + data.getUint16(at + 2);
  }
  return undefined;
}

/** The three kinds of WebP: lossy, lossless, extended. */
function webpSize(data: DataView): PictureSize | undefined {
  if (!hasText(data, 0, 'RIFF') || !hasText(data, 8, 'WEBP') || data.byteLength < 30) return undefined;
  if (hasText(data, 12, 'VP8 ')) {
    return { width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff };
  }
  if (hasText(data, 12, 'VP8L')) {
    const bits = data.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  if (!hasText(data, 12, 'VP8X')) return undefined;
  const uint24 = (at: number) => data.getUint16(at, true) + data.getUint8(at + 2) * 0x10000;
  return { width: uint24(24) + 1, height: uint24(27) + 1 };
}

/** The attributes of the root: without both of them it is drawn as large as there is room. */
function svgSize(data: DataView): PictureSize | undefined {
  const text = new TextDecoder().decode(data);
  const start = text.search(/<svg\b/);
  const root = start === -1 ? '' : text.slice(start, text.indexOf('>', start) + 1);
  const pixels = (name: string) =>
    Number(new RegExp(`\\s${name}=["'](\\d+(?:\\.\\d+)?)(?:px)?["']`).exec(root)?.[1]);
  const [width, height] = [pixels('width'), pixels('height')];
  return Number.isNaN(width) || Number.isNaN(height) ? undefined : { width, height };
}
