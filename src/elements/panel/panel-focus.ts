import { focusedElement } from '../base/focused-element.js';
import type { SessionsInbox } from '../inbox/sessions-inbox.js';
import type { LazyPart } from '../parts/lazy-part.js';
import type { SessionList } from '../list/session-list.js';
import { SESSION_PART } from '../session/session-part.js';
import type { SessionView } from '../session/session-view.js';

/** The panel, as `PanelFocus` needs it. */
export interface FocusHost {
  readonly inboxPart: LazyPart;
  readonly shadowRoot: ShadowRoot | null;
  readonly updateComplete: Promise<boolean>;
  /** Whether the list is shown when the panel is too narrow for both list and session. */
  isListShown: boolean;
}

/** Moves the focus within the panel, and finds a new place for it when the focused element is removed. */
export class PanelFocus {
  readonly #panel: FocusHost;
  /** The focused element before the current update. */
  #focused: Element | undefined;
  /** The focused element when the inbox was opened. */
  #beforeInbox: HTMLElement | undefined;

  constructor(panel: FocusHost) {
    this.#panel = panel;
  }

  get list(): SessionList | undefined {
    return this.#panel.shadowRoot?.querySelector('sessions-panel-list') ?? undefined;
  }

  /** The opened session, once its code is loaded. */
  get view(): SessionView | undefined {
    return this.#panel.shadowRoot?.querySelector<SessionView>('sessions-panel-view:defined') ?? undefined;
  }

  /** The opened inbox, once its code is loaded. */
  get inbox(): SessionsInbox | undefined {
    return this.#panel.shadowRoot?.querySelector<SessionsInbox>('sessions-panel-inbox:defined') ?? undefined;
  }

  /** True when the session covers the list. The stylesheet decides; this reads the result. */
  get isNarrow(): boolean {
    const view = this.#panel.shadowRoot?.querySelector('sessions-panel-view') ?? undefined;
    return view !== undefined && getComputedStyle(view).position === 'absolute';
  }

  /** True when the panel is so low that its stylesheet draws everything in single lines. */
  get isShort(): boolean {
    const body = this.#panel.shadowRoot?.querySelector('.body') ?? undefined;
    return body !== undefined && getComputedStyle(body).getPropertyValue('--_is-short') !== '';
  }

  /** Remembers the focused element. Called before each update of the panel. */
  beforeUpdate(): void {
    this.#focused = this.#panel.shadowRoot?.activeElement ?? undefined;
  }

  /** Moves the focus if the update removed the focused element. Called after each update. */
  afterUpdate(): void {
    if (this.#focused !== undefined && this.#panel.shadowRoot?.activeElement === null) void this.hold();
    this.#focused = undefined;
  }

  /** Focuses the session's title once it is drawn, or what stands in its place until the code of the session is loaded. */
  focusTitle(): void {
    const { view } = this;
    if (view === undefined) this.#viewPlace?.focus({ preventScroll: true });
    else void view.updateComplete.then(() => view.focusTitle());
  }

  /** Focuses the first question of a session that is being opened, unless the person moves the focus in the meantime. */
  focusFirstQuestion(sessionId: string): void {
    const from = focusedElement();
    const focus = () => this.view?.focusFirstQuestion(sessionId);
    if (this.view !== undefined) focus();
    else
      void SESSION_PART.load().then(() => {
        const now = focusedElement();
        if (now === undefined || now === from || now === this.#viewPlace) focus();
      });
  }

  get #viewPlace(): HTMLElement | undefined {
    return this.#panel.shadowRoot?.querySelector<HTMLElement>('sessions-panel-view > .part') ?? undefined;
  }

  /** Shows the list and selects the text of its search field. */
  focusSearch(): void {
    const panel = this.#panel;
    panel.isListShown = true;
    void panel.updateComplete.then(() => {
      panel.shadowRoot?.querySelector<HTMLInputElement>('.search input')?.select();
      panel.shadowRoot?.querySelector<HTMLInputElement>('.search input')?.focus();
    });
  }

  /** Remembers what has the focus before the inbox covers it. */
  enterInbox(): void {
    let holder = this.#panel.shadowRoot?.activeElement ?? undefined;
    while (holder?.shadowRoot?.activeElement) holder = holder.shadowRoot.activeElement;
    this.#beforeInbox = holder instanceof HTMLElement ? holder : undefined;
    void this.#panel.updateComplete.then(() => this.#panel.inboxPart.load()).then(() => this.inbox?.focus());
  }

  /** Moves the focus to where it was before the inbox was opened, or else to the list. */
  leaveInbox(): void {
    const holder = this.#beforeInbox;
    this.#beforeInbox = undefined;
    void this.#panel.updateComplete.then(() => {
      if (holder?.isConnected === true) holder.focus({ preventScroll: true });
      if (this.#panel.shadowRoot?.activeElement === null) void this.hold();
    });
  }

  /** Moves the focus to the nearest useful place, if the focused element was removed. */
  async hold(): Promise<void> {
    const panel = this.#panel;
    // The update that removes the element is not finished yet.
    await panel.updateComplete;
    const { list } = this;
    await list?.updateComplete;
    if (panel.shadowRoot?.activeElement !== null) return;
    if (this.inbox !== undefined) this.inbox.focus();
    else if (!panel.isListShown && this.isNarrow) this.focusTitle();
    else if (list?.hasRows === true) list.focusRow();
    else {
      const [next] = ['.toast button', '.search input', '.menu-button'].flatMap(
        (selector) => panel.shadowRoot?.querySelector<HTMLElement>(selector) ?? [],
      );
      next?.focus();
    }
  }
}
