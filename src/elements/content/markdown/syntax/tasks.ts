import type { MarkdownIt, StateCore } from '../markdown-it.js';
import { plainTextOf } from '../plain-text-of.js';

/** Reads the items of a list of tasks, `- [ ] open` and `- [x] done`. */
export function addTasks(parser: MarkdownIt): void {
  parser.core.ruler.push('tasks', markTasks);
}

function markTasks({ tokens, Token: New }: StateCore): void {
  for (const [index, item] of tokens.entries()) {
    if (item.type !== 'list_item_open') continue;
    const line = tokens[index + 2];
    const children = line?.children ?? [];
    const mark = /^\[([ xX])\]\s/.exec(line?.type === 'inline' ? line.content : '');
    const [first] = children;
    // The mark may also be a link, if there is a definition of it.
    if (mark === null || first?.type !== 'text' || !first.content.startsWith('[')) continue;
    first.content = first.content.slice(3).trimStart();
    const box = new New('task_box', 'input', 0);
    box.meta = { isDone: mark[1] !== ' ' };
    box.content = plainTextOf(children);
    children.unshift(box);
    item.attrSet('class', 'task');
  }
}
