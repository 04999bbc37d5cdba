import type { MarkdownIt, StateBlock, StateInline } from '../markdown-it.js';

const MARK = /\[\^([^\s[\]^]{1,60})\](?!\()/y;

/** Reads the mark of a footnote, `[^1]`, in a line and before its note, which stays where it is. */
export function addNoteMarks(parser: MarkdownIt): void {
  parser.inline.ruler.before('link', 'note_mark', readMark);
  parser.block.ruler.before('reference', 'note', readNote);
}

function readMark(state: StateInline, isSilent: boolean): boolean {
  MARK.lastIndex = state.pos;
  const [mark, label] = MARK.exec(state.src) ?? [];
  if (mark === undefined || label === undefined || state.pos + mark.length > state.posMax) return false;
  if (!isSilent) state.push('note_mark', 'sup', 0).content = `[${label}]`;
  state.pos += mark.length;
  return true;
}

/** A note is a paragraph; for the parser `[^1]: Source` would be the definition of a link to “Source”. */
function readNote(state: StateBlock, startLine: number, endLine: number, isSilent: boolean): boolean {
  if ((state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  MARK.lastIndex = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  const paragraph = state.md.block.ruler.getRules('').at(-1);
  return !isSilent && MARK.test(state.src) && (paragraph?.(state, startLine, endLine, false) ?? false);
}
