import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { PanelCommands, RowCapabilities } from '../base/commands.js';
import { ROW_KEYS } from '../base/rows/row-keys.js';
import { SignalElement } from '../base/signal-element.js';
import { keyName } from '../strings/key-name.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { icon, type IconName } from '../theme/icons.js';
import { theme } from '../theme/theme.js';
import { selectionBarStyles } from './selection-bar.styles.js';

/**
 * What a person can do with the selected sessions, below the list: only what is possible with at least one of them. Part
 * of `<sessions-panel>`.
 *
 * @csspart selection - Its bar.
 */
export class SelectionBar extends SignalElement {
  static override styles = [...theme, selectionBarStyles];
  static override properties: PropertyDeclarations = {
    sessionIds: { attribute: false },
    history: { attribute: false },
    capabilities: { attribute: false },
    commands: { attribute: false },
    strings: { attribute: false },
    onClear: { attribute: false },
  };

  /** The selected sessions, in the order of the list. */
  declare sessionIds: readonly string[];
  declare history: SessionHistoryController | undefined;
  declare capabilities: RowCapabilities;
  declare commands: PanelCommands | undefined;
  declare strings: PanelStrings;
  declare onClear: () => void;

  constructor() {
    super();
    this.sessionIds = [];
    this.history = undefined;
    this.capabilities = {};
    this.commands = undefined;
    this.strings = englishStrings;
    this.onClear = () => undefined;
  }

  protected override render(): TemplateResult {
    const { sessionIds, commands, strings, onClear } = this;
    const { cancelMany, deleteMany, downloadMany } = commands ?? {};
    const running = cancelMany === undefined ? [] : this.#possible('cancel');
    const deletable = deleteMany === undefined ? [] : this.#possible('delete');
    return html`<div class="bar" part="selection" role="group" aria-label=${strings.selectionLabel}>
      <span class="count">${strings.selectedCount(sessionIds.length)}</span>
      ${
        running.length === 0
          ? nothing
          : this.#renderButton('stop', `${strings.cancelRuns(running.length)}…`, () => cancelMany?.(running))
      }
      ${
        deletable.length === 0
          ? nothing
          : this.#renderButton('trash', strings.delete, () => deleteMany?.(deletable))
      }
      ${
        downloadMany === undefined
          ? nothing
          : this.#renderButton('download', strings.downloadMany, () => downloadMany(sessionIds))
      }
      ${this.#renderButton('close', strings.clearSelection, onClear, keyName('Escape', strings))}
    </div>`;
  }

  /** The sessions with which a command is possible now. */
  #possible(command: 'cancel' | 'delete'): readonly string[] {
    const { sessionIds, history, capabilities } = this;
    return sessionIds.filter((sessionId) => {
      const session = history?.getSession(sessionId);
      const operation = history?.operationOf(sessionId);
      return session !== undefined && ROW_KEYS[command].isOffered({ session, operation, capabilities });
    });
  }

  #renderButton(drawing: IconName, word: string, onClick: () => void, key?: string): TemplateResult {
    return html`<button
      type="button"
      class="button quiet ${drawing === 'close' ? 'clear' : ''}"
      title=${key === undefined ? word : `${word} (${key})`}
      @click=${onClick}
    >
      ${icon(drawing)}<span class="word">${word}</span>
    </button>`;
  }
}
