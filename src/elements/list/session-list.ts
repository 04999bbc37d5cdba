import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DraftsController } from '../../controller/drafts-controller.js';
import type { SessionOrder } from '../../controller/session-order.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { ALL_SESSIONS, needsInput } from '../../controller/session-filter.js';
import { Clock } from '../base/clock.js';
import { areOtherCapabilities, type PanelCommands, type RowCapabilities } from '../base/commands.js';
import { listLabel, orderText } from './time-menu.js';
import { ListArrangement } from './list-order.js';
import { OpenedRow } from './opened-row.js';
import { isKnownEmpty, renderListMessage } from './list-message.js';
import { renderOlder } from './older-sessions.js';
import { positionForKey } from '../base/rows/list-layout.js';
import { isOfOtherCopy, renderOtherCopy } from '../base/other-copy.js';
import { pressedKey } from '../base/pressed-key.js';
import { noticeStyles } from '../theme/notice.styles.js';
import type { ListDensity } from './list-density.js';
import { HEADING_EM, LINE_EM, listStyles, ROW_EM } from './session-list.styles.js';
import { rowCommandOf, type RowCommand } from '../base/rows/row-keys.js';
import { RowFocus } from './row-focus.js';
import { RowMenus } from './row-menu.js';
import { RowSelection } from './row-selection.js';
import { SELECTION_PART } from './selection-part.js';
import { renderRow, type RowView } from './session-row.js';
import { PartPlace } from '../parts/part-place.js';
import { partStyles } from '../parts/part.styles.js';
import { SignalElement, untracked } from '../base/signal-element.js';
import { statusStyles } from '../theme/status.styles.js';
import { firstEnglishStrings, type FirstStrings } from '../strings/first-english.js';
import { theme } from '../theme/theme.js';
import { isCounting, sessionTitle } from '../strings/session-text.js';
import { searchExcerpt } from '../strings/search-excerpt.js';
import { VirtualList } from '../base/rows/virtual-list.js';
import { dayTitle, relativeTime, timeLocale } from '../strings/time-format.js';

/**
 * The sessions of a graph, newest first; only the visible rows of a list of any length are rendered. Part of
 * `<sessions-panel>`.
 *
 * Keyboard: arrows or j/k, Home, End and Page Up/Down move, and with Shift select; `ROW_KEYS` are the commands of a row.
 * Escape clears the selection.
 *
 * @slot empty - Shown next to the text when there are no sessions yet.
 * @csspart day - The heading of a day.
 * @csspart row - A row; also `row-active` for the open session.
 * @csspart row-status - Its status icon.
 * @csspart row-title - Its title.
 * @csspart row-progress - “3 of 7 · 0:42”.
 * @csspart row-detail - Its second line.
 * @csspart row-time - When it was started.
 * @csspart row-actions - Its buttons.
 * @csspart row-action - One of them.
 * @csspart menu - The menu of a row.
 * @csspart selection - What one can do with the selected sessions.
 */
export class SessionList extends SignalElement {
  static override styles = [...theme, noticeStyles, statusStyles, listStyles, partStyles];
  static override properties = {
    history: { attribute: false },
    commands: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    capabilities: { attribute: false, hasChanged: areOtherCapabilities },
    drafts: { attribute: false },
    density: { reflect: true },
  };

  /** The sessions to show. */
  declare history: SessionHistoryController | undefined;
  /** Commands of the buttons and keys. */
  declare commands: PanelCommands | undefined;
  declare strings: FirstStrings;
  declare clock: Clock;
  /** What the service can do besides opening, cancelling and deleting a session. */
  declare capabilities: RowCapabilities;
  /** The unsent answers; without it, no row has a mark of one. */
  declare drafts: DraftsController | undefined;
  /** Rows of two lines, or of one; default `comfortable`. */
  declare density: ListDensity;

