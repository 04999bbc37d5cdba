import { html, nothing, type TemplateResult } from 'lit';
import { icon, type IconName } from '../../theme/icons.js';
import type { MenuEntry, PanelMenu } from './menu.js';
import { EXPORTED_PARTS } from '../part-names.js';
import { pressedKey } from '../pressed-key.js';

/** Props of a button with a menu. */
export interface MenuButtonView {
  /** Name of the button and of its menu. */
  readonly label: string;
  /** True: the button shows its name instead of “…”. */
  readonly hasText?: boolean;
  /** What the button shows without its name; default: “…”. */
  readonly symbol?: IconName;
  readonly isOpen: boolean;
  readonly entries: readonly MenuEntry[];
  readonly onToggle: (isOpen: boolean) => void;
}

/** Renders a button, “…” or with its name, and the menu that it opens; by the arrow down, too. The two must be alone in their parent. */
export function renderMenuButton({
  label,
  hasText = false,
  symbol = 'more',
  isOpen,
  entries,
  onToggle,
}: MenuButtonView): TemplateResult {
  return html`<button
      type="button"
      class=${hasText ? 'button menu-button has-text' : 'icon-button menu-button'}
      part="menu-button"
      aria-label=${hasText ? nothing : label}
      title=${hasText ? nothing : label}
      aria-haspopup="menu"
      aria-expanded=${isOpen ? 'true' : 'false'}
      @pointerdown=${(event: Event) => menuNextTo(event)?.press()}
      @click=${toggle}
      @keydown=${(event: KeyboardEvent) => {
        if (pressedKey(event) !== 'ArrowDown') return;
        event.preventDefault();
        toggle(event);
      }}
    >
      ${hasText ? html`${label} ${icon('chevron')}` : icon(symbol)}</button
    ><sessions-panel-menu
      exportparts=${EXPORTED_PARTS.menu}
      .label=${label}
      .entries=${entries}
      @menu-toggle=${(event: Event) => onToggle((event.currentTarget as PanelMenu).isOpen)}
    ></sessions-panel-menu>`;
}

function toggle(event: Event): void {
  if (event.currentTarget instanceof Element) menuNextTo(event)?.toggle(event.currentTarget);
}

function menuNextTo({ currentTarget }: Event): PanelMenu | undefined {
  if (!(currentTarget instanceof Element)) return undefined;
  return currentTarget.parentElement?.querySelector('sessions-panel-menu') ?? undefined;
}
