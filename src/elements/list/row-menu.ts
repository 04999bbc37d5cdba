import { html, type LitElement, type TemplateResult } from 'lit';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { PanelCommands, RowCapabilities } from '../base/commands.js';
import type { PanelMenu } from '../base/menu/menu.js';
import { sessionMenuEntries } from '../base/menu/session-menu.js';
import { sessionTitle } from '../strings/session-text.js';
import type { FirstStrings } from '../strings/first-english.js';
import { EXPORTED_PARTS } from '../base/part-names.js';

/** Props of the menus of a list's rows. */
export interface RowMenusView {
  readonly history: SessionHistoryController;
  readonly capabilities: RowCapabilities;
  readonly commands: PanelCommands | undefined;
  readonly strings: FirstStrings;
  readonly isSelected: (sessionId: string) => boolean;
}

/**
 * The menu that the rows of a list share: opened by the button of a row, or in place of the browser's menu. A row is an
 * `.item` with `data-id`; its button has `data-action="more"`.
 */
export class RowMenus {
  readonly #list: LitElement;
  readonly #scrollTop: () => number;
  #sessionId: string | undefined;
  #openedAt = 0;

  /** @param scrollTop Returns the scroll position of the rows; the menu closes when they move. */
  constructor(list: LitElement, scrollTop: () => number) {
    this.#list = list;
    this.#scrollTop = scrollTop;
  }

  /** The session whose menu is open. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  render({ history, isSelected, ...rest }: RowMenusView): TemplateResult {
    const sessionId = this.#sessionId;
    const session = sessionId === undefined ? undefined : history.getSession(sessionId);
    const operation = sessionId === undefined ? undefined : history.operationOf(sessionId);
    const { strings } = rest;
    return html`<sessions-panel-menu
      exportparts=${EXPORTED_PARTS.menu}
      .label=${session === undefined ? '' : strings.moreOf(sessionTitle(session, strings))}
      .entries=${session === undefined ? [] : sessionMenuEntries({ session, operation, place: 'row', isSelected: isSelected(session.sessionId), ...rest })}
      @menu-toggle=${this.#onToggle}
    ></sessions-panel-menu>`;
  }

  /** Opens or closes the menu at the button of a row. */
  toggle(sessionId: string, button: Element): void {
    this.#set(sessionId);
    void this.#list.updateComplete.then(() => {
      this.#menu?.toggle(button);
      this.#onToggle();
    });
  }

  /** Must be called when the rows have been scrolled. */
  onScroll(): void {
    if (this.#sessionId !== undefined && this.#scrollTop() !== this.#openedAt) this.#menu?.close();
  }

  /** Must be called before rows are removed: the menu of one of them closes first and returns the focus to the row. */
  keepIn(sessionIds: readonly string[]): void {
    if (this.#sessionId !== undefined && !sessionIds.includes(this.#sessionId)) this.#menu?.close();
  }

  readonly onPointerDown = (event: Event): void => {
    if (event.target instanceof Element && event.target.closest('[data-action=more]') !== null) {
      this.#menu?.press();
    }
  };

  /** Opens at the pointer, or at the row when a key asked for it. */
  readonly onContextMenu = (event: MouseEvent): void => {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>('.item') : null;
    const main = item?.querySelector('.main');
    const sessionId = item?.dataset['id'];
    if (sessionId === undefined || main === null || main === undefined) return;
    event.preventDefault();
    this.#set(sessionId);
    const { clientX: x, clientY: y } = event;
    const point = x > 0 || y > 0 ? { x, y } : undefined;
    void this.#list.updateComplete.then(() => this.#menu?.open(main, point));
  };

  readonly #onToggle = (): void => {
    if (this.#menu?.isOpen !== true) this.#set(undefined);
  };

  #set(sessionId: string | undefined): void {
    this.#sessionId = sessionId;
    this.#openedAt = this.#scrollTop();
    this.#list.requestUpdate();
  }

  get #menu(): PanelMenu | undefined {
    return this.#list.shadowRoot?.querySelector('sessions-panel-menu') ?? undefined;
  }
}
