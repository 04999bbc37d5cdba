import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Inbox } from '../../actions/inbox.js';
import type { DraftsController } from '../../controller/drafts-controller.js';
import { nextEntry, shownEntries } from '../../controller/inbox-queue.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { Answer, Interaction } from '../../protocol/interactions.js';
import { Clock } from '../base/clock.js';
import { EXPORTED_PARTS } from '../base/part-names.js';
import { pressedKey } from '../base/pressed-key.js';
import { SignalElement } from '../base/signal-element.js';
import type { ContentOptions } from '../content/text-view.js';
import { englishStrings, type PanelStrings } from '../strings/english.js';
import { rowQuestion, sessionTitle } from '../strings/session-text.js';
import { icon } from '../theme/icons.js';
import { noticeStyles } from '../theme/notice.styles.js';
import { statusStyles } from '../theme/status.styles.js';
import { theme } from '../theme/theme.js';
import { askedMs, cardName, inboxCard, type InboxCard } from './inbox-card.js';
import { contextOf } from './inbox-context.js';
import { renderInboxEnd } from './inbox-end.js';
import { InboxFocus } from './inbox-focus.js';
import { renderInboxList } from './inbox-list.js';
import { renderClosed, renderUnreachable } from './inbox-notices.js';
import { renderReports } from './inbox-reports.js';
import { inboxStyles } from './inbox.styles.js';
import { SOON_MS, waitingTime } from './waiting-time.js';

