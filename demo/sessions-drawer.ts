import { css, html, LitElement, nothing } from 'lit';
import { controls } from './controls.js';
import { icon } from './icons.js';
import { place } from './place.js';
import { isBoolean, isNumber, recall, remember } from './remembered.js';

const MIN_HEIGHT = 180;
/** What stays visible of the editor above the drawer. */
const MIN_ABOVE = 130;
const KEY_STEP = 32;

/**
 * A drawer at the bottom of the page, as the developer tools of a browser have one. Whether it is open,
 * and how high, is remembered.
 *
 * @slot - What the drawer shows; it stays alive while the drawer is closed.
 */
export class SessionsDrawer extends LitElement {
  static override properties = {
    needsInputCount: { attribute: false },
    isOpen: { state: true },
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
        align-self: start;
        min-height: 34px;
        padding-inline: 12px 14px;
        border: 0;
        border-radius: 0;
        background: none;
        font-weight: 600;
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
        border-block-start: 1px solid var(--line);
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

  /** Number of sessions that wait for a person; shown beside the title. */
  declare needsInputCount: number;
  declare isOpen: boolean;
  /** Height of the content in pixels, as wished; the page may be too small for it. */
  declare height: number;

  constructor() {
    super();
    this.needsInputCount = 0;
    this.isOpen = recall('browser', 'drawer-open', isBoolean) ?? true;
    this.height = recall('browser', 'drawer-height', isNumber) ?? Math.round(innerHeight * 0.52);
  }

  /** Shows the content. */
  open(): void {
    this.#setOpen(true);
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
      <button class="toggle" aria-expanded=${this.isOpen} @click=${() => this.#setOpen(!this.isOpen)}>
        ${icon(this.isOpen ? 'down' : 'up')} Sessions
        ${
          this.needsInputCount === 0
            ? nothing
            : html`<span class="badge">${needsInputText(this.needsInputCount)}</span>`
        }
      </button>
      <div class="content" ?hidden=${!this.isOpen} ${place({ height })}>
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
    const { height, top } = content.getBoundingClientRect();
    const bar = top - this.getBoundingClientRect().top;
    this.#setHeight(height + top - bar - event.clientY);
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

function needsInputText(count: number): string {
  return count === 1 ? '1 needs input' : `${count} need input`;
}

function maxHeight(): number {
  return Math.max(MIN_HEIGHT, innerHeight - MIN_ABOVE);
}

function clampHeight(height: number): number {
  return Math.min(Math.max(height, MIN_HEIGHT), maxHeight());
}
