import { html, nothing, type ReactiveElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DraftsController } from '../../controller/drafts-controller.js';
import type { RunController } from '../../controller/run-controller.js';
import type { Answer, Interaction } from '../../protocol/interactions.js';
import type { PanelCommands } from '../base/commands.js';
import type { ContentOptions } from '../content/text-view.js';
import type { AnswerHandover } from './answer-handover.js';
import { isReplaying } from './watched-session.js';
import { EXPORTED_PARTS } from '../base/part-names.js';

/** Questions drawn at first and added by each “more”; the oldest come first. */
const SHOWN_QUESTIONS = 20;

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
  /** Drafts of the answers; without it the cards keep none. */
  readonly drafts: DraftsController | undefined;
}

/** The cards of a session's open questions in the shadow root of `host`, and the focus among them. */
export class SessionQuestions {
  readonly #host: ReactiveElement;
  readonly #commands: () => PanelCommands | undefined;
  readonly #handover: AnswerHandover;
  #shown = SHOWN_QUESTIONS;
  /** The session whose first card gets the focus once it is drawn, and the element that had it when this was asked for. */
  #wanted: { readonly sessionId: string; readonly from: Element | undefined } | undefined;
  /** One object per question, so that rendering again does not change the properties of its card. */
  readonly #callbacks = new WeakMap<Interaction, QuestionCallbacks>();

  constructor(host: ReactiveElement, commands: () => PanelCommands | undefined, handover: AnswerHandover) {
    this.#host = host;
    this.#commands = commands;
    this.#handover = handover;
  }

  /** Shows the first questions only, for another session. */
  reset(): void {
    this.#shown = SHOWN_QUESTIONS;
  }

  /**
   * Moves the focus to the card after the focused one, or to the first, also when it is drawn only later; false when
   * there is none after it.
   */
  focusNext(run: RunController | undefined): boolean {
    const cards = [...(this.#host.shadowRoot?.querySelectorAll('sessions-panel-question') ?? [])];
    if (cards.length === 0 && run?.sessionId !== undefined && run.interactions.length > 0) {
      this.focusFirst(run.sessionId);
      return true;
    }
    const next = cards[cards.findIndex((card) => card.matches(':focus-within')) + 1];
    next?.focus();
    return next !== undefined;
  }

  /** Moves the focus to the first card of a session as soon as it is drawn, unless the person moves it first. */
  focusFirst(sessionId: string): void {
    this.#wanted = { sessionId, from: focusedElement() };
    this.#host.requestUpdate();
  }

  /** Moves the focus that `focusFirst` asked for; called after each update of the host. */
  updated(run: RunController): void {
    const wanted = this.#wanted;
    if (wanted === undefined || (wanted.sessionId === run.sessionId && isReplaying(run))) return;
    this.#wanted = undefined;
    const card = this.#host.shadowRoot?.querySelector('sessions-panel-question') ?? undefined;
    if (wanted.sessionId !== run.sessionId) return;
    // The first update of the card draws the control that takes the focus.
    void card?.updateComplete.then(() => {
      const now = focusedElement();
      // The title gets the focus when the session covers the list.
      const isHere = now !== undefined && this.#host.shadowRoot?.contains(now) === true;
      if (now === undefined || now === wanted.from || isHere) card.focus();
    });
  }

  /** The cards, and a button for more; without an open question nothing, or the line that waits for one. */
  render({
    run,
    drafts,
    strings,
    resolveHandle,
    frameUrl,
    fileUrlPrefix,
  }: SessionQuestionsView): TemplateResult | typeof nothing {
    const { interactions } = run;
    if (interactions.length === 0) {
      return this.#handover.isWaiting
        ? html`<p class="handover" tabindex="-1">${strings.waitingForNextQuestion}</p>`
        : nothing;
    }
    const sessionId = run.sessionId ?? '';
    const hidden = interactions.length - this.#shown;
    return html`<div
      class="questions"
      part="questions"
      role="region"
      aria-label=${strings.openQuestions(interactions.length)}
    >
      ${repeat(
        interactions.slice(0, this.#shown),
        (interaction) => interaction.interactionId,
        (interaction) =>
          html`<sessions-panel-question
            exportparts=${EXPORTED_PARTS.question}
            .interaction=${interaction}
            .answerState=${run.answerOf(interaction.interactionId)}
            .nodeTitle=${run.getNode(interaction.nodeId)?.title ?? interaction.nodeId}
            .strings=${strings}
            .resolveHandle=${resolveHandle}
            .frameUrl=${frameUrl}
            .fileUrlPrefix=${fileUrlPrefix}
            .draft=${drafts?.get(sessionId, interaction.interactionId)}
            .conflictingDraft=${drafts?.conflictOf(sessionId, interaction.interactionId)}
            .draftDurability=${drafts?.durabilityOf(sessionId, interaction.interactionId)}
            .onDraft=${drafts === undefined ? undefined : this.#callbacksOf(interaction).onDraft}
            .onAnswer=${this.#callbacksOf(interaction).onAnswer}
          ></sessions-panel-question>`,
      )}
      ${
        hidden <= 0
          ? nothing
          : html`<button type="button" class="button" @click=${this.#showMore}>
              ${strings.showMoreQuestions(hidden)}
            </button>`
      }
    </div>`;
  }

  readonly #showMore = (): void => {
    this.#shown += SHOWN_QUESTIONS;
    this.#host.requestUpdate();
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

/** The element with the focus, in whatever shadow root; undefined for the page itself. */
function focusedElement(): Element | undefined {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element === null || element === document.body ? undefined : element;
}
