import { hasFiles, isWithin, markTarget } from '../base/dragged-files.js';

/** Returns the listener of an element on which files are dropped, for `dragover`, `dragleave` and `drop`. */
export function fileTarget(onFiles: (files: readonly File[]) => void): (event: DragEvent) => void {
  return (event) => {
    if (event.defaultPrevented || !hasFiles(event)) return;
    if (event.type === 'dragleave') {
      if (!isWithin(event)) markTarget(event, false);
      return;
    }
    event.preventDefault();
    markTarget(event, event.type === 'dragover');
    if (event.type === 'drop') onFiles([...(event.dataTransfer?.files ?? [])]);
  };
}
