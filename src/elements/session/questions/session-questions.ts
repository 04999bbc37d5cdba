import { html, nothing, type ReactiveElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DraftsController } from '../../../controller/drafts-controller.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import type { Answer, Interaction } from '../../../protocol/questions/interactions.js';
import type { PanelCommands } from '../../base/commands.js';
import { pressedKey } from '../../base/pressed-key.js';
import type { ContentOptions } from '../../content/text-view.js';
import type { AnswerHandover } from './answer-handover.js';
import { focusedElement } from '../../base/focused-element.js';
import type { CardFocus } from './card-focus.js';
import { followingQuestion } from './following-question.js';
import { renderQuestionTabs, revealTab } from './question-tabs.js';
import { isReplaying } from '../watched-session.js';
import { EXPORTED_PARTS } from '../../base/part-names.js';

/** Questions drawn at first and added by each “more”, when all are shown; the oldest come first. */
const SHOWN_QUESTIONS = 20;
/** Cards that stay drawn, hidden, after a person has left them: with what is stored nowhere, as a password is. */
const KEPT_CARDS = 20;

/** Callbacks of a card. */
interface QuestionCallbacks {
  readonly onAnswer: (answer: Answer) => void;
  readonly onDraft: (draft: unknown, overridesOther?: boolean) => void;
}

/** Props of the cards of the open questions. */
export interface SessionQuestionsView extends Pick<
  ContentOptions,
  'strings' | 'resolveHandle' | 'frameUrl' | 'fileUrlPrefix'
> {
  readonly run: RunController;
  /** True: the cards show the key that goes to the next question. */
  readonly isNextHinted: boolean;
  /** Drafts of the answers; without it the cards keep none. */
  readonly drafts: DraftsController | undefined;
}

/**
 * The cards of a session's open questions in the shadow root of `host`: one at a time, with a tab for each, or all.
 * The shown card stays until its question closes; a question that arrives never replaces it.
 */
export class SessionQuestions {
  readonly #host: ReactiveElement;
  readonly #commands: () => PanelCommands | undefined;
  readonly #handover: AnswerHandover;
  readonly #focus: CardFocus;
  readonly #onNextKey: () => void;
  #interactions: readonly Interaction[] = [];
  /** The ids of the open questions, oldest first. */
  #open: readonly string[] = [];
  /** The question whose card is shown, while it is one at a time. */
  #shownId: string | undefined;
  /** The questions whose cards are drawn, while it is one at a time; the one shown last is the last. */
  readonly #drawn = new Set<string>();
  #isAll = false;
  /** True if the tab of the shown question gets the focus after the current update. */
  #isTabNext = false;
  /** The tab that was brought into sight. */
  #revealed: Element | null | undefined;
  /** The first card, while all are shown; undefined for the oldest question. */
  #firstId: string | undefined;
  /** The number of cards, while all are shown. */
  #count = SHOWN_QUESTIONS;
  /** The session whose first card gets the focus once it is drawn, and the element that had it when this was asked for. */
  #wanted: { readonly sessionId: string; readonly from: Element | undefined } | undefined;
  /** One object per question, so that rendering again does not change the properties of its card. */
  readonly #callbacks = new WeakMap<Interaction, QuestionCallbacks>();

  constructor(
    host: ReactiveElement,
    commands: () => PanelCommands | undefined,
    handover: AnswerHandover,
    focus: CardFocus,
    onNextKey: () => void,
  ) {
    this.#host = host;
    this.#commands = commands;
    this.#handover = handover;
    this.#focus = focus;
    this.#onNextKey = onNextKey;
  }

  /** Shows the first question only, for another session. */
  reset(): void {
    this.#interactions = [];
    this.#open = [];
    this.#shownId = undefined;
    this.#drawn.clear();
    this.#isAll = false;
    this.#firstId = undefined;
    this.#count = SHOWN_QUESTIONS;
    this.#focus.reset();
  }

  /**
   * Moves the focus to the question after the one that has it, or to the shown one, also when it is drawn only later;
   * false when there is none after it.
   */
  focusNext(run: RunController | undefined): boolean {
    if (this.#focus.isEmpty && run?.sessionId !== undefined && run.latest.interactions.length > 0) {
      this.focusFirst(run.sessionId);
      return true;
    }
    const { focusedId } = this.#focus;
    const next = focusedId === undefined ? this.#currentId : this.#open[this.#open.indexOf(focusedId) + 1];
    return next !== undefined && this.focusOn(next);
  }

