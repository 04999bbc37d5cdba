/**
 * Finds the question that takes the place of `left`: the one after it that is still open, or else the first; undefined
 * without an open question. `before`: the questions while `left` was open, in the same order as `open`.
 */
export function followingQuestion(
  before: readonly string[],
  left: string | undefined,
  open: readonly string[],
): string | undefined {
  const position = left === undefined ? -1 : before.indexOf(left);
  if (position === -1) return open[0];
  const isOpen = new Set(open);
  return before.slice(position + 1).find((interactionId) => isOpen.has(interactionId)) ?? open[0];
}
