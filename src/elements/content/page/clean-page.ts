import { parseForeign } from './trusted-page.js';

/** The elements that lead out of a frame, or bring another document into it. */
const REMOVED =
  'script, base, link, meta[http-equiv], iframe, frame, object, embed, applet, portal, fencedframe, template';

/** Markup that is read again may mean something else; after this many rounds the page is refused. */
const MAX_ROUNDS = 6;

/**
 * Number of tags up to which a page is read without a noticeable delay: the time of a browser's parser grows with
 * their number times their depth.
 */
const MAX_TAGS = 5000;

/**
 * Returns a page from a run as HTML text without anything that could navigate its frame: links, forms, refreshes,
 * frames, and what could create them. Undefined for a page that has too many elements, or whose markup changes
 * its meaning each time it is read.
 *
 * @throws TypeError where the host's policy forbids to parse HTML (Trusted Types).
 */
export function cleanPage(source: string): string | undefined {
  if (source.split('<', MAX_TAGS + 1).length > MAX_TAGS) return undefined;
  let text = source;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const cleaned = cleanOnce(text);
    if (cleaned === text) return text;
    text = cleaned;
  }
  return undefined;
}

function cleanOnce(text: string): string {
  const page = parseForeign(text, 'text/html');
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_ELEMENT);
  const elements: Element[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Element) elements.push(node);
  }
  elements.forEach(clean);
  return elements[0]?.outerHTML ?? '';
}

/**
 * Cleans an element by the methods of all elements: those of a page can shadow members of its document and of forms
 * by their names.
 */
function clean(element: Element): void {
  const { getAttribute, getAttributeNames, matches, removeAttribute, remove } = Element.prototype;
  if (matches.call(element, REMOVED) || animatesLink(element)) {
    remove.call(element);
    return;
  }
  for (const name of getAttributeNames.call(element)) {
    if (!isKept(element, name.toLowerCase(), getAttribute.call(element, name) ?? '')) {
      removeAttribute.call(element, name);
    }
  }
  // The parser drops a line feed at the start of these.
  const first = element.firstChild;
  if (
    matches.call(element, 'pre, textarea, listing') &&
    first instanceof Text &&
    first.data.startsWith('\n')
  ) {
    first.data = `\n${first.data}`;
  }
}

/** True for an SVG animation that gives a link its address. */
function animatesLink(element: Element): boolean {
  const { getAttribute, getAttributeNames } = Element.prototype;
  return getAttributeNames
    .call(element)
    .some(
      (name) =>
        name.toLowerCase() === 'attributename' && /href/i.test(getAttribute.call(element, name) ?? ''),
    );
}

function isKept(element: Element, name: string, value: string): boolean {
  if (/^on|^(action|formaction|ping|target|srcdoc|autofocus|manifest|download)$/.test(name)) return false;
  if (/^(src|data|poster|background)$/.test(name)) return /^\s*(data|blob):/i.test(value);
  if (name === 'srcset' || name === 'imagesrcset') return false;
  if (!/^(.+:)?href$/.test(name)) return true;
  // Even a link within the page loads the host's page into the frame, whose base address is that of the host.
  return isSvg(element) && element.localName !== 'a' && /^\s*(#|data:image\/)/i.test(value);
}

function isSvg(element: Element): boolean {
  return element.namespaceURI === 'http://www.w3.org/2000/svg';
}
