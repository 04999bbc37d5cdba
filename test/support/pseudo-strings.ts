import { englishStrings, type PanelStrings } from '../../src/elements/strings/english.js';

/** Each text of the catalogue in brackets, so that a text from elsewhere stands out. */
function bracketed(value: unknown): unknown {
  if (typeof value === 'string') return `⟦${value}⟧`;
  if (typeof value === 'function') {
    return (...args: unknown[]) => bracketed(Reflect.apply(value, undefined, args));
  }
  if (Array.isArray(value)) return value.map(bracketed);
  return Object.fromEntries(Object.entries(Object(value)).map(([key, member]) => [key, bracketed(member)]));
}

/**
 * A catalogue in which each text stands in ⟦brackets⟧; times and numbers are Russian. So where what a run
 * says is in Cyrillic letters, a Latin letter outside of brackets is a text that cannot be replaced.
 */
export const pseudoStrings: PanelStrings = {
  ...(bracketed(englishStrings) as PanelStrings),
  locale: 'ru',
};

/** Names of attributes that are read out or shown. */
const READ_OUT = [
  'alt',
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'label',
  'placeholder',
  'title',
];

/** Names of the protocol and data, which are shown as they are: ids, types of events and files, JSON. */
const AS_IT_IS = 'style, script, code, pre, .line .key, .line .value, .type, .what, .file-name';

/** All texts below an element that are not from the catalogue and not Cyrillic, shadow roots included. */
export function strayTexts(root: Element): string[] {
  const found: string[] = [];
  const check = (text: string, place: Element) => {
    const rest = outside(text);
    if (/\p{Script=Latin}/u.test(rest))
      found.push(`“${text.trim()}” in ${place.localName}.${place.className}`);
  };
  const visit = (node: Node) => {
    if (node instanceof Text && node.parentElement !== null) check(node.data, node.parentElement);
    if (node instanceof Element) {
      // A type of event among the options of a list.
      const isName =
        node instanceof HTMLOptionElement && node.value !== '' && node.text.startsWith(node.value);
      // Keys that are the same on all keyboards.
      const isKey = node.localName === 'kbd' && /^([a-z]|F\d+)$/.test(node.textContent ?? '');
      if (isName || isKey || node.matches(AS_IT_IS)) return;
      for (const name of READ_OUT) check(node.getAttribute(name) ?? '', node);
      node.shadowRoot?.childNodes.forEach(visit);
    }
    node.childNodes.forEach(visit);
  };
  visit(root);
  return found;
}

/** What stands outside of the brackets. */
function outside(text: string): string {
  let depth = 0;
  let rest = '';
  for (const character of text) {
    if (character === '⟦') depth += 1;
    else if (character === '⟧') depth -= 1;
    else if (depth === 0) rest += character;
  }
  return rest;
}
