import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { Sessions } from '../../actions/create-sessions.js';
import type { Clock } from '../base/clock.js';
import { EXPORTED_PARTS } from '../base/part-names.js';
import { untracked } from '../base/signal-element.js';
import type { PanelMemory } from '../base/view-memory.js';
import type { ContentOptions } from '../content/text-view.js';
import type { LazyPart } from '../parts/lazy-part.js';
import { PartPlace } from '../parts/part-place.js';
import type { FirstStrings } from '../strings/first-english.js';
import { InboxMemory } from './inbox-memory.js';
import type { PanelFocus } from './panel-focus.js';
import { renderInboxButton } from './toolbar.js';

/** The panel, as its inbox needs it. */
export interface InboxHost extends LitElement {
  readonly inboxPart: LazyPart;
  readonly strings: FirstStrings;
  readonly clock: Clock;
  readonly memory: PanelMemory;
  readonly resolveHandle: ContentOptions['resolveHandle'];
  readonly frameUrl: ContentOptions['frameUrl'];
  readonly fileUrlPrefix: ContentOptions['fileUrlPrefix'];
}

/** What the inbox asks of the panel. */
export interface InboxActions {
  readonly sessions: () => Partial<Sessions>;
  readonly focus: PanelFocus;
  /** Shows a message. */
  readonly say: (text: string) => void;
  /** Opens a session. */
  readonly connect: (sessionId: string) => void;
}

/** The inbox of the panel: opened, left, opened again after a reload, and drawn with its button. */
export class PanelInbox {
  readonly #host: InboxHost;
  readonly #actions: InboxActions;
  readonly #memory = new InboxMemory();
  readonly #place: PartPlace;

  constructor(host: InboxHost, actions: InboxActions) {
    this.#host = host;
    this.#actions = actions;
    this.#place = new PartPlace(host, host.inboxPart, () => actions.focus.inbox?.focus());
  }

  get isOpen(): boolean {
    return this.#actions.sessions().actions?.inbox?.state.isOpen === true;
  }

  /** Loads its code as soon as it is shown. Call it before each update. */
  beforeUpdate(): void {
    this.#place.show(this.#host.isConnected && this.isOpen);
  }

  /** Opens it again after a reload. It takes the focus only from an element that has no use for it. */
  recall(): void {
    const { history, actions } = this.#actions.sessions();
    if (!untracked(() => this.#memory.recall(this.#host.memory, history))) return;
    actions?.inbox?.open();
    if (document.activeElement === document.body) this.#actions.focus.enterInbox();
  }

  /** Opens it, or moves the focus into it; says so when nothing needs input. */
  open(): void {
    const { sessions, focus, say } = this.#actions;
    const { history, actions } = sessions();
    if (history === undefined || actions?.inbox === undefined) return;
    if (this.isOpen) {
      focus.inbox?.focus();
      return;
    }
    if (history.needsInputCount === 0) {
      say(this.#host.strings.noOpenQuestions);
      return;
    }
    actions.inbox.open();
    this.#memory.set(this.#host.memory, history.graphId, true);
    focus.enterInbox();
  }

  /** Closes it; the focus stays where it is. */
  close(): void {
    const { actions, history } = this.#actions.sessions();
    actions?.inbox?.close();
    this.#memory.set(this.#host.memory, history?.graphId, false);
  }

  /** Closes it, and moves the focus to where it was before. */
  readonly leave = (): void => {
    this.close();
    this.#actions.focus.leaveInbox();
  };

  readonly #openRun = (sessionId: string): void => {
    this.close();
    this.#actions.connect(sessionId);
    this.#actions.focus.leaveInbox();
  };

  /** Renders the button of the toolbar, with the number of sessions that wait. */
  renderButton(): TemplateResult | typeof nothing {
    const { history, actions } = this.#actions.sessions();
    if (history === undefined || actions?.inbox === undefined || actions.capabilities.readOnly === true)
      return nothing;
    const { isOpen } = this;
    return renderInboxButton(history.needsInputCount, isOpen, this.#host.strings, () =>
      isOpen ? this.leave() : this.open(),
    );
  }

  /** Renders the inbox while it is open. */
  render(): TemplateResult | typeof nothing {
    if (!this.isOpen) return nothing;
    const { history, drafts, actions } = this.#actions.sessions();
    const { strings, clock, resolveHandle, frameUrl, fileUrlPrefix } = this.#host;
    return html`<sessions-panel-inbox
      part="inbox"
      exportparts=${EXPORTED_PARTS.inbox}
      .inbox=${actions?.inbox}
      .history=${history}
      .drafts=${drafts}
      .strings=${strings}
      .clock=${clock}
      .resolveHandle=${resolveHandle}
      .frameUrl=${frameUrl}
      .fileUrlPrefix=${fileUrlPrefix}
      .onLeave=${this.leave}
      .onOpenRun=${this.#openRun}
      >${this.#place.render(strings)}</sessions-panel-inbox
    >`;
  }
}