  /** Shows the card of a question and moves the focus to it; false if the question is not open. */
  focusOn(interactionId: string): boolean {
    if (!this.#open.includes(interactionId)) return false;
    this.#show(interactionId);
    this.#focus.moveTo(interactionId);
    return true;
  }

  /** Moves the focus to the first card of a session as soon as it is drawn, unless the person moves it first. */
  focusFirst(sessionId: string): void {
    this.#wanted = { sessionId, from: focusedElement() };
    this.#host.requestUpdate();
  }

  /** Decides which card is shown; called before each update of the host. */
  beforeUpdate(run: RunController): void {
    if (run.latest.interactions !== this.#interactions) {
      const before = this.#open;
      this.#interactions = run.latest.interactions;
      this.#open = run.latest.interactions.map(({ interactionId }) => interactionId);
      const isOpen = new Set(this.#open);
      for (const interactionId of this.#drawn) {
        if (!isOpen.has(interactionId)) this.#drawn.delete(interactionId);
      }
      if (this.#firstId !== undefined && !isOpen.has(this.#firstId)) {
        this.#firstId = followingQuestion(before, this.#firstId, this.#open);
      }
      if (this.#shownId === undefined || !isOpen.has(this.#shownId)) {
        this.#show(followingQuestion(before, this.#shownId, this.#open));
      }
    }
    const wanted = this.#wanted;
    if (wanted === undefined || (wanted.sessionId === run.sessionId && isReplaying(run))) return;
    this.#wanted = undefined;
    const first = this.#currentId;
    if (wanted.sessionId === run.sessionId && first !== undefined) this.#focus.moveTo(first, wanted.from);
  }

  /** Keeps the tab of the shown question in sight; called after each update of the host. */
  updated(): void {
    const tab = this.#host.shadowRoot?.querySelector<HTMLElement>('.question-tab[aria-selected="true"]');
    if (this.#isTabNext) tab?.focus({ preventScroll: true });
    this.#isTabNext = false;
    if (tab === this.#revealed) return;
    this.#revealed = tab;
    if (tab) revealTab(tab);
  }

  get #currentId(): string | undefined {
    return this.#isAll ? this.#open[this.#first] : this.#shownId;
  }

  #show(interactionId: string | undefined): void {
    this.#shownId = interactionId;
    if (interactionId === undefined) return;
    this.#drawn.delete(interactionId);
    this.#drawn.add(interactionId);
    const [oldest] = this.#drawn;
    if (oldest !== undefined && this.#drawn.size > KEPT_CARDS) this.#drawn.delete(oldest);
    if (this.#isAll) this.#drawAround(interactionId);
  }

  /** Draws the cards around one of them, which is not drawn yet, while all are shown. */
  #drawAround(interactionId: string): void {
    const position = this.#open.indexOf(interactionId);
    const first = this.#first;
    if (position >= first && position < first + this.#count) return;
    this.#firstId = this.#open[position - (position % SHOWN_QUESTIONS)];
    this.#count = SHOWN_QUESTIONS;
  }

  /** The position of the first card, while all are shown. */
  get #first(): number {
    return this.#firstId === undefined ? 0 : Math.max(0, this.#open.indexOf(this.#firstId));
  }

  /** The cards, and what changes between them; without an open question nothing, or the line that waits for one. */
  render(view: SessionQuestionsView): TemplateResult | typeof nothing {
    const { run, drafts, strings } = view;
    const { interactions } = run.latest;
    if (interactions.length === 0) {
      return this.#handover.isWaiting
        ? html`<p class="handover" tabindex="-1">${strings.waitingForNextQuestion}</p>`
        : nothing;
    }
    const isTabbed = !this.#isAll && interactions.length > 1;
    const cards = html`${repeat(
      this.#isAll
        ? interactions.slice(this.#first, this.#first + this.#count)
        : interactions.filter(({ interactionId }) => this.#drawn.has(interactionId)),
      ({ interactionId }) => interactionId,
      (interaction) => this.#renderCard(interaction, view),
    )}`;
    return html`<div
      class=${this.#isAll ? 'questions' : 'questions is-one'}
      part="questions"
      role="region"
      aria-label=${strings.openQuestions(interactions.length)}
      @keydown=${this.#onKey}
    >
      ${
        interactions.length < 2
          ? nothing
          : renderQuestionTabs({
              run,
              drafts,
              strings,
              shown: this.#isAll ? undefined : this.#open.indexOf(this.#shownId ?? ''),
              onSelect: this.#select,
              onMove: (interactionId) => {
                this.#isTabNext = true;
                this.#select(interactionId);
              },
              onOpen: (interactionId) => this.focusOn(interactionId),
              onAll: this.#toggleAll,
            })
      }
      <div
        class="cards"
        id=${isTabbed ? 'question' : nothing}
        role=${isTabbed ? 'tabpanel' : nothing}
        aria-labelledby=${isTabbed ? 'question-tab' : nothing}
      >
        ${this.#isAll ? this.#renderMore(this.#first, this.#showEarlier, view) : nothing} ${cards}
        ${this.#isAll ? this.#renderMore(interactions.length - this.#first - this.#count, this.#showMore, view) : nothing}
      </div>
    </div>`;
  }

  #renderMore(
    hidden: number,
    onClick: () => void,
    { strings }: SessionQuestionsView,
  ): TemplateResult | typeof nothing {
    if (hidden <= 0) return nothing;
    return html`<button type="button" class="button" @click=${onClick}>
      ${strings.showMoreQuestions(hidden)}
    </button>`;
  }

  #renderCard(
    interaction: Interaction,
    { run, drafts, isNextHinted, strings, resolveHandle, frameUrl, fileUrlPrefix }: SessionQuestionsView,
  ): TemplateResult {
    const { interactionId } = interaction;
    const sessionId = run.sessionId ?? '';
    return html`<sessions-panel-question
      exportparts=${EXPORTED_PARTS.question}
      ?hidden=${!this.#isAll && interactionId !== this.#shownId}
      .interaction=${interaction}
      .answerState=${run.answerOf(interactionId)}
      .lastAnswer=${run.lastAnswerOf(interactionId)}
      .nodeTitle=${run.latest.nodes.get(interaction.nodeId)?.title ?? interaction.nodeId}
      .position=${this.#open.indexOf(interactionId) + 1}
      .total=${this.#open.length}
      .isNextHinted=${isNextHinted && this.#open.length > 1}
      .strings=${strings}
      .resolveHandle=${resolveHandle}
      .frameUrl=${frameUrl}
      .fileUrlPrefix=${fileUrlPrefix}
      .draft=${drafts?.get(sessionId, interactionId)}
      .conflictingDraft=${drafts?.conflictOf(sessionId, interactionId)}
      .draftDurability=${drafts?.durabilityOf(sessionId, interactionId)}
      .onDraft=${drafts === undefined ? undefined : this.#callbacksOf(interaction).onDraft}
      .onAnswer=${this.#callbacksOf(interaction).onAnswer}
    ></sessions-panel-question>`;
  }

  readonly #select = (interactionId: string): void => {
    this.#show(interactionId);
    this.#host.requestUpdate();
  };

