import { css, html, nothing, type TemplateResult } from 'lit';
import { icon } from './icons.js';
import type { PanelStrings } from './strings.js';

/** An entry of the menu; it says why when it cannot be chosen. */
export interface MenuEntry {
  readonly text: string;
  readonly reason: string | undefined;
  readonly onChoose: () => void;
}

/** The one menu of the toolbar: a button, and the entries while it is open. */
export function renderMenu(
  isOpen: boolean,
  entries: readonly MenuEntry[],
  strings: PanelStrings,
  setOpen: (isOpen: boolean) => void,
): TemplateResult {
  const menuOf = (event: Event) =>
    event.currentTarget instanceof Element ? event.currentTarget.closest('.menu') : null;
  const leave = (event: Event) => {
    setOpen(false);
    menuOf(event)?.querySelector<HTMLElement>('.menu-button')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && isOpen) leave(event);
    else if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    else if (isOpen) moveFocus(menuOf(event), event.key === 'ArrowDown' ? 1 : -1);
    else setOpen(true);
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div
    class="menu"
    @keydown=${onKeyDown}
    @focusout=${(event: FocusEvent) => {
      const to = event.relatedTarget;
      if (isOpen && !(to instanceof Node && menuOf(event)?.contains(to) === true)) setOpen(false);
    }}
  >
    <button
      type="button"
      class="icon-button menu-button"
      part="menu-button"
      aria-label=${strings.menu}
      title=${strings.menu}
      aria-haspopup="menu"
      aria-expanded=${isOpen ? 'true' : 'false'}
      @click=${() => setOpen(!isOpen)}
    >
      ${icon('more')}
    </button>
    ${
      isOpen
        ? html`<div class="entries" part="menu" role="menu" aria-label=${strings.menu}>
            ${entries.map(
              ({ text, reason, onChoose }) =>
                html`<button
                  type="button"
                  role="menuitem"
                  tabindex="-1"
                  aria-disabled=${reason === undefined ? 'false' : 'true'}
                  title=${reason ?? nothing}
                  @click=${(event: Event) => {
                    if (reason !== undefined) return;
                    leave(event);
                    onChoose();
                  }}
                >
                  ${text}
                </button>`,
            )}
          </div>`
        : nothing
    }
  </div>`;
}

function moveFocus(menu: Element | null, by: 1 | -1): void {
  const entries = [...(menu?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const current = entries.findIndex((entry) => entry.matches(':focus'));
  const start = current === -1 && by === -1 ? 0 : current;
  entries[(start + by + entries.length) % Math.max(1, entries.length)]?.focus();
}

/** Styles of the menu. */
export const menuStyles = css`
  .menu {
    position: relative;
  }
  .entries {
    position: absolute;
    z-index: 4;
    inset-block-start: calc(100% + 4px);
    inset-inline-end: 0;
    display: grid;
    min-inline-size: 190px;
    padding: 4px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: color-mix(in srgb, var(--_surface) 60%, var(--_bg));
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.22);
  }
  .entries button {
    padding: 6px 10px;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    text-align: start;
    white-space: nowrap;
    cursor: pointer;
  }
  .entries button:hover,
  .entries button:focus-visible {
    background: var(--_sunken);
  }
`;
