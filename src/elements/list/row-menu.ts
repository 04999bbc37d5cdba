import { html, type LitElement, type TemplateResult } from 'lit';
import type {
  SessionHistoryController,
  SessionOperation,
} from '../../controller/session-history-controller.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import type { PanelCommands, RowCapabilities } from '../base/commands.js';
import type { MenuEntry, PanelMenu } from '../base/menu.js';
import { sessionTitle } from '../strings/session-text.js';
import type { PanelStrings } from '../strings/english.js';

/** What the menu of a row depends on. */
interface RowMenu {
  readonly session: SessionSummary;
  readonly operation: SessionOperation | undefined;
  readonly capabilities: RowCapabilities;
  readonly commands: PanelCommands | undefined;
  readonly strings: PanelStrings;
}

/** All that can be done with a session of the list, each with its key. */
function rowMenuEntries(menu: RowMenu): readonly MenuEntry[] {
  const { session, operation, capabilities, commands, strings } = menu;
  const { sessionId } = session;
  const isEnded = isTerminalStatus(session.status);
  const isBusy = operation !== undefined && operation.error === undefined;
  const entries: (MenuEntry | false)[] = [
    {
      text: strings.openSession,
      icon: 'open',
      key: strings.keyEnter,
      onChoose: () => commands?.connect(sessionId),
    },
    isEnded &&
      capabilities.rerun === true && {
        text: strings.rerun,
        icon: 'again',
        key: 'r',
        onChoose: () => commands?.rerun(sessionId),
      },
    capabilities.rename === true && {
      text: `${strings.rename}…`,
      icon: 'pencil',
      key: 'F2',
      onChoose: () => commands?.rename(sessionId),
    },
    capabilities.pin === true && {
      text: session.pinned === true ? strings.unpin : strings.pin,
      icon: 'pin',
      key: 'p',
      onChoose: () => commands?.togglePin(sessionId),
    },
    { text: strings.copyId, icon: 'copy', onChoose: () => commands?.copyId(sessionId) },
    !isEnded &&
      !isBusy && {
        text: `${strings.cancelRun}…`,
        icon: 'stop',
        key: 'c',
        onChoose: () => commands?.cancel(sessionId),
      },
    !isBusy && {
      text: isEnded ? strings.delete : `${strings.delete}…`,
      icon: 'trash',
      key: strings.keyDelete,
      onChoose: () => commands?.delete(sessionId),
    },
  ];
  return entries.filter((entry) => entry !== false);
}

/** What the menus of a list's rows show and call. */
export interface RowMenuContext {
  readonly history: SessionHistoryController;
  readonly capabilities: RowCapabilities;
  readonly commands: PanelCommands | undefined;
  readonly strings: PanelStrings;
}

/**
 * The one menu that the rows of a list share: opened by a row's button or in place of the browser's menu.
 * A row is an `.item` with `data-id`; its button has `data-action="more"`.
 */
export class RowMenus {
  readonly #list: LitElement;
  readonly #scrollTop: () => number;
  #sessionId: string | undefined;
  #openedAt = 0;

  /** @param scrollTop how far the rows are scrolled; the menu closes when they move away from it. */
  constructor(list: LitElement, scrollTop: () => number) {
    this.#list = list;
    this.#scrollTop = scrollTop;
  }

  /** The session whose menu is open. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  render({ history, ...rest }: RowMenuContext): TemplateResult {
    const sessionId = this.#sessionId;
    const session = sessionId === undefined ? undefined : history.getSession(sessionId);
    const operation = sessionId === undefined ? undefined : history.operationOf(sessionId);
    const { strings } = rest;
    return html`<sessions-panel-menu
      exportparts="menu"
      .label=${session === undefined ? '' : strings.moreOf(sessionTitle(session, strings))}
      .entries=${session === undefined ? [] : rowMenuEntries({ session, operation, ...rest })}
      @menu-toggle=${this.#onToggle}
    ></sessions-panel-menu>`;
  }

  /** What a click on the button of a row does. */
  toggle(sessionId: string, button: Element): void {
    this.#set(sessionId);
    void this.#list.updateComplete.then(() => {
      this.#menu?.toggle(button);
      this.#onToggle();
    });
  }

  /** To be called when the rows have been scrolled. */
  onScroll(): void {
    if (this.#sessionId !== undefined && this.#scrollTop() !== this.#openedAt) this.#menu?.close();
  }

  /** To be called before rows go: the menu of one of them goes first, and gives the focus back to it. */
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
