import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { alikeIds } from '../../actions/inbox/alike-answers.js';
import type { InboxActions } from '../../actions/inbox/inbox.js';
import type { DraftsController } from '../../controller/drafts-controller.js';
import { waitingSince } from '../../controller/inbox/inbox-queue.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { Answer, Interaction } from '../../protocol/questions/interactions.js';
import { Clock } from '../base/clock.js';
import { pressedKey } from '../base/pressed-key.js';
import { SignalElement } from '../base/signal-element.js';
import { UndoHold } from '../base/undo-hold.js';
import type { ContentOptions } from '../content/text-view.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { noticeStyles } from '../theme/notice.styles.js';
import { statusStyles } from '../theme/status.styles.js';
import { dialogStyles } from '../theme/dialog.styles.js';
import { theme } from '../theme/theme.js';
import { renderAlikeDialog } from './alike-dialog.js';
import { cardName, inboxCard, type InboxCard } from './inbox-card.js';
import { renderInboxEnd } from './inbox-end.js';
import { renderInboxFoot } from './inbox-foot.js';
import { renderInboxHead } from './inbox-head.js';
import { renderInboxQuestion, type QuestionCallbacks, type QuestionCard } from './inbox-question.js';
import { InboxFocus } from './inbox-focus.js';
import { renderInboxList } from './inbox-list.js';
import { renderClosed, renderUnreachable } from './inbox-notices.js';
import { renderReports } from './inbox-reports.js';
import { inboxStyles } from './inbox.styles.js';
import { SOON_MS } from '../strings/waiting-time.js';

/**
 * The queue of all sessions that wait for a person, with one question at a time. Part of `<sessions-panel>`, where it
 * covers the list and the session.
 *
 * Keyboard: Alt+↓ leaves a question for later, Alt+↑ goes back; a digit answers a single choice.
 *
 * @csspart inbox-head - Where in the queue the person is.
 * @csspart questions - The place of the card.
 * @csspart question - The card.
 */
export class SessionsInbox extends SignalElement {
  static override styles = [...theme, noticeStyles, statusStyles, dialogStyles, inboxStyles];
  static override properties = {
    inbox: { attribute: false },
    history: { attribute: false },
    drafts: { attribute: false },
    strings: { attribute: false },
    clock: { attribute: false },
    resolveHandle: { attribute: false },
    frameUrl: { attribute: false },
    fileUrlPrefix: { attribute: false },
    onLeave: { attribute: false },
    onOpenRun: { attribute: false },
    isAlike: { state: true },
  };

  /** The queue and its actions. */
  declare inbox: InboxActions | undefined;
  /** The list, for titles and times. */
  declare history: SessionHistoryController | undefined;
  declare drafts: DraftsController | undefined;
  declare strings: PanelStrings;
  declare clock: Clock;
  declare resolveHandle: ContentOptions['resolveHandle'];
  declare frameUrl: ContentOptions['frameUrl'];
  declare fileUrlPrefix: ContentOptions['fileUrlPrefix'];
  /** Called when the person leaves the inbox. */
  declare onLeave: (() => void) | undefined;
  /** Called when the person wants to see a session as a whole. */
  declare onOpenRun: ((sessionId: string) => void) | undefined;

  /** @internal Whether the next answer is proposed for all sessions that ask the same. */
  declare isAlike: boolean;

  readonly #focus = new InboxFocus(this);
  readonly #undoHold = new UndoHold(this, (isHeld) => this.inbox?.holdUndo(isHeld));
  #card: InboxCard = { kind: 'end' };
  #shownName = '';
  /** Callbacks of the card, as long as it shows the same question. */
  #callbacks: { readonly interaction: Interaction; readonly of: QuestionCallbacks } | undefined;

  constructor() {
    super();
    this.inbox = undefined;
    this.history = undefined;
    this.drafts = undefined;
    this.strings = englishStrings;
    this.clock = new Clock(() => this.history?.clockOffsetMs ?? 0);
    this.resolveHandle = undefined;
    this.frameUrl = undefined;
    this.fileUrlPrefix = undefined;
    this.onLeave = undefined;
    this.onOpenRun = undefined;
    this.isAlike = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.#onKey);
    this.clock.read(this, undefined);
  }

  /** Puts the caret in the card as soon as it is drawn. */
  override focus(): void {
    this.#focus.enter();
  }

  /** Leaves the shown question for later. */
  skip(): void {
    this.#focus.leave();
    this.inbox?.skip();
  }

  /** Undoes the newest answer that can be undone; false if there is none. */
  undo(): boolean {
    const newest = this.inbox?.state.delayed.at(-1);
    if (newest !== undefined) this.#undo(newest.id);
    return newest !== undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('clock')) changed.get('clock')?.read(this, undefined);
    this.#card = this.inbox === undefined ? { kind: 'end' } : inboxCard(this.inbox.state);
    const card = this.#card;
    if (card.kind === 'question' && card.run.answerOf(card.interaction.interactionId)?.phase === 'refused') {
      this.#focus.stay(cardName(card));
    }
    if (cardName(card) !== this.#shownName) this.isAlike = false;
    this.#shownName = cardName(card);
    this.#focus.beforeUpdate(this.#shownName);
  }

