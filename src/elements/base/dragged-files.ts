/** True when files are dragged, false for text, which is left to the text area. */
export function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

/** True for a `dragleave` between the parts of its listener's element. */
export function isWithin({ currentTarget, relatedTarget }: DragEvent): boolean {
  return (
    currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
  );
}

/**
 * Marks an element as the target of files by an attribute: dragging is not part of the rendered state of its host. Every
 * drag ends with a `dragleave` or a `drop`, also one that is cancelled.
 */
export function markTarget({ currentTarget }: Event, isOver: boolean): void {
  if (currentTarget instanceof Element) currentTarget.toggleAttribute('data-drop', isOver);
}
