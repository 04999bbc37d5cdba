import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { SignalElement } from '../base/signal-element.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { sessionTitle } from '../strings/session-text.js';
import { icon } from '../theme/icons.js';
import { theme } from '../theme/theme.js';
import { fileRowStyles } from './file-rows.styles.js';
import type { FileEntry } from './opened-files.js';

/** The session files that are open, above the list. Part of `<sessions-panel>`. */
export class FileRows extends SignalElement {
  static override styles = [...theme, fileRowStyles];
  static override properties: PropertyDeclarations = {
    entries: { attribute: false },
    shown: { attribute: false },
    strings: { attribute: false },
    onShow: { attribute: false },
    onClose: { attribute: false },
  };

  declare entries: readonly FileEntry[];
  /** The file that is shown in place of a session. */
  declare shown: FileEntry | undefined;
  declare strings: PanelStrings;
  declare onShow: (entry: FileEntry) => void;
  declare onClose: (entry: FileEntry) => void;

  constructor() {
    super();
    this.entries = [];
    this.shown = undefined;
    this.strings = englishStrings;
    this.onShow = () => undefined;
    this.onClose = () => undefined;
  }

  /** Puts the focus on the row of the file that is shown, or else on the last one. */
  async focusRow(): Promise<void> {
    await this.updateComplete;
    const rows = [...(this.shadowRoot?.querySelectorAll<HTMLElement>('.file-name') ?? [])];
    (rows.find(({ ariaCurrent }) => ariaCurrent === 'true') ?? rows.at(-1))?.focus();
  }

  protected override render(): TemplateResult {
    const { entries, shown, strings, onShow, onClose } = this;
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
            @click=${() => onShow(entry)}
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
}

/** The title of its session; while it is being read, its name. */
function titleOf({ name, opened }: FileEntry, strings: PanelStrings): string {
  if (opened === undefined) return strings.openingFile(name);
  const { header } = opened.file;
  const row = opened.sessions.history.getSession(header.session.sessionId);
  return sessionTitle(row ?? header.session, strings);
}
