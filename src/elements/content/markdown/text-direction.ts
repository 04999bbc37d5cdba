/** Letters of the scripts that are written from right to left: Hebrew, Arabic and their neighbours in Unicode. */
const RIGHT_TO_LEFT = /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * The direction of the first letter of a text; undefined without a letter.
 *
 * `dir="auto"` means the same, but Chromium looks for that letter again at each child that is added: for a paragraph of
 * 10,000 short lines of numbers that takes 6 seconds.
 */
export function textDirection(text: string): 'ltr' | 'rtl' | undefined {
  const at = text.search(/\p{L}/u);
  if (at < 0) return undefined;
  return RIGHT_TO_LEFT.test(text.slice(at, at + 2)) ? 'rtl' : 'ltr';
}
