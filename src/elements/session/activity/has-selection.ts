/** True if text within a shadow root, or within those inside it, is selected. */
export function hasSelection(root: Node): boolean {
  const selection = document.getSelection();
  // `isCollapsed` is true for a selection within a shadow root of a shadow root.
  if (!(root instanceof ShadowRoot) || selection === null || selection.type !== 'Range') return false;
  // Browsers older than 2025 do not report a selection in a shadow root.
  if (!('getComposedRanges' in selection)) return false;
  return selection
    .getComposedRanges({ shadowRoots: [root] })
    .some(({ startContainer, endContainer }) => root.contains(startContainer) || root.contains(endContainer));
}
