import { html, nothing, type TemplateResult } from 'lit';
import type { RunController } from '../../../controller/run/run-controller.js';
import { answerText, shownResponse } from '../../../protocol/questions/interaction-text.js';
import type { Interaction } from '../../../protocol/questions/interactions.js';
import { questionLine } from '../../question/question-consent.js';
import { SignalElement } from '../../base/signal-element.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { plainLine } from '../../strings/plain-line.js';
import { statusIcon } from '../../theme/icons.js';
import { statusStyles } from '../../theme/status.styles.js';
import { theme } from '../../theme/theme.js';
import { pastQuestionsStyles } from './past-questions.styles.js';

/** Questions that are drawn; the others are counted. */
const SHOWN = 20;

/**
 * The questions that were open at the moment that is shown, with what was answered later: there is nothing to answer in
 * the past. Part of `<sessions-panel>`.
 */
export class PastQuestions extends SignalElement {
  static override styles = [...theme, statusStyles, pastQuestionsStyles];
  static override properties = {
    run: { attribute: false },
    strings: { attribute: false },
    onAnswer: { attribute: false },
  };

  declare run: RunController | undefined;
  declare strings: PanelStrings;
  /** Called with a question that is still open, when a person wants to answer it; undefined for a record. */
  declare onAnswer: ((interactionId: string) => void) | undefined;

  constructor() {
    super();
    this.run = undefined;
    this.strings = englishStrings;
    this.onAnswer = undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, strings } = this;
    if (run === undefined || run.position === undefined || run.interactions.length === 0) return nothing;
    const { interactions } = run;
    const more = interactions.length - SHOWN;
    return html`<section aria-label=${strings.questionsThen} tabindex="0">
      <ul role="list">
        ${interactions.slice(0, SHOWN).map((question) => this.#renderQuestion(question, run))}
        ${more <= 0 ? nothing : html`<li class="later">${strings.thenMore(more)}</li>`}
      </ul>
    </section>`;
  }

  #renderQuestion(question: Interaction, run: RunController): TemplateResult {
    const { strings } = this;
    const node = run.getNode(question.nodeId)?.title ?? question.nodeId;
    const text = plainLine(questionLine(question, node, strings));
    return html`<li>
      ${statusIcon('suspended')}
      <div class="text">
        <span class="question"><b dir="auto">${node}</b> <span dir="auto" title=${text}>${text}</span></span>
        <span class="later">${this.#renderLater(question, run)}</span>
      </div>
    </li>`;
  }

  #renderLater(question: Interaction, run: RunController): TemplateResult | string {
    const { strings, onAnswer } = this;
    const { interactionId } = question;
    const { latest } = run;
    const resolved = latest.resolvedInteractions.get(interactionId);
    if (resolved === undefined) {
      const isOpen = latest.interactions.some((open) => open.interactionId === interactionId);
      if (!isOpen || onAnswer === undefined) return strings.notAnswered;
      return html`<button type="button" class="link" @click=${() => onAnswer(interactionId)}>
        ${strings.answerNow}
      </button>`;
    }
    if (resolved.by === 'expired') return strings.expiredLater;
    if (resolved.response === undefined) return strings.answeredLater;
    const answer = answerText(question, shownResponse(question, resolved.response), strings);
    return html`${strings.answeredLater} <span class="answer" dir="auto" title=${answer}>${answer}</span>`;
  }
}
