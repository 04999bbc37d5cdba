import type { MarkdownIt, StateCore, Token } from '../markdown-it.js';

/**
 * Keeps the definitions that no link uses (`[1]: https://example.com "Title"`): the parser leaves them out, with all
 * that they say. A used one stands in its links.
 */
export function keepDefinitions(parser: MarkdownIt): void {
  parser.core.ruler.disable('strip_references');
  parser.core.ruler.push('definitions', keepUnused);
}

function keepUnused({ tokens, src }: StateCore): void {
  const definitions = tokens.filter(({ type }) => type === 'reference_definition');
  if (definitions.length === 0) return;
  const unused = labelsIn(tokens);
  const lines = src.split('\n');
  for (const definition of definitions) {
    const [start, end] = definition.map ?? [0, 0];
    // The first definition of a label is the one that counts, and is in its links.
    if (unused.delete(definition.meta?.['label'])) continue;
    definition.hidden = false;
    definition.content = lines.slice(start, end).map(withoutMarks).join('\n');
  }
}

/** The labels of all links and images that have one. */
function labelsIn(tokens: readonly Token[]): Set<unknown> {
  const labels = new Set<unknown>();
  for (const { type, meta, children } of tokens) {
    if (type === 'link_open' || type === 'image') labels.add(meta?.['label']);
    for (const label of labelsIn(children ?? [])) labels.add(label);
  }
  return labels;
}

/** A line of a definition without the marks of the quotes and lists around it. */
function withoutMarks(line: string, index: number): string {
  return index === 0 ? line.slice(line.indexOf('[')) : line.replace(/^[\s>]+/, '');
}