  readonly #rows = new ListArrangement();
  readonly #list = new VirtualList(this, {
    rowEm: ROW_EM.comfortable,
    headingEm: HEADING_EM,
    tallEm: LINE_EM,
    hasStickyHeadings: true,
  });
  readonly #focus = new RowFocus(this, {
    list: this.#list,
    ids: () => this.#rows.ids,
    onLost: () => this.commands?.focusLost(),
  });
  readonly #opened = new OpenedRow(this.#list);
  readonly #selection = new RowSelection();
  readonly #selectionPlace = new PartPlace(this, SELECTION_PART, () => this.focusRow());
  /** Where the focus goes when the bar of the selection, which has it, is removed. */
  #focusAfterBar: number | undefined;
  readonly #menus = new RowMenus(this, () => this.#list.scroller?.scrollTop ?? 0);

  constructor() {
    super();
    this.history = undefined;
    this.commands = undefined;
    this.strings = firstEnglishStrings;
    this.clock = new Clock(() => this.history?.clockOffsetMs ?? 0);
    this.capabilities = {};
    this.drafts = undefined;
    this.density = 'comfortable';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('mouseleave', this.#release);
    this.removeEventListener('keydown', this.#onEscape);
    this.clock.read(this, undefined);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Not `pointerleave`: in Firefox, `:hover` still matches then.
    this.addEventListener('mouseleave', this.#release);
    this.addEventListener('keydown', this.#onEscape);
  }

  /** Shows the rows that are held back at the next update. */
  release(): void {
    this.#rows.release();
    this.requestUpdate();
  }

  /** True when a row can get the focus. */
  get hasRows(): boolean {
    return this.#rows.ids.length > 0;
  }

  /** Puts the focus on a row, by default on the open session's or the first one's. */
  focusRow(sessionId: string | undefined = this.history?.activeSessionId): void {
    const position = sessionId === undefined ? 0 : this.#rows.ids.indexOf(sessionId);
    void this.#focus.focus(Math.max(0, position));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('clock')) changed.get('clock')?.read(this, undefined);
    if (changed.has('history')) this.#rows.release();
    this.#list.rowEm = ROW_EM[this.density];
    const isOther = this.#rows.arrange({
      history: this.history,
      heights: this.#list.heights,
      tallIds: this.#tallIds(),
      isInUse: this.#isInUse(),
    });
    if (isOther) {
      this.#list.scroller?.scrollTo({ top: 0 });
      this.#opened.reset();
    }
    this.#menus.keepIn(this.#rows.ids);
    this.#keepSelection();
  }

  protected override updated(): void {
    this.clock.read(this, this.isConnected ? this.#tickMs() : undefined);
    this.#opened.updated(this.#rows.ids.length > 0);
    this.#leaveBar();
    this.toggleAttribute('empty', this.history !== undefined && isKnownEmpty(this.history));
  }

  protected override render(): TemplateResult {
    const { history, strings } = this;
    if (history === undefined) return html`<slot name="empty" hidden></slot>`;
    if (isOfOtherCopy(this)) return renderOtherCopy(strings);
    const hasRows = this.#rows.ids.length > 0;
    const older = renderOlder({
      history,
      canShow: this.capabilities.olderSessions === true,
      strings,
      onShow: () => this.commands?.showOlder?.(),
    });
    return html`
      ${renderListMessage({
        history,
        strings,
        hasRows,
        older,
        onRetry: () => this.commands?.retryNow(),
        onClear: () => this.commands?.setFilter(ALL_SESSIONS),
      })}
      <div class="frame" ?hidden=${!hasRows}>
        ${
          this.#rows.heldBack > 0
            ? html`<button
                type="button"
                class="button primary pill floating new-sessions"
                @click=${this.#showNew}
              >
                ${strings.newSessions(this.#rows.heldBack)}
              </button>`
            : nothing
        }
        <div class="scroller" @scroll=${this.#onScroll}>
          ${hasRows ? this.#renderRows(history) : nothing} ${hasRows ? older : nothing}
        </div>
        ${this.#opened.render(this.#openedPosition(history), strings, this.#showOpened)}
      </div>
      ${this.#renderSelection(history)}
      ${this.#menus.render({
        history,
        capabilities: this.capabilities,
        commands: this.commands === undefined ? undefined : { ...this.commands, select: this.#toggle },
        strings,
        isSelected: (sessionId) => this.#selection.has(sessionId),
      })}
    `;
  }

  /** Ids of the sessions whose failed operation takes a second line in their row. */
  #tallIds(): readonly string[] {
    const { history } = this;
    return (history?.operatedIds ?? []).filter(
      (sessionId) => history?.operationOf(sessionId)?.error !== undefined,
    );
  }

  #renderRows(history: SessionHistoryController): TemplateResult {
    const nowMs = this.clock.now();
    const positions = this.#positionsToRender();
    const tabStop = this.#focus.tabStop(history.activeSessionId);
    const search = history.filter.text.trim();
    return html`${this.#renderHeadings(history, positions, nowMs)}
      <ol
        class="rows"
        role="list"
        aria-label=${listLabel(history.order, this.strings)}
        data-order=${history.order}
        .style=${`block-size:${this.#rows.layout.height}px`}
        @click=${this.#onClick}
        @contextmenu=${this.#menus.onContextMenu}
        @pointerdown=${this.#menus.onPointerDown}
        @keydown=${this.#onKeyDown}
        @keyup=${onKeyUp}
        @focusin=${this.#focus.onFocusIn}
        @focusout=${this.#release}
      >
        ${repeat(
          positions,
          (position) => this.#rows.ids[position],
          (position) => {
            const sessionId = this.#rows.ids[position] ?? '';
            const session = history.getSession(sessionId);
            if (session === undefined) return nothing;
            const heading = this.#rows.layout.hasHeading(position)
              ? groupTitle(session, history.order, nowMs, this.strings)
              : undefined;
            return renderRow(
              {
                session,
                operation: history.operationOf(sessionId),
                position,
                count: this.#rows.ids.length,
                top: this.#rows.layout.top(position),
                heading,
                capabilities: this.capabilities,
                isActive: history.activeSessionId === sessionId,
                isTabStop: sessionId === tabStop,
                isSelected: this.#selection.size === 0 ? undefined : this.#selection.has(sessionId),
                isMenuOpen: sessionId === this.#menus.sessionId,
                excerpt: search === '' ? undefined : searchExcerpt(session, search, this.strings),
                ...this.#originOf(history, session),
                hasDraft: needsInput(session) && this.drafts?.hasInput(sessionId) === true,
                isTimeRepeated: heading === undefined && this.#hasTimeOfRowAbove(history, position, nowMs),
                nowMs,
              },
              this.strings,
            );
          },
        )}
      </ol>`;
  }

  #originOf(
    history: SessionHistoryController,
    { sessionId, rerunOf, status }: SessionSummary,
  ): Pick<RowView, 'originTitle' | 'isSolved'> {
    const origin = rerunOf === undefined ? undefined : history.getSession(rerunOf.sessionId);
    const title = origin === undefined ? '' : sessionTitle(origin, this.strings);
    return {
      originTitle: rerunOf === undefined ? undefined : title,
      isSolved: status === 'failed' && history.solverOf(sessionId) !== undefined,
    };
  }

  #openedPosition({ activeSessionId }: SessionHistoryController): number {
    return activeSessionId === undefined ? -1 : this.#rows.ids.indexOf(activeSessionId);
  }

  #hasTimeOfRowAbove(history: SessionHistoryController, position: number, nowMs: number): boolean {
    // When a session was created never changes.
    const timeAt = (at: number) =>
      untracked(() => {
        const createdMs = (history.getSession(this.#rows.ids[at] ?? '')?.createdAt ?? 0) * 1000;
        return relativeTime(createdMs, nowMs, this.strings);
      });
    return position > 0 && timeAt(position) === timeAt(position - 1);
  }

  /**
   * Renders the headings of the groups in view once more, over their rows, where they stay while the group is
   * scrolled. A row is placed by itself, so a heading in it cannot.
   */
  #renderHeadings(
    history: SessionHistoryController,
    positions: readonly number[],
    nowMs: number,
  ): readonly TemplateResult[] {
    const { layout, ids } = this.#rows;
    const groups = new Map(positions.map((position) => [layout.groupAt(position).start, position]));
    return [...groups.values()].flatMap((position) => {
      const { start, end } = layout.groupAt(position);
      const session = history.getSession(ids[position] ?? '');
      const top = layout.top(start);
      return session === undefined
        ? []
        : html`<div
            class="group"
            aria-hidden="true"
            .style=${`inset-block-start:${top}px;block-size:${layout.top(end) - top}px`}
          >
            <div class="day" part="day">${groupTitle(session, history.order, nowMs, this.strings)}</div>
          </div>`;
    });
  }

  /** True while a person reads further down, points at a row, or has the focus on one. */
  #isInUse(): boolean {
    const { scroller } = this.#list;
    if (scroller === undefined) return false;
    if (this.#menus.sessionId !== undefined || scroller.scrollTop > 0 || scroller.matches(':focus-within'))
      return true;
    // On a row, or on the way from there to the button that shows the rows held back.
    return scroller.matches(':hover') || (this.#rows.heldBack > 0 && this.matches(':hover'));
  }

  #positionsToRender(): readonly number[] {
    const { start, end } = this.#list.show(this.#rows.layout);
    const positions = Array.from({ length: end - start }, (_, index) => start + index);
    const focused = this.#focus.sessionId;
    const pinned = focused === undefined ? -1 : this.#rows.ids.indexOf(focused);
    // The row with the focus stays, or the focus would be lost by scrolling.
    if (pinned >= 0 && pinned < start) positions.unshift(pinned);
    if (pinned >= end) positions.push(pinned);
    return positions;
  }

  readonly #onScroll = (): void => {
    this.#menus.onScroll();
    if (this.#list.isOutOfDate() || this.#opened.isOutOfDate()) this.requestUpdate();
    else this.#release();
  };

  /** Shows the rows that were held back, once the list is no longer in use. */
  readonly #release = (): void => {
    if (this.#rows.heldBack > 0) this.requestUpdate();
  };

  readonly #showNew = (): void => {
    this.#rows.release();
    this.#list.scroller?.scrollTo({ top: 0 });
    this.requestUpdate();
    // The button is removed; the person wanted the rows that it has shown.
    void this.updateComplete.then(() => this.#focus.focus(0));
  };

  readonly #showOpened = (): void => {
    const { history } = this;
    const position = history === undefined ? -1 : this.#openedPosition(history);
    if (position < 0) return;
    this.#list.center(position);
    void this.#focus.focus(position);
  };

  readonly #onClick = (event: MouseEvent): void => {
    const target =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-action]') : null;
    const sessionId = target?.closest<HTMLElement>('.item')?.dataset['id'];
    if (sessionId === undefined || target === null) return;
    // The second click of a double click may hit another row, which has moved under the pointer.
    if (event.detail > 1) return;
    const { action } = target.dataset;
    if (action === 'more') this.#menus.toggle(sessionId, target);
    else if (event.shiftKey && isOfSelection(action))
      this.#extendTo(sessionId, this.history?.activeSessionId);
    else if (action === 'select' || ((event.ctrlKey || event.metaKey) && isOfSelection(action)))
      this.#toggle(sessionId);
    else this.#act(action, sessionId);
  };

  #act(action: string | undefined, sessionId: string): void {
    switch (action) {
      case 'connect':
        return this.commands?.connect(sessionId);
      case 'cancel':
        return this.commands?.cancel(sessionId);
      case 'delete':
        return this.commands?.delete(sessionId);
      case 'rerun':
        return this.commands?.rerun(sessionId);
      case 'retry':
        return this.commands?.retryOperation(sessionId);
      default:
        return undefined;
    }
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const sessionId = this.#focus.sessionId;
    if (sessionId === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = pressedKey(event);
    const position = this.#rows.ids.indexOf(sessionId);
    const target = positionForKey(key, position, this.#rows.ids.length, this.#list.rowsPerPage);
    const command = this.#commandOf(key, sessionId);
    if (target !== undefined) {
      if (event.shiftKey) this.#extendTo(this.#rows.ids[target] ?? sessionId, sessionId);
      void this.#focus.focus(target);
    } else if (command === 'select') {
      // On a button of the row, it presses that button.
      if (!isRowItself(event)) return;
      this.#toggle(sessionId);
    } else if (command !== undefined) {
      if (!this.#actOnMany(command, sessionId)) this.commands?.[command]?.(sessionId);
    } else return;
    event.preventDefault();
  };

  /** Performs a key's command on all selected rows, when the row with the focus is one of several. */
  #actOnMany(command: RowCommand, sessionId: string): boolean {
    const isOfMany = this.#selection.size > 1 && this.#selection.has(sessionId);
    if (!isOfMany || (command !== 'cancel' && command !== 'delete')) return false;
    const many = command === 'cancel' ? this.commands?.cancelMany : this.commands?.deleteMany;
    many?.(this.#selection.of(this.#rows.ids));
    return many !== undefined;
  }

  #renderSelection(history: SessionHistoryController): TemplateResult | typeof nothing {
    if (this.#selection.size === 0) return nothing;
    return html`<sessions-panel-selection
      exportparts="selection"
      .sessionIds=${this.#selection.of(this.#rows.ids)}
      .history=${history}
      .capabilities=${this.capabilities}
      .commands=${this.commands}
      .strings=${this.strings}
      .onClear=${this.#clearSelection}
      >${this.#selectionPlace.render(this.strings)}</sessions-panel-selection
    >`;
  }

  readonly #toggle = (sessionId: string): void => {
    this.#selection.toggle(sessionId);
    this.#onSelect();
  };

  #extendTo(sessionId: string, from: string | undefined): void {
    this.#selection.extendTo(sessionId, { ids: this.#rows.ids, from });
    this.#onSelect();
  }

  readonly #clearSelection = (): void => {
    const [first] = this.#selection.of(this.#rows.ids);
    if (first === undefined) return;
    this.#rememberBar(this.#rows.ids.indexOf(first));
    this.#selection.clear();
    this.#onSelect();
  };

  #onSelect(): void {
    const { size } = this.#selection;
    this.#selectionPlace.show(size > 0);
    this.commands?.announce?.(size === 0 ? this.strings.selectionCleared : this.strings.selectedCount(size));
    this.requestUpdate();
  }

  /** What has left the list leaves the selection: a person acts only on rows that they can see. */
  #keepSelection(): void {
    if (!this.#selection.keepIn(this.#rows.ids)) return;
    const { size } = this.#selection;
    if (size === 0) this.#rememberBar(0);
    this.#selectionPlace.show(size > 0);
  }

  #rememberBar(position: number): void {
    const hasFocus = this.shadowRoot?.activeElement?.localName === 'sessions-panel-selection';
    if (hasFocus) this.#focusAfterBar = position;
  }

  #leaveBar(): void {
    const position = this.#focusAfterBar;
    this.#focusAfterBar = undefined;
    if (position !== undefined) void this.updateComplete.then(() => this.#focus.focus(position));
  }

  readonly #onEscape = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.#selection.size === 0 || pressedKey(event) !== 'Escape') return;
    event.preventDefault();
    this.#clearSelection();
  };

  #commandOf(key: string, sessionId: string): RowCommand | undefined {
    const { history, capabilities } = this;
    const session = history?.getSession(sessionId);
    if (history === undefined || session === undefined) return undefined;
    return rowCommandOf(key, { session, operation: history.operationOf(sessionId), capabilities });
  }

  /** Returns the update interval: a second while a visible row counts up, else half a minute for “5 min ago”. */
  #tickMs(): number | undefined {
    const { history } = this;
    if (history === undefined || this.#rows.ids.length === 0) return undefined;
    const { start, end } = this.#list.window;
    const nowMs = this.clock.now();
    const hasCounter = this.#rows.ids.slice(start, end).some((sessionId) => {
      const session = history.getSession(sessionId);
      return session !== undefined && isCounting(session, nowMs);
    });
    return hasCounter ? 1000 : 30_000;
  }
}

/** True for the parts of a row that select it when they are clicked with Shift, Ctrl or Command. */
function isOfSelection(action: string | undefined): boolean {
  return action === 'connect' || action === 'select';
}

/** True for an event on the row, not on one of its other buttons. */
function isRowItself({ target }: Event): boolean {
  return target instanceof Element && target.closest('.main') !== null;
}

/** Some browsers press a button when Space is released, also when the key was handled before. */
function onKeyUp(event: KeyboardEvent): void {
  if (event.key === ' ' && isRowItself(event)) event.preventDefault();
}

/** The heading above the rows of a group: “Pinned”, or the day. */
function groupTitle(
  session: SessionSummary,
  order: SessionOrder,
  nowMs: number,
  strings: FirstStrings,
): string {
  if (session.pinned === true) return strings.pinned;
  if (order !== 'newest') return orderText(order, strings);
  return dayTitle(session.createdAt * 1000, nowMs, timeLocale(strings.locale), strings);
}
