import { hasFiles, isWithin, markTarget } from '../base/dragged-files.js';

/** The elements that accept files, which have the handlers below. None while an answer is being sent. */
const AREA = '.body:not(:disabled) .content-input:is(.any, .files)';

/** Handles `dragover` at an element that accepts files. */
export function allowDrop(event: DragEvent): void {
  if (!hasFiles(event) || !isArea(event.currentTarget)) return;
  event.preventDefault();
  markTarget(event, true);
}

/** Handles `dragleave`, which also fires when dragging is cancelled, and between the parts of the target. */
export function hideTarget(event: DragEvent): void {
  if (!isWithin(event)) markTarget(event, false);
}

/** Handles `drop`: returns the files, or none when they are not accepted. */
export function droppedFiles(event: DragEvent): readonly File[] {
  markTarget(event, false);
  const files = isArea(event.currentTarget) ? [...(event.dataTransfer?.files ?? [])] : [];
  if (files.length > 0) event.preventDefault();
  return files;
}

/**
 * Handles the three events at the whole card: if only one element accepts files, it gets those dropped
 * anywhere on the card. Without this, the browser would open a file dropped elsewhere, replacing the page and
 * all unsent input.
 */
export function dropOnCard(event: DragEvent): void {
  const { currentTarget: card, dataTransfer } = event;
  if (!(card instanceof Element) || event.defaultPrevented || !hasFiles(event)) return;
  if (event.type === 'dragleave' && isWithin(event)) return;
  event.preventDefault();
  const [area, ...others] = card.querySelectorAll(AREA);
  const isAccepted = area !== undefined && others.length === 0;
  if (dataTransfer !== null && event.type === 'dragover')
    dataTransfer.dropEffect = isAccepted ? 'copy' : 'none';
  if (isAccepted) area.dispatchEvent(new DragEvent(event.type, { dataTransfer, cancelable: true }));
}

function isArea(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches(AREA);
}
