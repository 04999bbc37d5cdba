import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DraftsController } from '../../../controller/drafts-controller.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import type { Interaction } from '../../../protocol/questions/interactions.js';
import { pressedKey } from '../../base/pressed-key.js';
import { questionLine } from '../../question/question-consent.js';
import { plainLine } from '../../strings/plain-line.js';
import type { PanelStrings } from '../../strings/english.js';
import { icon } from '../../theme/icons.js';

/** Tabs drawn on either side of the selected one. */
const NEIGHBOURS = 7;

/** Props of the tabs of the open questions. */
export interface QuestionTabsView {
  readonly run: RunController;
  readonly drafts: DraftsController | undefined;
  readonly strings: PanelStrings;
  /** Position of the shown question; undefined while all are shown, which takes no tabs. */
  readonly shown: number | undefined;
  /** Called to show a question. */
  readonly onSelect: (interactionId: string) => void;
  /** Called to show a question and to move the focus to its tab. */
  readonly onMove: (interactionId: string) => void;
  /** Called to show a question and to go to it. */
  readonly onOpen: (interactionId: string) => void;
  /** Called to show all questions, or one at a time again. */
  readonly onAll: () => void;
}

/**
 * Renders a tab for each of the questions around the shown one, named after the node that asks, the buttons for the one
 * before and after, and the switch between one and all. The Tab key reaches the selected tab; arrows, Home and End
 * select another, Enter goes to its question.
 */
export function renderQuestionTabs(view: QuestionTabsView): TemplateResult {
  const { run, strings, shown, onAll } = view;
  return html`<div class="question-bar">
    ${shown === undefined ? html`<span class="question-count">${strings.openQuestions(run.latest.interactions.length)}</span>` : renderTabs(shown, view)}
    <button type="button" class="all-questions" @click=${onAll}>
      ${shown === undefined ? strings.showOneQuestion : strings.showAllQuestions}
    </button>
  </div>`;
}

function renderTabs(shown: number, view: QuestionTabsView): TemplateResult {
  const { run, strings } = view;
  const { interactions } = run.latest;
  const first = Math.max(0, Math.min(shown - NEIGHBOURS, interactions.length - 2 * NEIGHBOURS - 1));
  return html`<div
      class="question-tabs"
      role="tablist"
      aria-label=${strings.questionTabs}
      @keydown=${(event: KeyboardEvent) => selectByKey(event, shown, view)}
    >
      ${repeat(
        interactions.slice(first, first + 2 * NEIGHBOURS + 1),
        ({ interactionId }) => interactionId,
        (interaction, index) => renderTab(interaction, first + index === shown, view),
      )}
    </div>
    <span class="question-steps">
      ${renderStep('previous', shown - 1, strings.toPreviousQuestion, view)}
      ${renderStep('next', shown + 1, strings.toNextQuestion, view)}
    </span>`;
}

function renderTab(interaction: Interaction, isSelected: boolean, view: QuestionTabsView): TemplateResult {
  const { run, strings, onOpen } = view;
  const { interactionId, nodeId } = interaction;
  const node = run.latest.nodes.get(nodeId)?.title ?? nodeId;
  const isDrafted = view.drafts?.hasInput(run.sessionId ?? '', interactionId) === true;
  return html`<button
    type="button"
    class="question-tab"
    role="tab"
    id=${isSelected ? 'question-tab' : nothing}
    title=${plainLine(questionLine(interaction, node, strings)) || nothing}
    aria-label=${isDrafted ? `${node}, ${strings.hasDraft}` : nothing}
    aria-selected=${isSelected}
    aria-controls=${isSelected ? 'question' : nothing}
    tabindex=${isSelected ? 0 : -1}
    @click=${() => onOpen(interactionId)}
  >
    <span class="question-node">${node}</span>${isDrafted ? icon('pencil') : nothing}
  </button>`;
}

function renderStep(
  name: 'previous' | 'next',
  position: number,
  label: string,
  { run, onSelect }: QuestionTabsView,
): TemplateResult {
  const target = run.latest.interactions[position];
  return html`<button
    type="button"
    class="icon-button step-${name}"
    aria-label=${label}
    title=${label}
    aria-keyshortcuts=${name === 'next' ? 'Alt+ArrowDown' : 'Alt+ArrowUp'}
    aria-disabled=${target === undefined ? 'true' : nothing}
    @click=${() => {
      if (target !== undefined) onSelect(target.interactionId);
    }}
  >
    ${icon(name === 'next' ? 'chevron' : 'back')}
  </button>`;
}

function selectByKey(event: KeyboardEvent, shown: number, { run, onMove }: QuestionTabsView): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const forwards = list.matches(':dir(rtl)') ? -1 : 1;
  const last = run.latest.interactions.length - 1;
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: Math.min(last, Math.max(0, shown + forwards)),
    ArrowLeft: Math.min(last, Math.max(0, shown - forwards)),
    Home: 0,
    End: last,
  };
  const key = pressedKey(event);
  const target = Object.hasOwn(moves, key) ? run.latest.interactions[moves[key] ?? 0] : undefined;
  if (target === undefined) return;
  event.preventDefault();
  onMove(target.interactionId);
}

/** Scrolls the row of tabs so that one of them is in sight, and nothing around it. */
export function revealTab(tab: Element): void {
  const row = tab.parentElement;
  if (row === null) return;
  const { left, right } = tab.getBoundingClientRect();
  const bounds = row.getBoundingClientRect();
  if (left < bounds.left) row.scrollLeft -= bounds.left - left;
  else if (right > bounds.right) row.scrollLeft += right - bounds.right;
}
