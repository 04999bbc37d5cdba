import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { DraftsController } from '../../controller/drafts-controller.js';
import type { Answer } from '../../protocol/questions/interactions.js';
import { EXPORTED_PARTS } from '../base/part-names.js';
import type { ContentOptions } from '../content/text-view.js';
import { cardName, type InboxCard } from './inbox-card.js';
import { contextOf } from './inbox-context.js';

/** Props of an open question in the inbox. */
export type QuestionCard = Extract<InboxCard, { readonly kind: 'question' }>;

/** Callbacks of the card. */
export interface QuestionCallbacks {
  readonly onAnswer: (answer: Answer) => void;
  readonly onDigitAnswer: (answer: Answer) => void;
  readonly onDraft: (draft: unknown, overridesOther?: boolean) => void;
}

/** Props of a question and what came before it. */
export interface InboxQuestionView extends Pick<
  ContentOptions,
  'strings' | 'resolveHandle' | 'frameUrl' | 'fileUrlPrefix'
> {
  readonly card: QuestionCard;
  readonly drafts: DraftsController | undefined;
  readonly callbacks: QuestionCallbacks;
  readonly onOpenRun: (sessionId: string) => void;
}

/** Renders the output of the nodes before, and the card of the question. */
export function renderInboxQuestion(view: InboxQuestionView): TemplateResult {
  const { card, drafts, callbacks, strings, resolveHandle, frameUrl, fileUrlPrefix } = view;
  const { run, interaction, entry, openQuestions } = card;
  const { interactionId, nodeId } = interaction;
  return html`
    ${renderContext(view)}
    ${keyed(
      cardName(card),
      html`<sessions-panel-question
        class="card-place"
        exportparts=${EXPORTED_PARTS.question}
        .interaction=${interaction}
        .answerState=${run.answerOf(interactionId)}
        .lastAnswer=${run.lastAnswerOf(interactionId)}
        .total=${openQuestions}
        .nodeTitle=${run.getNode(nodeId)?.title ?? nodeId}
        .strings=${strings}
        .resolveHandle=${resolveHandle}
        .frameUrl=${frameUrl}
        .fileUrlPrefix=${fileUrlPrefix}
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

function renderContext({ card, strings, onOpenRun }: InboxQuestionView): TemplateResult {
  const context = contextOf(card.run, card.interaction.nodeId, strings);
  return html`<section class="context" aria-label=${strings.contextLabel}>
    ${
      context.length === 0
        ? nothing
        : html`<dl>
            ${context.map(
              ({ title, lines }) =>
                html`<dt dir="auto" title=${title}>${title}</dt>
                  <dd>${lines.map((line) => html`<p dir="auto">${line}</p>`)}</dd>`,
            )}
          </dl>`
    }
    <button type="button" class="link" @click=${() => onOpenRun(card.entry.sessionId)}>
      ${strings.openRun}
    </button>
  </section>`;
}
