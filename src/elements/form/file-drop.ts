/** What takes files; it has the handlers below. None while an answer is on its way. */
const AREA = '.body:not(:disabled) .content-input:is(.any, .files)';

/** True for files that are dragged, and not for text, which is the text area's. */
function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

/** For `dragover` at what takes files. */
export function allowDrop(event: DragEvent): void {
  if (!hasFiles(event) || !isArea(event.currentTarget)) return;
  event.preventDefault();
  markTarget(event, true);
}

/** For `dragleave`, which comes also where dragging is given up, and between the parts of the target. */
export function hideTarget(event: DragEvent): void {
  if (!isWithin(event)) markTarget(event, false);
}

/** For `drop`: the files, where they are taken. */
export function droppedFiles(event: DragEvent): readonly File[] {
  markTarget(event, false);
  const files = isArea(event.currentTarget) ? [...(event.dataTransfer?.files ?? [])] : [];
  if (files.length > 0) event.preventDefault();
  return files;
}

/**
 * For the three events at the whole card: what takes files takes them wherever they are let go, where there is
 * only one. The browser would open a file that is let go beside it, in place of the page with all that was typed.
 */
export function dropOnCard(event: DragEvent): void {
  const { currentTarget: card, dataTransfer } = event;
  if (!(card instanceof Element) || event.defaultPrevented || !hasFiles(event)) return;
  if (event.type === 'dragleave' && isWithin(event)) return;
  event.preventDefault();
  const [area, ...others] = card.querySelectorAll(AREA);
  const isTaken = area !== undefined && others.length === 0;
  if (dataTransfer !== null && event.type === 'dragover') dataTransfer.dropEffect = isTaken ? 'copy' : 'none';
  if (isTaken) area.dispatchEvent(new DragEvent(event.type, { dataTransfer, cancelable: true }));
}

function isArea(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(AREA);
}

function isWithin({ currentTarget, relatedTarget }: DragEvent): boolean {
  return (
    currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
  );
}

/** Set on the element itself: what is dragged over a card is no part of what it shows. */
function markTarget({ currentTarget }: Event, isOver: boolean): void {
  if (currentTarget instanceof Element) currentTarget.toggleAttribute('data-drop', isOver);
}