type QuestionCard = Extract<InboxCard, { readonly kind: 'question' }>;

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
  static override styles = [...theme, noticeStyles, statusStyles, inboxStyles];
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
  };

  /** The queue and its actions. */
  declare inbox: Inbox | undefined;
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

  readonly #focus = new InboxFocus(this);
  #card: InboxCard = { kind: 'end' };
  /** Callbacks of the card, as long as it shows the same question. */
  #callbacks: { readonly interaction: Interaction; readonly of: CardCallbacks } | undefined;

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
      this.#focus.stay();
    }
    this.#focus.beforeUpdate(cardName(card));
  }

  protected override updated(): void {
    this.clock.read(this, this.isConnected ? this.#tickMs() : undefined);
    this.#focus.afterUpdate(this.#card.kind !== 'loading');
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
        ${this.#renderHead(inbox, history)}
        <div class="scroll">${this.#renderCard(inbox, history)}</div>
        ${renderReports({
          state: inbox.state,
          history,
          nowMs: this.clock.localNow(),
          strings,
          onUndo: (id) => this.#undo(id),
          onShow: (sessionId) => {
            const entry = queue.entries.find((candidate) => candidate.sessionId === sessionId);
            this.#focus.leave();
            if (entry !== undefined) inbox.goTo(entry.key);
          },
          onDismiss: (sessionId, interactionId) => inbox.dismissFailed(sessionId, interactionId),
        })}
        ${this.#renderFoot(inbox, history)}
      </section>
    `;
  }

  #renderHead(inbox: Inbox, history: SessionHistoryController): TemplateResult {
    const { strings } = this;
    const card = this.#card;
    const { queue } = inbox.state;
    const entries = shownEntries(queue);
    const position = entries.findIndex(({ key }) => key === queue.currentKey) + 1;
    const session = card.kind === 'end' ? undefined : history.getSession(card.entry.sessionId);
    const title = session === undefined ? '' : sessionTitle(session, strings);
    const sinceMs = sinceOf(card) ?? (session === undefined ? 0 : session.updatedAt * 1000);
    return html`<header part="inbox-head">
      <button
        type="button"
        class="icon-button"
        aria-label=${strings.leaveInbox}
        title=${strings.leaveInbox}
        @click=${() => this.onLeave?.()}
      >
        ${icon('back')}
      </button>
      <h3 tabindex="-1">
        ${
          card.kind === 'end'
            ? strings.inbox
            : html`<span class="position">${strings.positionOf(position, entries.length)}</span>
                <span class="title" dir="auto" title=${title}>${title}</span>
                ${
                  sinceMs <= 0
                    ? nothing
                    : html`<span class="since"
                        >${strings.waitingFor(waitingTime(this.clock.now() - sinceMs, strings))}</span
                      >`
                }`
        }
      </h3>
      ${
        card.kind === 'end'
          ? nothing
          : html`<button
                type="button"
                class="button quiet"
                title=${strings.openRun}
                @click=${() => this.onOpenRun?.(card.entry.sessionId)}
              >
                ${strings.openRun}
              </button>
              <button
                type="button"
                class="button"
                title=${strings.skipForNowHint}
                aria-keyshortcuts="Alt+ArrowDown"
                @click=${() => this.skip()}
              >
                ${strings.skipForNow} ${icon('open')}
              </button>`
      }
    </header>`;
  }

  #renderCard(inbox: Inbox, history: SessionHistoryController): TemplateResult {
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
        return this.#renderQuestion(card);
    }
  }

  #renderQuestion(card: QuestionCard): TemplateResult {
    const { strings, drafts } = this;
    const { run, interaction, entry, openQuestions } = card;
    const { interactionId, nodeId } = interaction;
    const context = contextOf(run, nodeId, strings);
    const callbacks = this.#callbacksOf(card);
    return html`
      ${
        context.length === 0
          ? nothing
          : html`<section class="context" aria-label=${strings.contextLabel}>
              <dl>
                ${context.map(
                  ({ title, lines }) =>
                    html`<dt dir="auto" title=${title}>${title}</dt>
                      <dd>${lines.map((line) => html`<p dir="auto">${line}</p>`)}</dd>`,
                )}
              </dl>
            </section>`
      }
      ${openQuestions > 1 ? html`<p class="count">${strings.openQuestions(openQuestions)}</p>` : nothing}
      ${keyed(
        cardName(card),
        html`<sessions-panel-question
          class="card-place"
          exportparts=${EXPORTED_PARTS.question}
          .interaction=${interaction}
          .answerState=${run.answerOf(interactionId)}
          .nodeTitle=${run.getNode(nodeId)?.title ?? nodeId}
          .strings=${strings}
          .resolveHandle=${this.resolveHandle}
          .frameUrl=${this.frameUrl}
          .fileUrlPrefix=${this.fileUrlPrefix}
          .draft=${drafts?.get(entry.sessionId, interactionId)}
          .conflictingDraft=${drafts?.conflictOf(entry.sessionId, interactionId)}
          .draftDurability=${drafts?.durabilityOf(entry.sessionId, interactionId)}
          .onDraft=${drafts === undefined ? undefined : callbacks.onDraft}
          .onAnswer=${callbacks.onAnswer}
          .onDigitAnswer=${callbacks.onDigitAnswer}
        ></sessions-panel-question>`,
      )}
    `;
  }

  #renderFoot(inbox: Inbox, history: SessionHistoryController): TemplateResult | typeof nothing {
    const { strings } = this;
    const next = nextEntry(inbox.state.queue);
    const session = next === undefined ? undefined : history.getSession(next.sessionId);
    if (session === undefined) return nothing;
    const question = session.question === undefined ? '' : rowQuestion(session.question, strings);
    const text = strings.nextQuestion(question, sessionTitle(session, strings));
    return html`<footer><p class="next" title=${text}>${text}</p></footer>`;
  }

  #callbacksOf({ interaction }: QuestionCard): CardCallbacks {
    if (this.#callbacks?.interaction !== interaction) {
      const { interactionId } = interaction;
      const of: CardCallbacks = {
        onAnswer: (answer) => {
          this.#focus.leave();
          void this.inbox?.answer(interactionId, answer);
        },
        onDigitAnswer: (answer) => {
          this.#focus.leave();
          this.inbox?.answerLater(interactionId, answer);
        },
        onDraft: (draft, overridesOther) => this.inbox?.saveDraft(interactionId, draft, overridesOther),
      };
      this.#callbacks = { interaction, of };
    }
    return this.#callbacks.of;
  }

  /** Returns the update interval: a second while seconds are shown, else half a minute. */
  #tickMs(): number {
    const state = this.inbox?.state;
    const nowS = this.clock.now() / 1000;
    const hasSeconds = state?.queue.entries.some(({ sessionId }) => {
      const session = this.history?.getSession(sessionId);
      return session !== undefined && nowS - session.updatedAt < SOON_MS / 1000;
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

interface CardCallbacks {
  readonly onAnswer: (answer: Answer) => void;
  readonly onDigitAnswer: (answer: Answer) => void;
  readonly onDraft: (draft: unknown, overridesOther?: boolean) => void;
}

function sinceOf(card: InboxCard): number | undefined {
  return card.kind === 'question' ? askedMs(card.run, card.interaction.interactionId) : undefined;
}
