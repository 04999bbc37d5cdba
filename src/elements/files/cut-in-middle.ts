/**
 * Returns a text of at most `maxChars` characters as it is, otherwise its beginning and its end with a line between them.
 *
 * @param cutText returns what stands in that line for a number of characters left out.
 */
export function cutInMiddle(text: string, maxChars: number, cutText: (chars: number) => string): string {
  if (text.length <= maxChars) return text;
  const half = Math.floor(maxChars / 2);
  const start = wholeEnd(text, half);
  const end = wholeEnd(text, text.length - half);
  return `${text.slice(0, start)}\n${cutText(end - start)}\n${text.slice(end)}`;
}

/** The position, or that before it where it would part a character of two code units. */
function wholeEnd(text: string, position: number): number {
  const isParted = /[\uD800-\uDBFF]/.test(text.charAt(position - 1));
  return isParted ? position - 1 : position;
}

/**
 * Joins blocks by empty lines to at most `maxBytes` of UTF-8: of a longer list, blocks in the middle are left out.
 *
 * @param blocks of which none is longer than a quarter of `maxBytes`.
 * @param cutText returns the block that stands in their place, for a number of bytes left out.
 */
export function joinBlocks(
  blocks: readonly string[],
  maxBytes: number,
  cutText: (bytes: number) => string,
): string {
  const encoder = new TextEncoder();
  const sizes = blocks.map((block) => encoder.encode(block).length + 2);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total - 2 <= maxBytes) return blocks.join('\n\n');
  // The line about the cut needs some.
  const budget = maxBytes - encoder.encode(cutText(total)).length - 2;
  const count = (order: readonly number[], limit: number): number => {
    let used = 0;
    const beyond = order.findIndex((size) => (used += size) > limit);
    return beyond < 0 ? order.length : beyond;
  };
  const first = count(sizes, budget / 2);
  const used = sizes.slice(0, first).reduce((sum, size) => sum + size, 0);
  const last = count(sizes.slice(first).reverse(), budget - used);
  const end = blocks.length - last;
  const left = sizes.slice(first, end).reduce((sum, size) => sum + size, 0);
  return [...blocks.slice(0, first), cutText(left), ...blocks.slice(end)].join('\n\n');
}
