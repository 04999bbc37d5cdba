import { html, nothing, type TemplateResult } from 'lit';
import type { Sessions } from '../../actions/create-sessions.js';
import type { PanelCommands } from '../base/commands.js';
import type { FileCommands, FileCommandsHost } from './file-commands.js';
import type { FileRows } from './file-rows.js';
import { FILES_PART } from './files-part.js';
import type { Say } from './say.js';
import type { FileEntry, OpenedFiles, OpenedFilesHost, OpenFile } from './opened-files.js';

/** The panel, as `SessionFiles` needs it. */
export interface SessionFilesHost extends FileCommandsHost, OpenedFilesHost {
  readonly shadowRoot: ShadowRoot | null;
}

/** What a panel does with files. Only this is loaded with the list; the rest when it is used, or when the page is idle. */
export class SessionFiles implements Pick<PanelCommands, 'download' | 'downloadMany' | 'copyMarkdown'> {
  readonly #panel: SessionFilesHost;
  readonly #getSessions: () => Partial<Sessions>;
  readonly #say: Say;
  readonly #onShow: () => void;
  #loaded: { readonly files: OpenedFiles; readonly commands: FileCommands } | undefined;

  /**
   * @param getSessions returns the current state and actions of the panel.
   * @param onShow called when a file is shown in place of the opened session.
   */
  constructor(panel: SessionFilesHost, getSessions: () => Partial<Sessions>, say: Say, onShow: () => void) {
    this.#panel = panel;
    this.#getSessions = getSessions;
    this.#say = say;
    this.#onShow = onShow;
  }

  /** The file that is shown in place of a session. */
  get shown(): FileEntry | undefined {
    return this.#loaded?.files.shown;
  }

  /** Renders the rows of the opened files; nothing without any. */
  render(onClose: (entry: FileEntry) => void): TemplateResult | typeof nothing {
    const files = this.#loaded?.files;
    if (files === undefined || files.entries.length === 0) return nothing;
    return html`<sessions-panel-files
      .entries=${files.entries}
      .shown=${files.shown}
      .strings=${this.#panel.strings}
      .onShow=${files.show}
      .onClose=${onClose}
    ></sessions-panel-files>`;
  }

  /** Puts the focus on the row of a file; false without any. */
  focusRow(): boolean {
    const rows = this.#panel.shadowRoot?.querySelector<FileRows>('sessions-panel-files');
    void rows?.focusRow();
    return (rows ?? undefined) !== undefined;
  }

  async open(files: readonly File[], openFile: OpenFile): Promise<void> {
    await (await this.#load())?.files.open(files, openFile);
  }

  /** Shows the session again. */
  hide(): void {
    this.#loaded?.files.hide();
  }

  close(entry: FileEntry): void {
    this.#loaded?.files.close(entry);
  }

  closeAll(): void {
    this.#loaded?.files.closeAll();
  }

  /** Ends what is under way. */
  stop(): void {
    this.#loaded?.commands.stop();
  }

  readonly download = async (sessionId: string): Promise<void> => {
    await (await this.#load())?.commands.download(this.#getSessions(), sessionId);
  };

  readonly downloadMany = async (sessionIds: readonly string[]): Promise<void> => {
    await (await this.#load())?.commands.downloadMany(this.#getSessions(), sessionIds);
  };

  readonly copyMarkdown = async (sessionId: string, nodeId?: string): Promise<void> => {
    const loaded = await this.#load();
    const file = this.shown?.opened;
    // A row of the list may have the id of the file.
    const isOfFile = file?.sessions.run.sessionId === sessionId;
    const source = isOfFile ? file : { sessions: this.#getSessions(), clock: this.#panel.clock };
    await loaded?.commands.copyMarkdown(source, sessionId, nodeId);
  };

  async #load(): Promise<{ readonly files: OpenedFiles; readonly commands: FileCommands } | undefined> {
    const module = (await FILES_PART.load()) ? FILES_PART.module : undefined;
    if (module === undefined) this.#say({ text: this.#panel.strings.partFailed, isError: true });
    else
      this.#loaded ??= {
        files: new module.OpenedFiles(this.#panel, this.#say, this.#onShow),
        commands: new module.FileCommands(this.#panel, this.#say),
      };
    return this.#loaded;
  }
}
