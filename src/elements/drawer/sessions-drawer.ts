import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { browserMemory, type PanelMemory } from '../base/view-memory.js';
import { pressedKey } from '../base/pressed-key.js';
import type { PanelStrings } from '../strings/english.js';
import { firstEnglishStrings } from '../strings/first-english.js';
import { icon } from '../theme/icons.js';
import { theme } from '../theme/theme.js';
import {
  clampSize,
  initialSize,
  isDrawerPosition,
  limitsOf,
  SIDES,
  type DrawerPosition,
  type DrawerSide,
  type WindowSize,
} from './drawer-size.js';
import { drawerStyles } from './sessions-drawer.styles.js';

/** Pixels by which a key changes the size. */
const KEY_STEP = 32;

/** Inputs that take no text: in the others, Escape belongs to what is typed. */
const WITHOUT_TEXT = 'input:is([type=radio], [type=checkbox], [type=button], [type=submit])';

/**
 * A drawer around a `<sessions-panel>`: at the bottom or at the end of the page's layout, or floating over the page. It
 * opens, closes and is resized by pointer and keyboard, shows how many sessions wait while it is closed, and remembers its
 * size and whether it is open. Its panel stays connected while it is closed.
 *
 * @element sessions-drawer
 *
 * @fires {Event} drawer-toggle - A person has opened or closed it.
 * @slot - The panel.
 * @csspart toggle - The button that opens and closes it.
 * @csspart badge - The number of sessions that need input, while it is closed.
 * @csspart resizer - The edge that changes its size.
 * @cssprop --sessions-drawer-layer - `z-index` of a floating drawer.
 */
export class SessionsDrawer extends LitElement {
  static override styles = [...theme, drawerStyles];
  static override properties = {
    open: { type: Boolean, reflect: true },
    position: { reflect: true },
    strings: { attribute: false },
    memory: { attribute: false },
    needsInputCount: { state: true },
    wanted: { state: true },
  };

  /** Whether the panel is shown. Default: as it was left, at first true. */
  declare open: boolean;
  /**
   * Where it stands: `bottom` or `right`, docked, as the last part of the page's grid or flex layout, or `floating`, fixed
   * over the page. Default `bottom`.
   */
  declare position: DrawerPosition;
  /**
   * All texts. Default: English.
   *
   * @default englishStrings
   */
  declare strings: PanelStrings;
  /** Storage for its size and whether it is open, by its `id`. Default: the browser's local storage. */
  declare memory: PanelMemory;
  /** @internal Number of sessions that wait for a person. */
  declare needsInputCount: number;
  /** @internal The sizes that the person has chosen; the window may be too small for them. */
  declare wanted: Readonly<Partial<Record<DrawerSide, number>>>;

  readonly #toggleSize: ResizeObserver | undefined;
  #hasRecalled = false;

