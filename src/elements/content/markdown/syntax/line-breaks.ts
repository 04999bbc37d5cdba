import type { MarkdownIt } from '../markdown-it.js';

const BREAK = /<br[ \t]{0,9}\/?>[ \t]{0,9}\n?/iy;

/** Reads `<br>` as a line break, the only one that Markdown has for the cell of a table. All other HTML stays text. */
export function addLineBreaks(parser: MarkdownIt): void {
  parser.inline.ruler.before('autolink', 'br', (state, isSilent) => {
    BREAK.lastIndex = state.pos;
    const [found] = BREAK.exec(state.src) ?? [];
    if (found === undefined || state.pos + found.trimEnd().length > state.posMax) return false;
    if (!isSilent) state.push('hardbreak', 'br', 0);
    state.pos = Math.min(state.posMax, state.pos + found.length);
    return true;
  });
}
