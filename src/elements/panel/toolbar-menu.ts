import { html, type TemplateResult } from 'lit';
import { icon } from '../theme/icons.js';
import type { MenuEntry, PanelMenu } from '../base/menu.js';
import type { PanelStrings } from '../strings/english.js';

/** What the menu of the toolbar shows and calls. */
export interface ToolbarMenu {
  readonly isOpen: boolean;
  /** True when there are sessions to clear; looked at while the menu is open. */
  readonly hasFinished: boolean;
  readonly strings: PanelStrings;
  readonly onToggle: (isOpen: boolean) => void;
  readonly onClear: () => void;
  readonly onShortcuts: () => void;
}

/** The one menu of the toolbar, behind its button. */
export function renderToolbarMenu(menu: ToolbarMenu): TemplateResult {
  const { isOpen, hasFinished, strings, onToggle, onClear, onShortcuts } = menu;
  const entries: readonly MenuEntry[] = [
    {
      text: strings.clearFinished,
      icon: 'trash',
      reason: hasFinished ? undefined : strings.nothingFinished,
      onChoose: onClear,
    },
    { text: strings.shortcuts, icon: 'keyboard', key: '?', onChoose: onShortcuts },
  ];
  return html`<button
      type="button"
      class="icon-button menu-button"
      part="menu-button"
      aria-label=${strings.menu}
      title=${strings.menu}
      aria-haspopup="menu"
      aria-expanded=${isOpen ? 'true' : 'false'}
      @pointerdown=${(event: Event) => menuBeside(event)?.press()}
      @click=${toggle}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        toggle(event);
      }}
    >
      ${icon('more')}</button
    ><sessions-panel-menu
      exportparts="menu"
      .label=${strings.menu}
      .entries=${entries}
      @menu-toggle=${(event: Event) => onToggle((event.currentTarget as PanelMenu).isOpen)}
    ></sessions-panel-menu>`;
}

function toggle(event: Event): void {
  if (event.currentTarget instanceof Element) menuBeside(event)?.toggle(event.currentTarget);
}

function menuBeside({ currentTarget }: Event): PanelMenu | undefined {
  if (!(currentTarget instanceof Element)) return undefined;
  return currentTarget.parentElement?.querySelector('sessions-panel-menu') ?? undefined;
}
