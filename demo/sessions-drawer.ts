import { css, html, LitElement, nothing, unsafeCSS } from 'lit';
import { controls } from './controls.js';
import { icon } from './icons.js';
import { place } from './place.js';
import { isBoolean, isNumber, recall, remember } from './remembered.js';

const MIN_HEIGHT = 180;
/** Height of the editor that stays visible above the drawer, in pixels. */
const MIN_ABOVE = 130;
const KEY_STEP = 32;
/** Height of the drawer's bar: that of the panel's toolbar. */
const BAR_HEIGHT = 40;

/**
 * A drawer at the bottom of the page, like the developer tools of a browser. Remembers whether it is open, and
 * its height.
 *
 * @slot - Content of the drawer; it stays connected while the drawer is closed.
 * @cssprop --drawer-toggle-width - Set by the drawer: the space that its button takes at the start of
 *   the slot's first line, which is 40 pixels high.
 */
export class SessionsDrawer extends LitElement {
  static override properties = {
    needsInputCount: { attribute: false },
    isOpen: { type: Boolean, attribute: 'open', reflect: true },
    height: { state: true },
  };

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        position: relative;
        min-height: 0;
        border-block-start: 1px solid var(--line);
        background: var(--surface);
      }

      .resizer {
        position: absolute;
        inset-inline: 0;
        inset-block-start: -4px;
        height: 8px;
        z-index: 1;
        cursor: row-resize;
        touch-action: none;
      }

      .resizer:hover,
      .resizer:focus-visible {
        outline: none;
        background: linear-gradient(var(--accent), var(--accent)) center / 100% 2px no-repeat;
      }

      .toggle {
        justify-content: start;
        min-height: ${unsafeCSS(BAR_HEIGHT)}px;
        padding-inline: 12px;
        border: 0;
        border-radius: 0;
        background: none;
        font-weight: 600;
      }

      /* The panel's own toolbar continues next to it. */
      :host([open]) .toggle {
        position: absolute;
        z-index: 1;
      }

      .toggle:focus-visible {
        outline-offset: -2px;
      }

      .badge {
        padding: 0 8px;
        border-radius: 99px;
        background: var(--asking-tint);
        color: var(--asking);
        font-size: 12px;
        font-weight: 600;
      }

      .content {
        min-height: 0;
      }

      .content[hidden] {
        display: none;
      }

      ::slotted(*) {
        height: 100%;
      }
    `,
  ];

  /** Number of sessions that wait for a person; shown next to the title while the drawer is closed. */
  declare needsInputCount: number;
  /** Reflected for the styles. */
  declare isOpen: boolean;
  /** Chosen height of the content in pixels; the page may be too small for it. */
  declare height: number;

  constructor() {
    super();
    this.needsInputCount = 0;
    this.isOpen = recall('browser', 'drawer-open', isBoolean) ?? true;
    this.height = recall('browser', 'drawer-height', isNumber) ?? initialHeight();
  }

  /** Shows the content. */
  open(): void {
    this.#setOpen(true);
  }

  protected override firstUpdated(): void {
    const toggle = this.renderRoot.querySelector('.toggle');
    if (toggle !== null) this.#toggleSize.observe(toggle);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('resize', this.#onWindowResize);
  }

  override disconnectedCallback(): void {
    removeEventListener('resize', this.#onWindowResize);
    super.disconnectedCallback();
  }

  override render(): unknown {
    const height = clampHeight(this.height);
    return html`
      ${this.isOpen ? this.#renderResizer(height) : nothing}
      <button
        class="toggle"
        aria-expanded=${this.isOpen}
        aria-controls="content"
        @click=${() => this.#setOpen(!this.isOpen)}
      >
        ${icon(this.isOpen ? 'down' : 'up')} Sessions
        ${
          this.isOpen || this.needsInputCount === 0
            ? nothing
            : html`<span class="badge">${needsInputText(this.needsInputCount)}</span>`
        }
      </button>
      <div class="content" id="content" ?hidden=${!this.isOpen} ${place({ height })}>
        <slot></slot>
      </div>
    `;
  }

  #renderResizer(height: number): unknown {
    return html`
      <div
        class="resizer"
        role="separator"
        aria-label="Height of the sessions drawer"
        aria-orientation="horizontal"
        aria-valuenow=${height}
        aria-valuemin=${MIN_HEIGHT}
        aria-valuemax=${maxHeight()}
        tabindex="0"
        @keydown=${this.#onResizerKey}
        @pointerdown=${this.#onResizerDown}
        @pointermove=${this.#onResizerMove}
      ></div>
    `;
  }

  readonly #toggleSize = new ResizeObserver(([entry]) => {
    const width = entry?.borderBoxSize[0]?.inlineSize ?? 0;
    this.style.setProperty('--drawer-toggle-width', `${width}px`);
  });

  readonly #onWindowResize = (): void => this.requestUpdate();

  #onResizerKey(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#setHeight(clampHeight(this.height) + step * KEY_STEP);
  }

  #onResizerDown(event: PointerEvent): void {
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  #onResizerMove(event: PointerEvent): void {
    if (!(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return;
    const content = this.renderRoot.querySelector('.content');
    if (content === null) return;
    this.#setHeight(content.getBoundingClientRect().bottom - event.clientY);
  }

  #setOpen(isOpen: boolean): void {
    this.isOpen = isOpen;
    remember('browser', 'drawer-open', isOpen);
  }

  #setHeight(height: number): void {
    this.height = Math.round(clampHeight(height));
    remember('browser', 'drawer-height', this.height);
  }
}

/** About half of the page, so that the first question fits on a usual screen; more on a phone. */
function initialHeight(): number {
  return Math.round(innerHeight * (innerWidth < 600 ? 0.62 : 0.54));
}

function needsInputText(count: number): string {
  return count === 1 ? '1 needs input' : `${count} need input`;
}

function maxHeight(): number {
  return Math.max(MIN_HEIGHT, innerHeight - MIN_ABOVE);
}

function clampHeight(height: number): number {
  return Math.min(Math.max(height, MIN_HEIGHT), maxHeight());
}
