import type { Sessions } from '../../actions/create-sessions.js';
import { GraphRunError } from '../../protocol/problems.js';
import type { SessionFile } from '../../protocol/session-file/session-file.js';
import { errorText } from '../strings/error-text.js';
import type { PanelStrings } from '../strings/english.js';
import { FileClock } from './file-clock.js';
import type { Say } from './say.js';

/** A session file that was read, and the state that shows it. */
export interface OpenedFile {
  readonly file: SessionFile;
  /** The only session of their list is that of the file, and it is being watched. */
  readonly sessions: Sessions;
}

/**
 * Reads a session file. Rejects with GraphRunError `not-a-session-file`, `newer-session-file` or `payload-too-large`, and
 * with what reading the blob throws.
 */
export type OpenFile = (blob: Blob, options: { readonly signal: AbortSignal }) => Promise<OpenedFile>;

/** A file that a person has chosen. */
export interface FileEntry {
  /** Its name on the disk. */
  readonly name: string;
  /** Undefined while it is being read. */
  readonly opened: (OpenedFile & { readonly clock: FileClock }) | undefined;
}

/** The panel, as `OpenedFiles` needs it. */
export interface OpenedFilesHost {
  readonly strings: PanelStrings;
  requestUpdate(): void;
}

/** The session files that are open in a panel, and which of them it shows. */
export class OpenedFiles {
  readonly #panel: OpenedFilesHost;
  readonly #say: Say;
  readonly #onShow: () => void;
  /** In the order in which they were opened, each with what ends its reading. */
  readonly #entries = new Map<FileEntry, AbortController>();
  #shown: FileEntry | undefined;

  /** @param onShow called when a file is shown in place of the opened session. */
  constructor(panel: OpenedFilesHost, say: Say, onShow: () => void) {
    this.#panel = panel;
    this.#say = say;
    this.#onShow = onShow;
  }

  get entries(): readonly FileEntry[] {
    return [...this.#entries.keys()];
  }

  /** The file that is shown in place of a session. */
  get shown(): FileEntry | undefined {
    return this.#shown;
  }

  /** Reads files one after another and shows each; says why one cannot be opened. Never rejects. */
  async open(files: readonly File[], openFile: OpenFile): Promise<void> {
    for (const file of files) await this.#open(file, openFile);
  }

  readonly show = (entry: FileEntry): void => {
    if (!this.#entries.has(entry) || entry.opened === undefined) return;
    this.#shown = entry;
    this.#panel.requestUpdate();
    this.#onShow();
  };

  /** Shows the session again. The files stay open. */
  hide(): void {
    this.#shown = undefined;
    this.#panel.requestUpdate();
  }

  close(entry: FileEntry): void {
    this.#entries.get(entry)?.abort();
    this.#entries.delete(entry);
    entry.opened?.sessions.actions.dispose();
    if (this.#shown === entry) this.#shown = undefined;
    this.#panel.requestUpdate();
  }

  closeAll(): void {
    for (const entry of this.entries) this.close(entry);
  }

  async #open(file: File, openFile: OpenFile): Promise<void> {
    const abort = new AbortController();
    const { signal } = abort;
    const reading: FileEntry = { name: file.name, opened: undefined };
    this.#entries.set(reading, abort);
    this.#panel.requestUpdate();
    try {
      const opened = await openFile(file, { signal });
      if (signal.aborted) return opened.sessions.actions.dispose();
      const entry = { name: file.name, opened: { ...opened, clock: new FileClock(opened.file) } };
      this.#entries.set(entry, abort);
      this.show(entry);
    } catch (error) {
      if (!signal.aborted)
        this.#say({ text: problemText(error, file.name, this.#panel.strings), isError: true });
    } finally {
      this.#entries.delete(reading);
      this.#panel.requestUpdate();
    }
  }
}

function problemText(error: unknown, name: string, strings: PanelStrings): string {
  switch (error instanceof GraphRunError ? error.code : '') {
    case 'not-a-session-file':
      return strings.notASessionFile(name);
    case 'newer-session-file':
      return strings.newerSessionFile(name);
    case 'payload-too-large':
      return strings.sessionFileTooLarge(name);
    default:
      return strings.openFileFailed(name, errorText(error, strings));
  }
}
