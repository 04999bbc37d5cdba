import type { MarkdownIt, StateCore, Token } from '../markdown-it.js';

/**
 * Keeps the numbers of a list: 2, 4, 8 stay so. A list that repeats one number, as Markdown allows, is counted from
 * it.
 */
export function addListNumbers(parser: MarkdownIt): void {
  parser.core.ruler.push('list_numbers', numberItems);
}

/** Numbers from here on do not fit next to the text. */
const LONG_NUMBER = 1000;

function numberItems({ tokens }: StateCore): void {
  const lists: { readonly open: Token; readonly items: Token[] }[] = [];
  for (const token of tokens) {
    if (/^(?:ordered|bullet)_list_open$/.test(token.type)) lists.push({ open: token, items: [] });
    else if (token.type === 'list_item_open') lists.at(-1)?.items.push(token);
    else if (/^(?:ordered|bullet)_list_close$/.test(token.type)) {
      const list = lists.pop();
      if (list !== undefined && token.type === 'ordered_list_close') numberList(list.open, list.items);
    }
  }
}

/** Sets the attribute `value` of each item whose number is not the next one, and the class of a list of long numbers. */
function numberList(open: Token, items: readonly Token[]): void {
  const numbers = items.map(({ info }) => Number(info));
  const isCounted = new Set(numbers).size === 1;
  const last = isCounted ? (numbers[0] ?? 0) + numbers.length : numbers.reduce((a, b) => Math.max(a, b), 0);
  if (last >= LONG_NUMBER) open.attrSet('class', 'is-long');
  if (isCounted) return;
  for (const [index, item] of items.entries()) {
    const number = numbers[index] ?? 0;
    if (index > 0 && number !== (numbers[index - 1] ?? 0) + 1) item.attrSet('value', number);
  }
}
