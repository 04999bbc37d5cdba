import type { MarkdownIt, StateBlock, StateInline } from '../markdown-it.js';

/** The marks around a formula. `$` is also money, and `\(` also an escaped bracket. */
const CLOSED_BY: Readonly<Record<string, string>> = { $$: '$$', $: '$', '\\(': '\\)', '\\[': '\\]' };

/** Maximum length of a formula within a line, in characters; it bounds the time of looking for its end. */
const MAX_LENGTH = 500;
/** Maximum number of lines of a formula that stands alone. */
const MAX_LINES = 40;

/** A character that formulas have, and bracketed words or marks do not. */
const TEX = /[\\^_{}=<>*~&]/;
const WORD = /[\p{L}\p{N}]/u;
/** Marks that formulas do not have, but prose between two prices may. */
const PROSE = /`|\]\(|\*\*|~~|__/;

/**
 * Leaves formulas as they are written: `$a_1$`, `$$…$$`, `\(…\)` and `\[…\]`. As Markdown they would lose their
 * backslashes, and their underscores and asterisks would be emphasis.
 */
export function addFormulas(parser: MarkdownIt): void {
  parser.inline.ruler.before('escape', 'formula', readFormula);
  parser.block.ruler.before('fence', 'formula_block', readFormulaBlock, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
}

function readFormula(state: StateInline, isSilent: boolean): boolean {
  const { src, pos, posMax } = state;
  const opening = openingAt(src, pos);
  if (opening === undefined) return false;
  const text = src.slice(pos, Math.min(posMax, pos + MAX_LENGTH));
  const end = endOf(text, opening);
  if (end < 0) return false;
  if (!isSilent) state.push('formula', '', 0).content = text.slice(0, end);
  state.pos = pos + end;
  return true;
}

function openingAt(text: string, position: number): string | undefined {
  const two = text.slice(position, position + 2);
  if (two in CLOSED_BY && two.length === 2) return two;
  // Within a word or after another `$` it opens nothing: “US$”.
  return two.startsWith('$') && !/[\p{L}\p{N}$]/u.test(text.charAt(position - 1)) ? '$' : undefined;
}

/** The length of the formula at the beginning of a text, with its marks; negative if there is none. */
function endOf(text: string, opening: string): number {
  const closing = CLOSED_BY[opening] ?? opening;
  const at = text.indexOf(closing, opening.length);
  const content = text.slice(opening.length, at);
  if (at < 0 || !WORD.test(content) || !TEX.test(content)) return -1;
  const end = at + closing.length;
  if (opening !== '$') return end;
  const isMoney =
    /^\s|[\s\\]$|\n/.test(content) || PROSE.test(content) || /^[\p{L}\p{N}]/u.test(text.slice(end));
  return isMoney ? -1 : end;
}

/** A formula that begins and ends with a line. */
function readFormulaBlock(state: StateBlock, startLine: number, endLine: number, isSilent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const opening = lineAt(state, startLine).slice(0, 2);
  const closing = opening.length === 2 ? CLOSED_BY[opening] : undefined;
  if (closing === undefined || opening === '\\(') return false;
  for (let line = startLine; line < Math.min(endLine, startLine + MAX_LINES); line += 1) {
    const text = lineAt(state, line).slice(line === startLine ? 2 : 0);
    if (line > startLine && (text === '' || (state.sCount[line] ?? 0) < state.blkIndent)) return false;
    const at = text.indexOf(closing);
    if (at < 0) continue;
    if (at + closing.length < text.length || (line === startLine && text.length === closing.length))
      return false;
    if (isSilent) return true;
    const token = state.push('formula_block', '', 0);
    token.content = state.getLines(startLine, line + 1, state.blkIndent, false);
    token.map = [startLine, line + 1];
    state.line = line + 1;
    return true;
  }
  return false;
}

function lineAt({ src, bMarks, tShift, eMarks }: StateBlock, line: number): string {
  return src.slice((bMarks[line] ?? 0) + (tShift[line] ?? 0), eMarks[line]).trim();
}
