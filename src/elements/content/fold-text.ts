/** Texts longer than this, in characters, are folded … */
const FOLD_ABOVE = 5000;
/** … to about this length. Because of the difference, folding never hides only a few words. */
const FOLD_TO = 4000;

/** The part of a text that is shown, and the number of hidden characters. */
export interface FoldedText {
  readonly shown: string;
  readonly hidden: number;
}

/** True for a text that `foldText` folds. */
export function isLongText(text: string): boolean {
  return text.length > FOLD_ABOVE;
}

/**
 * Folds a very long text to its beginning, or to its end while it is growing. Cuts at a line break or a
 * space if one is near, and never within a character.
 */
export function foldText(text: string, keep: 'beginning' | 'end' = 'beginning'): FoldedText {
  if (!isLongText(text)) return { shown: text, hidden: 0 };
  const shown = keep === 'beginning' ? beginningOf(text) : endOf(text);
  return { shown, hidden: text.length - shown.length };
}

function beginningOf(text: string): string {
  const cut = text.slice(0, FOLD_TO);
  const at = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf(' '));
  return at > FOLD_TO * 0.9 ? cut.slice(0, at) : cut.replace(/[\ud800-\udbff]$/, '');
}

function endOf(text: string): string {
  const cut = text.slice(-FOLD_TO);
  const at = cut.search(/\s/);
  return at >= 0 && at < FOLD_TO * 0.1 ? cut.slice(at + 1) : cut.replace(/^[\udc00-\udfff]/, '');
}