  readonly #toggleAll = (): void => {
    this.#isAll = !this.#isAll;
    if (this.#isAll && this.#shownId !== undefined) this.#drawAround(this.#shownId);
    this.#host.requestUpdate();
  };

  readonly #showEarlier = (): void => {
    const added = Math.min(SHOWN_QUESTIONS, this.#first);
    this.#count += added;
    this.#firstId = this.#open[this.#first - added];
    this.#host.requestUpdate();
  };

  readonly #showMore = (): void => {
    this.#count += SHOWN_QUESTIONS;
    this.#host.requestUpdate();
  };

  /** Alt with an arrow goes to the question before or after, unless the control has a use of its own for it. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !event.altKey || event.ctrlKey || event.metaKey) return;
    const key = pressedKey(event);
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || opensByArrow(event)) return;
    const from = this.#focus.focusedId ?? this.#currentId ?? '';
    const next = this.#open[this.#open.indexOf(from) + step];
    event.preventDefault();
    if (next === undefined) return;
    this.#onNextKey();
    this.focusOn(next);
  };

  #callbacksOf(interaction: Interaction): QuestionCallbacks {
    const { interactionId } = interaction;
    let callbacks = this.#callbacks.get(interaction);
    if (callbacks === undefined) {
      callbacks = {
        onAnswer: (answer) => {
          this.#handover.sent(interactionId);
          this.#commands()?.answer(interactionId, answer);
        },
        onDraft: (draft, overridesOther) => this.#commands()?.saveDraft(interactionId, draft, overridesOther),
      };
      this.#callbacks.set(interaction, callbacks);
    }
    return callbacks;
  }
}

/** True at a control that opens a list or a calendar with Alt and an arrow. */
function opensByArrow(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return (
    target instanceof Element &&
    target.matches('select, input[list], input:is([type="date"], [type="time"], [type="datetime-local"])')
  );
}
