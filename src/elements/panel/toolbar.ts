import { html, nothing, type TemplateResult } from 'lit';
import type { ConnectionState } from '../../protocol/stream/messages.js';
import type { MenuEntry } from '../base/menu/menu.js';
import { renderMenuButton } from '../base/menu/menu-button.js';
import type { ListDensity } from '../list/list-density.js';
import { statusIcon } from '../theme/icons.js';
import { connectionText } from '../strings/connection-text.js';
import type { FirstStrings } from '../strings/first-english.js';

/** Props of the toolbar. */
export interface ToolbarView {
  /** The connection to the list; undefined before there is one. */
  readonly monitor: ConnectionState | undefined;
  readonly nowMs: number;
  readonly strings: FirstStrings;
  readonly onRetry: () => void;
  /** Search and chips, where there is no other place for them. */
  readonly filters: TemplateResult | typeof nothing;
  /** The button of the inbox. */
  readonly inbox: TemplateResult | typeof nothing;
  readonly bell: TemplateResult | typeof nothing;
  /** The button that starts a session. */
  readonly start: TemplateResult | typeof nothing;
  readonly menu: TemplateResult | typeof nothing;
}

/** Renders the bar on top: title, connection state of the list, and the buttons of panel and host. */
export function renderToolbar({
  monitor,
  nowMs,
  strings,
  onRetry,
  filters,
  inbox,
  bell,
  start,
  menu,
}: ToolbarView): TemplateResult {
  const text = monitor === undefined ? undefined : connectionText(monitor, nowMs, strings);
  return html`<div class="toolbar ${text?.action === undefined ? '' : 'can-retry'}" part="toolbar">
    <h2 part="title">${strings.panelTitle}</h2>
    ${
      text === undefined
        ? nothing
        : html`<span class="connection ${text.tone}" part="connection">
            <span class="dot"></span
            ><span class="connection-text" title=${text.hint ?? text.text}>${text.text}</span>
            ${
              text.action === undefined
                ? nothing
                : html`<span class="between">·</span>
                    <button type="button" class="link" @click=${onRetry}>${text.action}</button>`
            }
          </span>`
    }
    ${filters === nothing ? nothing : html`<div class="filters">${filters}</div>`}
    <span class="tools">${inbox}${bell}${start}<slot name="toolbar"></slot>${menu}</span>
  </div>`;
}

/** Renders the button that shows how many sessions need input, and opens the inbox. */
export function renderInboxButton(
  count: number,
  isOpen: boolean,
  strings: FirstStrings,
  onToggle: () => void,
): TemplateResult | typeof nothing {
  if (count === 0 && !isOpen) return nothing;
  return html`<button
    type="button"
    class="button pill ask inbox-button"
    part="inbox-button"
    title=${strings.openInboxHint}
    aria-pressed=${isOpen ? 'true' : 'false'}
    aria-keyshortcuts="i"
    aria-label=${strings.openInbox(count)}
    @click=${onToggle}
  >
    <span class="in-words">${strings.openInbox(count)}</span
    ><span class="in-short">${statusIcon('suspended')} ${count.toLocaleString(strings.locale)}</span>
  </button>`;
}

/** Props of the toolbar's menu. */
export interface ToolbarMenuView {
  readonly isOpen: boolean;
  /** True when there are sessions to clear; read only while the menu is open. */
  readonly hasFinished: boolean;
  /** Whether sessions can be deleted. */
  readonly canClear: boolean;
  readonly strings: FirstStrings;
  readonly onToggle: (isOpen: boolean) => void;
  readonly density: ListDensity;
  readonly onDensity: (density: ListDensity) => void;
  readonly onClear: () => void;
  /** Opens session files that a person chooses; undefined where that is not possible. */
  readonly onOpenFiles: ((files: readonly File[]) => void) | undefined;
  readonly onShortcuts: () => void;
}

/** Renders the toolbar's menu and its button. */
export function renderToolbarMenu(menu: ToolbarMenuView): TemplateResult {
  const {
    isOpen,
    hasFinished,
    canClear,
    density,
    strings,
    onToggle,
    onDensity,
    onClear,
    onOpenFiles,
    onShortcuts,
  } = menu;
  const densityEntry = (value: ListDensity, text: string): MenuEntry => ({
    text,
    isChosen: value === density,
    onChoose: () => onDensity(value),
  });
  const entries: readonly MenuEntry[] = [
    densityEntry('comfortable', strings.densityComfortable),
    densityEntry('compact', strings.densityCompact),
    ...(canClear
      ? [
          {
            text: strings.clearFinished,
            icon: 'trash' as const,
            reason: hasFinished ? undefined : strings.nothingFinished,
            onChoose: onClear,
          },
        ]
      : []),
    ...(onOpenFiles === undefined
      ? []
      : [{ text: strings.openFile, icon: 'file' as const, onChoose: () => chooseFiles(onOpenFiles) }]),
    { text: strings.shortcuts, icon: 'keyboard', key: '?', onChoose: onShortcuts },
  ];
  return renderMenuButton({ label: strings.menu, isOpen, entries, onToggle });
}

/** Asks the person for session files. */
function chooseFiles(onFiles: (files: readonly File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.jsonl,application/jsonl';
  input.multiple = true;
  input.addEventListener('change', () => onFiles([...(input.files ?? [])]));
  input.click();
}