  constructor() {
    super();
    this.open = true;
    this.position = 'bottom';
    this.strings = firstEnglishStrings as PanelStrings;
    this.memory = browserMemory;
    this.needsInputCount = 0;
    this.wanted = {};
    this.#toggleSize =
      globalThis.ResizeObserver === undefined ? undefined : new ResizeObserver(() => this.#leaveRoom());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('resize', this.#onWindowResize);
    this.addEventListener('needs-input-change', this.#onNeedsInput);
    this.addEventListener('keydown', this.#onKeyDown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('resize', this.#onWindowResize);
    this.removeEventListener('needs-input-change', this.#onNeedsInput);
    this.removeEventListener('keydown', this.#onKeyDown);
  }

  protected override willUpdate(): void {
    this.strings ??= firstEnglishStrings as PanelStrings;
    this.memory ??= browserMemory;
    if (!isDrawerPosition(this.position)) this.position = 'bottom';
    if (!this.#hasRecalled) this.#recall();
  }

  protected override firstUpdated(): void {
    const toggle = this.shadowRoot?.querySelector('.toggle');
    if (toggle !== null && toggle !== undefined) this.#toggleSize?.observe(toggle);
  }

  protected override updated(): void {
    this.#leaveRoom();
  }

  protected override render(): TemplateResult {
    const { open, position, strings, needsInputCount } = this;
    const sizes = SIDES[position].map((side) => `${BLOCK_OR_INLINE[side]}:${this.#sizeOf(side)}px`);
    return html`${open ? SIDES[position].map((side) => this.#renderResizer(side)) : nothing}
      <button
        type="button"
        class="toggle"
        part="toggle"
        aria-expanded=${open}
        aria-controls="content"
        @click=${() => this.#toggle(!this.open)}
      >
        ${icon(open ? 'down' : 'up')} ${strings.panelTitle}
        ${
          open || needsInputCount === 0
            ? nothing
            : html`<span class="badge" part="badge">${strings.drawerNeedsInput(needsInputCount)}</span>`
        }
      </button>
      <div class="content" id="content" ?hidden=${!open} .style=${sizes.join(';')}>
        <slot @slotchange=${this.#onSlotChange}></slot>
      </div>`;
  }

  #renderResizer(side: DrawerSide): TemplateResult {
    const { position, strings } = this;
    const { min, max } = limitsOf(position, side, windowSize());
    return html`<div
      class="resizer ${side}"
      part="resizer"
      role="separator"
      tabindex="0"
      aria-controls="content"
      aria-label=${side === 'height' ? strings.drawerHeight : strings.drawerWidth}
      aria-orientation=${side === 'height' ? 'horizontal' : 'vertical'}
      aria-valuenow=${this.#sizeOf(side)}
      aria-valuemin=${min}
      aria-valuemax=${max}
      @keydown=${(event: KeyboardEvent) => this.#onResizerKey(event, side)}
      @pointerdown=${onResizerDown}
      @pointermove=${(event: PointerEvent) => this.#onResizerMove(event, side)}
      @dblclick=${() => this.#setSize(side, undefined)}
    ></div>`;
  }

  #sizeOf(side: DrawerSide): number {
    const { position } = this;
    const size = windowSize();
    return clampSize(this.wanted[side] ?? initialSize(position, side, size), position, side, size);
  }

  /** The toolbar of the panel begins after the button, which is its title. */
  #leaveRoom(): void {
    const width = this.shadowRoot?.querySelector<HTMLElement>('.toggle')?.offsetWidth ?? 0;
    this.style.setProperty('--_drawer-inset', `${width}px`);
  }

  #recall(): void {
    this.#hasRecalled = true;
    // An attribute that the page has written wins over what was remembered.
    const isOpen = this.memory.read(this.#nameOf('open'));
    if (!this.hasAttribute('open') && isOpen !== undefined) this.open = isOpen === 'true';
    const sizes = (['height', 'width'] as const).map((side) => {
      const size = Number(this.memory.read(this.#nameOf(side)));
      return [side, size] as const;
    });
    // Empty once its size was reset; anything else that is no size was not written here.
    this.wanted = Object.fromEntries(sizes.filter(([, size]) => size > 0));
  }

  #nameOf(value: string): string {
    return `drawer.${this.id === '' ? '' : `${this.id}.`}${value}`;
  }

  #toggle(isOpen: boolean): void {
    this.open = isOpen;
    this.memory.write(this.#nameOf('open'), String(isOpen));
    this.dispatchEvent(new Event('drawer-toggle', { bubbles: true }));
  }

  /** Changes the size; undefined restores that of the beginning. */
  #setSize(side: DrawerSide, size: number | undefined): void {
    const { [side]: _before, ...rest } = this.wanted;
    const clamped = size === undefined ? undefined : clampSize(size, this.position, side, windowSize());
    this.wanted = clamped === undefined ? rest : { ...rest, [side]: clamped };
    this.memory.write(this.#nameOf(side), clamped === undefined ? '' : String(clamped));
  }

  readonly #onWindowResize = (): void => this.requestUpdate();

  readonly #onNeedsInput = ({ count }: HTMLElementEventMap['needs-input-change']): void => {
    this.needsInputCount = count;
  };

  /** A panel that was there before the drawer has reported its number already. */
  readonly #onSlotChange = (event: Event): void => {
    const slot = event.target;
    if (!(slot instanceof HTMLSlotElement)) return;
    for (const element of slot.assignedElements()) {
      if ('needsInputCount' in element && typeof element.needsInputCount === 'number') {
        this.needsInputCount = element.needsInputCount;
      }
    }
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (pressedKey(event) !== 'Escape' || event.defaultPrevented || !this.open) return;
    const path = event.composedPath();
    // The browser closes those with the same key.
    if (path.some((each) => each instanceof Element && each.matches('dialog[open], :popover-open'))) return;
    const [target] = path;
    const isField = target instanceof Element && target.matches('input, textarea, select, [contenteditable]');
    if (isField && !target.matches(WITHOUT_TEXT)) return;
    event.preventDefault();
    this.#toggle(false);
    this.shadowRoot?.querySelector<HTMLElement>('.toggle')?.focus();
  };

  #onResizerKey(event: KeyboardEvent, side: DrawerSide): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const wider = this.matches(':dir(rtl)') ? 'ArrowRight' : 'ArrowLeft';
    const { min, max } = limitsOf(this.position, side, windowSize());
    const size = this.#sizeOf(side);
    const sizes: Readonly<Record<string, number>> = {
      [side === 'height' ? 'ArrowUp' : wider]: size + KEY_STEP,
      [side === 'height' ? 'ArrowDown' : wider === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft']: size - KEY_STEP,
      Home: min,
      End: max,
    };
    const key = pressedKey(event);
    const wanted = Object.hasOwn(sizes, key) ? sizes[key] : undefined;
    if (wanted === undefined) return;
    event.preventDefault();
    this.#setSize(side, wanted);
  }

  #onResizerMove(event: PointerEvent, side: DrawerSide): void {
    const { currentTarget } = event;
    if (!(currentTarget instanceof Element) || !currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = this.shadowRoot?.querySelector('.content')?.getBoundingClientRect();
    if (box === undefined) return;
    const isRtl = this.matches(':dir(rtl)');
    const width = isRtl ? event.clientX - box.left : box.right - event.clientX;
    this.#setSize(side, side === 'height' ? box.bottom - event.clientY : width);
  }
}

const BLOCK_OR_INLINE: Readonly<Record<DrawerSide, string>> = { height: 'block-size', width: 'inline-size' };

function onResizerDown(event: PointerEvent): void {
  if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
}

function windowSize(): WindowSize {
  return { height: globalThis.innerHeight ?? 800, width: globalThis.innerWidth ?? 1280 };
}
