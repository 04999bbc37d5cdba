import type { MarkdownIt, StateCore, Token } from '../markdown-it.js';
import { spendTokens } from './token-budget.js';

/** Keeps the cells of a row that has more of them than the head of its table: the parser leaves them out. */
export function addWholeRows(parser: MarkdownIt): void {
  parser.core.ruler.after('block', 'whole_rows', completeRows);
}

function completeRows(state: StateCore): void {
  if (!state.tokens.some(({ type }) => type === 'tr_open')) return;
  const lines = state.src.split('\n');
  let row: Token | undefined;
  let cells = 0;
  state.tokens = state.tokens.flatMap((token) => {
    if (token.type === 'tr_open') {
      row = token;
      cells = 0;
    } else if (token.type === 'td_close') cells += 1;
    else if (token.type === 'tr_close' && cells > 0) {
      const more = cellsOf(lines[row?.map?.[0] ?? -1] ?? '').slice(cells);
      spendTokens(state.env, 3 * more.length);
      return [...more.flatMap((cell) => cellTokens(state, cell, token.level + 1)), token];
    }
    return [token];
  });
}

/** The cells of a row, as the parser splits them; a row within quotes begins with their marks. */
function cellsOf(line: string): readonly string[] {
  const row = line.replace(/^[\s>]+/, '').trimEnd();
  const cells = row.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
  return cells.slice(row.startsWith('|') ? 1 : 0, row.endsWith('|') && cells.at(-1) === '' ? -1 : undefined);
}

function cellTokens({ Token: New }: StateCore, content: string, level: number): readonly Token[] {
  const [open, inline, close] = [
    new New('td_open', 'td', 1),
    new New('inline', '', 0),
    new New('td_close', 'td', -1),
  ];
  open.level = level;
  close.level = level;
  inline.level = level + 1;
  inline.content = content;
  inline.children = [];
  return [open, inline, close];
}
