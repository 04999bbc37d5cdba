import type { Token } from 'markdown-it';

/** The text of a line without its marks, for names and comparisons. */
export function plainTextOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content, children }) =>
      type === 'task_box' ? '' : type.endsWith('break') ? ' ' : children ? plainTextOf(children) : content,
    )
    .join('');
}
