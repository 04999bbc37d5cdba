import type { Token } from './markdown-it.js';

/** Stands for a picture without a text, so that it is not taken for nothing. */
const PICTURE = '\ufffc';

/** The text of a line without its marks, for names and comparisons. */
export function plainTextOf(tokens: readonly Token[]): string {
  return tokens.map(plainText).join('');
}

function plainText({ type, content, children }: Token): string {
  if (type === 'task_box') return '';
  if (type.endsWith('break')) return ' ';
  if (type === 'image' && content === '') return PICTURE;
  return children ? plainTextOf(children) : content;
}
