import { render } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';

/** What a named character reference of HTML consists of; nothing of it is markup. */
const REFERENCE = /^&[a-z][a-z0-9]{1,31};$/i;

/** References that are remembered: more than HTML has (2125), so that only hostile texts reach it. */
const MAX_REMEMBERED = 5000;

/** What references were decoded to. */
const remembered = new Map<string, string>();

/** Where the browser decodes; created on first use. */
let place: HTMLElement | undefined;

/**
 * The characters of a named reference (`&eacute;`, with its semicolon), by the table that the browser has anyway; any
 * other text as it is. Needs a document.
 */
export function decodeNamedReference(reference: string): string {
  const before = remembered.get(reference);
  if (before !== undefined) return before;
  if (!REFERENCE.test(reference)) return reference;
  place ??= document.createElement('span');
  // Through Lit, which has the policy for hosts that demand trusted types.
  render(unsafeHTML(reference), place);
  const { textContent: text } = place;
  // Of “&notit;” the browser decodes “&not”, which may stand without a semicolon.
  const decoded = text.length > 1 && text.endsWith(';') ? reference : text;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(reference, decoded);
  return decoded;
}