  protected override updated(): void {
    this.clock.read(this, this.isConnected ? this.#tickMs() : undefined);
    const dialog = this.shadowRoot?.querySelector('dialog') ?? undefined;
    if (dialog?.open === false) dialog.showModal();
    if (dialog === undefined) this.#focus.afterUpdate(this.#card.kind !== 'loading');
  }

  protected override render(): TemplateResult | typeof nothing {
    const { inbox, history, strings } = this;
    if (inbox === undefined || history === undefined) return nothing;
    const { queue } = inbox.state;
    return html`
      ${renderInboxList({
        queue,
        history,
        nowMs: this.clock.now(),
        strings,
        onGo: (key) => {
          this.#focus.leave();
          inbox.goTo(key);
        },
      })}
      <section class="main" aria-label=${strings.inbox}>
        ${renderInboxHead({
          card: this.#card,
          queue,
          history,
          nowMs: this.clock.now(),
          strings,
          onLeave: () => this.onLeave?.(),
          onSkip: () => this.skip(),
        })}
        <div class="scroll">${this.#renderCard(inbox, history)}</div>
        ${renderReports({
          state: inbox.state,
          history,
          nowMs: this.clock.localNow(),
          strings,
          onUndo: (id) => this.#undo(id),
          onHold: this.#undoHold.onEvent,
          onShow: (sessionId) => {
            const entry = queue.entries.find((candidate) => candidate.sessionId === sessionId);
            this.#focus.leave();
            if (entry !== undefined) inbox.goTo(entry.key);
          },
          onDismiss: (sessionId, interactionId) => inbox.dismissFailed(sessionId, interactionId),
        })}
        ${renderInboxFoot({
          queue,
          history,
          strings,
          alike: this.#card.kind === 'question' ? alikeIds(queue, history).length : 0,
          isAlike: this.isAlike,
          onAlike: (isAlike) => {
            this.isAlike = isAlike;
            // The answer comes next.
            this.shadowRoot?.querySelector('sessions-panel-question')?.focus();
          },
        })}
      </section>
      ${renderAlikeDialog({
        state: inbox.alike.state,
        history,
        strings,
        onSend: () => void inbox.alike.send(),
        onClose: () => {
          this.#focus.enter();
          inbox.endAlike();
        },
      })}
    `;
  }

  #renderCard(inbox: InboxActions, history: SessionHistoryController): TemplateResult {
    const { strings } = this;
    const card = this.#card;
    switch (card.kind) {
      case 'end':
        return renderInboxEnd({
          state: inbox.state,
          history,
          strings,
          onReview: () => {
            this.#focus.leave();
            inbox.reviewSkipped();
          },
          onLeave: () => this.onLeave?.(),
        });
      case 'loading':
        return html`<p class="loading" role="status">${strings.loadingQuestion}</p>`;
      case 'unreachable':
        return renderUnreachable(card.run.connection, this.clock.localNow(), strings, () => {
          this.#focus.leave();
          inbox.retryNow();
        });
      case 'closed':
        return renderClosed(card.run, strings, () => this.skip());
      case 'question':
        return renderInboxQuestion({
          card,
          drafts: this.drafts,
          callbacks: this.#callbacksOf(card),
          onOpenRun: (sessionId) => this.onOpenRun?.(sessionId),
          strings,
          resolveHandle: this.resolveHandle,
          frameUrl: this.frameUrl,
          fileUrlPrefix: this.fileUrlPrefix,
        });
    }
  }

  #callbacksOf({ interaction }: QuestionCard): QuestionCallbacks {
    if (this.#callbacks?.interaction !== interaction) {
      const { interactionId } = interaction;
      const of: QuestionCallbacks = {
        onAnswer: (answer) => {
          if (this.#isProposed(interactionId, answer)) return;
          this.#focus.leave();
          void this.inbox?.answer(interactionId, answer);
        },
        onDigitAnswer: (answer) => {
          if (this.#isProposed(interactionId, answer)) return;
          this.#focus.leave();
          this.inbox?.answerLater(interactionId, answer);
        },
        onDraft: (draft, overridesOther) => this.inbox?.saveDraft(interactionId, draft, overridesOther),
      };
      this.#callbacks = { interaction, of };
    }
    return this.#callbacks.of;
  }

  /** Proposes an answer for several sessions if the person wants that. */
  #isProposed(interactionId: string, answer: Answer): boolean {
    if (this.isAlike) this.inbox?.proposeAlike(interactionId, answer);
    return this.isAlike;
  }

  /** Returns the update interval: a second while seconds are shown, else half a minute. */
  #tickMs(): number {
    const state = this.inbox?.state;
    const nowS = this.clock.now() / 1000;
    const hasSeconds = state?.queue.entries.some(({ sessionId }) => {
      const session = this.history?.getSession(sessionId);
      return session !== undefined && nowS - waitingSince(session) < SOON_MS / 1000;
    });
    const isCounting = hasSeconds === true || (state?.delayed.length ?? 0) > 0;
    return isCounting || this.#card.kind === 'unreachable' ? 1000 : 30_000;
  }

  #undo(id: number): void {
    this.#focus.leave();
    this.inbox?.undo(id);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const key = pressedKey(event);
    if (key === 'ArrowDown') this.skip();
    else if (key === 'ArrowUp') {
      this.#focus.leave();
      this.inbox?.back();
    } else return;
    event.preventDefault();
  };
}
