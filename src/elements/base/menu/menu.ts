import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { menuStyles } from './menu.styles.js';
import { icon, type IconName } from '../../theme/icons.js';
import { theme } from '../../theme/theme.js';
import { pressedKey } from '../pressed-key.js';

/** An entry of a menu; it says why when it cannot be chosen. */
export interface MenuEntry {
  readonly text: string;
  readonly icon?: IconName;
  /** The key that does the same. */
  readonly key?: string;
  /** Why it cannot be chosen now; undefined when it can. */
  readonly reason?: string | undefined;
  /** For one of several values: whether it is the present one. */
  readonly isChosen?: boolean;
  /** True for the first of several that belong together: a line is drawn above it. */
  readonly isGroupStart?: boolean;
  readonly onChoose: () => void;
}

/** A place in the window, in pixels. */
export interface MenuPoint {
  readonly x: number;
  readonly y: number;
}

/** Distance to the edges of the window and to the button, in pixels. */
const GAP = 8;
const DISTANCE = 4;

/**
 * A menu that opens at a button or at the pointer, above everything else in the page. Part of
 * `<sessions-panel>`. Arrows, Home and End move in it; Escape, Tab, scrolling or a click elsewhere close
 * it, and the focus goes back to where it was.
 *
 * @csspart menu - The menu.
 */
export class PanelMenu extends LitElement {
  static override styles = [...theme, menuStyles];
  static override properties = {
    entries: { attribute: false },
    label: {},
    isOpen: { state: true },
  };

  /** The entries to choose from. May change while the menu is open. */
  declare entries: readonly MenuEntry[];
  /** Name of the menu for screen readers. */
  declare label: string;
  /** True from `open` until the menu has closed for any reason. `menu-toggle` reports changes. */
  declare isOpen: boolean;

  #anchor: Element | undefined;
  /** Anchor of the menu when a button was pressed. */
  #pressedAt: Element | undefined;

  constructor() {
    super();
    this.entries = [];
    this.label = '';
    this.isOpen = false;
  }

  /** Opens at an element, below it if there is room, and puts the focus on the first entry. */
  async open(anchor: Element, point?: MenuPoint): Promise<void> {
    this.#anchor = anchor;
    this.isOpen = true;
    await this.updateComplete;
    const menu = this.#menu;
    if (menu === null || menu === undefined || !this.isConnected) return;
    if (!menu.matches(':popover-open')) menu.showPopover();
    this.#place(menu, anchor, point);
    this.#items[0]?.focus();
    this.#tell();
  }

  /** Closes it; the focus, if it is in it, goes to where the menu was opened. */
  close(): void {
    const menu = this.#menu;
    if (menu === null || menu === undefined || !menu.matches(':popover-open')) return;
    const hadFocus = menu.matches(':focus-within');
    menu.hidePopover();
    if (hadFocus && this.#anchor instanceof HTMLElement) this.#anchor.focus({ preventScroll: true });
  }

  /**
   * Notices that a button of it is pressed. A press elsewhere than in an open menu closes it, its own button
   * included; the click that follows must not open it there again.
   */
  press(): void {
    this.#pressedAt = this.isOpen ? this.#anchor : undefined;
  }

  /** Handles a click on a button of it: opens it there, or closes it when it was open there. */
  toggle(anchor: Element): void {
    const openAt = this.isOpen ? this.#anchor : this.#pressedAt;
    this.#pressedAt = undefined;
    if (openAt === anchor) this.close();
    else void this.open(anchor);
  }

  protected override render(): TemplateResult {
    return html`<div
      popover="auto"
      class="entries"
      part="menu"
      role="menu"
      aria-label=${this.label}
      @beforetoggle=${this.#onBeforeToggle}
      @keydown=${this.#onKeyDown}
      @focusout=${this.#onFocusOut}
    >
      ${this.isOpen ? this.entries.map((entry) => this.#renderEntry(entry)) : nothing}
    </div>`;
  }

  #renderEntry({
    text,
    icon: name,
    key,
    reason,
    isChosen,
    isGroupStart,
    onChoose,
  }: MenuEntry): TemplateResult {
    const choose = () => {
      if (reason !== undefined) return;
      // First closed: what is chosen may put the focus elsewhere.
      this.close();
      onChoose();
    };
    return html`<button
      type="button"
      class=${isGroupStart === true ? 'group-start' : ''}
      role=${isChosen === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked=${isChosen === undefined ? nothing : isChosen ? 'true' : 'false'}
      tabindex="-1"
      aria-disabled=${reason === undefined ? 'false' : 'true'}
      title=${reason ?? nothing}
      @click=${choose}
    >
      ${isChosen === false ? icon('none') : isChosen === true ? icon('check') : name === undefined ? nothing : icon(name)}<span
        >${text}</span
      >
      ${key === undefined ? nothing : html`<kbd aria-hidden="true">${key}</kbd>`}
    </button>`;
  }

  get #menu(): HTMLElement | null | undefined {
    return this.shadowRoot?.querySelector<HTMLElement>('.entries');
  }

  get #items(): readonly HTMLElement[] {
    return [...(this.shadowRoot?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])];
  }

  /** Inside the window, and where the script of the page runs from the right, from the right. */
  #place(menu: HTMLElement, anchor: Element, point: MenuPoint | undefined): void {
    const { left, right, top, bottom } = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const isRtl = getComputedStyle(this).direction === 'rtl';
    const wanted = point === undefined ? (isRtl ? left : right - width) : isRtl ? point.x - width : point.x;
    const below = point?.y ?? bottom + DISTANCE;
    const above = (point?.y ?? top - DISTANCE) - height;
    const hasRoom = below + height <= window.innerHeight - GAP;
    menu.style.left = `${clamp(wanted, GAP, window.innerWidth - width - GAP)}px`;
    menu.style.top = `${clamp(hasRoom ? below : above, GAP, window.innerHeight - height - GAP)}px`;
  }

  readonly #onBeforeToggle = (event: Event): void => {
    if (!(event instanceof ToggleEvent) || event.newState !== 'closed') return;
    this.isOpen = false;
    this.#tell();
  };

  #tell(): void {
    this.dispatchEvent(new Event('menu-toggle'));
  }

  readonly #onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node && this.#menu?.contains(to) === true)) this.close();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const items = this.#items;
    const current = items.findIndex((item) => item.matches(':focus'));
    const positions: Readonly<Record<string, number>> = {
      ArrowDown: (current + 1) % items.length,
      ArrowUp: (current - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    // No key of the menu is one of the list's or the panel's as well.
    event.stopPropagation();
    const key = pressedKey(event);
    const position = Object.hasOwn(positions, key) ? positions[key] : this.#typedAhead(event, current);
    if (key === 'Escape') this.close();
    else if (position !== undefined) items[position]?.focus();
    else return;
    event.preventDefault();
  };

  /** The next entry that begins with a typed letter, in the language of the entries whatever the layout is. */
  #typedAhead(event: KeyboardEvent, current: number): number | undefined {
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
    const { entries } = this;
    const order = entries.map((_, index) => (current + 1 + index) % entries.length);
    return [event.key, pressedKey(event)]
      .filter((key) => [...key].length === 1 && key !== ' ')
      .map((key) => order.find((index) => startsWith(entries[index]?.text ?? '', key)))
      .find((index) => index !== undefined);
  }
}

function startsWith(text: string, key: string): boolean {
  return text.toLocaleLowerCase().startsWith(key.toLocaleLowerCase());
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}
