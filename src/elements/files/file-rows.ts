import { html, nothing, type TemplateResult } from 'lit';
import { hasFiles, isWithin, markTarget } from '../base/dragged-files.js';
import { sessionTitle } from '../strings/session-text.js';
import type { PanelStrings } from '../strings/english.js';
import { icon } from '../theme/icons.js';
import type { FileEntry, OpenedFiles } from './opened-files.js';

/** The rows of the opened files, above the list; nothing without any. */
export function renderFileRows(
  files: OpenedFiles,
  strings: PanelStrings,
  onClose: (entry: FileEntry) => void,
): TemplateResult | typeof nothing {
  const { entries, shown } = files;
  if (entries.length === 0) return nothing;
  return html`<ul class="files" role="list" aria-label=${strings.openedFiles}>
    ${entries.map((entry) => {
      const title = titleOf(entry, strings);
      const isShown = entry === shown;
      return html`<li class="file ${isShown ? 'is-active' : ''}">
        <button
          type="button"
          class="file-name"
          title=${entry.name}
          aria-current=${isShown ? 'true' : nothing}
          aria-disabled=${entry.opened === undefined}
          @click=${() => files.show(entry)}
        >
          ${icon('file')}<span class="file-mark">${strings.fileMark}</span
          ><span class="file-title" dir="auto">${title}</span>
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label=${strings.closeFile(title)}
          title=${strings.closeFile(title)}
          @click=${() => onClose(entry)}
        >
          ${icon('close')}
        </button>
      </li>`;
    })}
  </ul>`;
}

/** The title of its session; while it is being read, its name. */
function titleOf({ name, opened }: FileEntry, strings: PanelStrings): string {
  if (opened === undefined) return strings.openingFile(name);
  const { header } = opened.file;
  const row = opened.sessions.history.getSession(header.session.sessionId);
  return sessionTitle(row ?? header.session, strings);
}

/**
 * Returns the listeners that make an element the target of dropped files; undefined where they cannot be opened: the
 * browser then does with them what it always does.
 */
export function fileTarget(
  onFiles: ((files: readonly File[]) => void) | undefined,
): ((event: DragEvent) => void) | undefined {
  if (onFiles === undefined) return undefined;
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
