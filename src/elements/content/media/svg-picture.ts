import { parseForeign } from '../page/trusted-page.js';

/**
 * SVG can be drawn in many ways that take minutes: copies of copies, patterns, filters, dashes, layers. No list of
 * them is complete, so only a small picture of plain shapes is drawn in the page itself.
 */

/** Maximum length of a picture that is drawn in the page, in characters. */
const MAX_LENGTH = 8000;

const SHAPES = new Set(
  'svg g title desc path rect circle ellipse line polyline polygon text tspan'.split(' '),
);

const ATTRIBUTES = new Set(
  (
    'xmlns version id class role aria-label aria-hidden focusable viewBox preserveAspectRatio x y x1 x2 y1 y2 cx cy ' +
    'r rx ry dx dy d points width height transform fill fill-rule fill-opacity color stroke stroke-width ' +
    'stroke-linecap stroke-linejoin stroke-opacity font-family font-size font-weight font-style text-anchor ' +
    'dominant-baseline'
  ).split(' '),
);

/**
 * The `data:` URL of a small SVG picture that consists of plain shapes; undefined for any other. It is made of what
 * was read here, so that no encoding can hide another picture.
 */
export function plainSvgUrl(text: string): string | undefined {
  if (text.length > MAX_LENGTH || text.includes('<!')) return undefined;
  const root = parsePicture(text)?.documentElement;
  if (root === undefined) return undefined;
  if (root.localName !== 'svg' || ![root, ...root.querySelectorAll('*')].every(isPlain)) return undefined;
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(root))}`;
}

/** Undefined where the host's policy forbids to parse it (Trusted Types). */
function parsePicture(text: string): Document | undefined {
  try {
    return parseForeign(text, 'image/svg+xml');
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

function isPlain(element: Element): boolean {
  return SHAPES.has(element.localName) && element.getAttributeNames().every((name) => ATTRIBUTES.has(name));
}
