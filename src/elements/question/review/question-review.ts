import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ReviewInteraction } from '../../../protocol/questions/interactions.js';
import type { ReviewAction, ReviewDecisionType } from '../../../protocol/questions/review.js';
import { type ContentOptions, renderJson, renderProse } from '../../content/text-view.js';
import { enteredText } from '../../form/content-input.js';
import { problemText } from '../../form/problem-text.js';
import type { FieldProblems } from '../../form/schema/field-problem.js';
import type { PanelStrings } from '../../strings/english.js';
import { icon } from '../../theme/icons.js';
import { actionPointers, withDecision, type ActionDraft, type ReviewDraft } from './review-draft.js';

/** Props of a review. */
export interface ReviewView {
  readonly interaction: ReviewInteraction;
  readonly draft: ReviewDraft;
  readonly problems: FieldProblems;
  readonly nodeTitle: string;
  readonly options: ContentOptions;
  readonly onDraft: (draft: ReviewDraft) => void;
}

type Rendered = TemplateResult | typeof nothing;

/** Renders the actions one below the other, each with its arguments and the decisions about it. */
export function renderReview(view: ReviewView): TemplateResult {
  const { interaction, nodeTitle, options } = view;
  const { actions } = interaction;
  return html`<p class="prompt" part="prompt" id="prompt">
      ${options.strings.reviewQuestion(nodeTitle, actions.length)}
    </p>
    ${renderApproveAll(view)} ${actions.map((action, position) => renderAction(action, position, view))}`;
}

/** One press for all actions that are not decided yet. */
function renderApproveAll({ interaction, draft, options, onDraft }: ReviewView): Rendered {
  const { actions } = interaction;
  const canAll = actions.length > 1 && actions.every(({ allowed }) => allowed.includes('approve'));
  if (!canAll) return nothing;
  return html`<button
    type="button"
    class="button approve-all"
    @click=${() => onDraft({ ...draft, decisions: draft.decisions.map((each) => ({ ...each, type: 'approve' })) })}
  >
    ${options.strings.reviewApproveRest}
  </button>`;
}

function renderAction(action: ReviewAction, position: number, view: ReviewView): TemplateResult {
  const { draft, problems, options, onDraft } = view;
  const { strings } = options;
  const decision = draft.decisions[position] ?? {};
  const pointers = actionPointers(position);
  const problem = problems.get(pointers.decision);
  const onChange = (change: ActionDraft) => onDraft(withDecision(draft, action, position, change));
  return html`<section class="action" aria-labelledby="action-${position}">
    <h5 class="action-name" id="action-${position}" dir="auto">
      ${icon('tool')} <code>${action.name}</code>
    </h5>
    ${action.description === '' ? nothing : html`<div class="hint">${renderProse(action.description, options)}</div>`}
    ${
      Object.keys(action.args).length === 0
        ? html`<p class="hint">${strings.reviewNoArgs}</p>`
        : html`<div class="action-args">${renderJson(action.args, action.name, strings)}</div>`
    }
    <div
      class="choices row"
      role="radiogroup"
      aria-label=${strings.reviewDecision(action.name)}
      aria-describedby=${problem === undefined ? nothing : `problem-${position}`}
      aria-invalid=${problem === undefined ? nothing : 'true'}
      aria-required="true"
    >
      ${action.allowed.map((type) => renderDecision(type, decision.type === type, position, strings, onChange))}
    </div>
    ${
      problem === undefined
        ? nothing
        : html`<p class="problem" id="problem-${position}" role="alert">${strings.decideFirst}</p>`
    }
    ${renderText(decision, position, view, onChange)}
  </section>`;
}

function renderDecision(
  type: ReviewDecisionType,
  isChosen: boolean,
  position: number,
  strings: PanelStrings,
  onChange: (change: ActionDraft) => void,
): TemplateResult {
  const names: Readonly<Record<ReviewDecisionType, string>> = {
    approve: strings.reviewApprove,
    edit: strings.reviewEdit,
    reject: strings.reviewReject,
    respond: strings.reviewRespond,
  };
  return html`<label class="choice" part="choice">
    <input
      class="visually-hidden"
      type="radio"
      name="decision-${position}"
      value=${type}
      .checked=${live(isChosen)}
      @change=${() => onChange({ type })}
    />
    <span class="marker dot" aria-hidden="true">${icon('check')}</span>
    <span>${names[type]}</span>
  </label>`;
}

/** What goes with a decision: other arguments, a reason, an answer. */
function renderText(
  { type, args = '', reason = '', response = '' }: ActionDraft,
  position: number,
  { problems, options }: ReviewView,
  onChange: (change: ActionDraft) => void,
): Rendered {
  const { strings } = options;
  if (type === undefined || type === 'approve') return nothing;
  const problem = problems.get(actionPointers(position).text);
  const fields = {
    edit: { label: strings.reviewArgs, text: args, change: (text: string) => ({ args: text }) },
    reject: { label: strings.reviewReason, text: reason, change: (text: string) => ({ reason: text }) },
    respond: {
      label: strings.reviewResponse,
      text: response,
      change: (text: string) => ({ response: text }),
    },
  };
  const { label, text, change } = fields[type];
  const isJson = type === 'edit';
  return html`<div class="field">
      <label class="label" for="text-${position}">${label}</label>
      <textarea
        class="input grows ${isJson ? 'mono' : ''}"
        id="text-${position}"
        rows=${isJson ? Math.min(12, Math.max(3, text.split('\n').length)) : 2}
        dir=${isJson ? 'ltr' : 'auto'}
        spellcheck=${isJson ? 'false' : 'true'}
        aria-describedby=${problem === undefined ? nothing : `text-problem-${position}`}
        aria-invalid=${problem === undefined ? nothing : 'true'}
        .value=${live(text)}
        @input=${(event: Event) => onChange(change(enteredText(event)))}
      ></textarea>
    </div>
    ${
      problem === undefined
        ? nothing
        : html`<p class="problem" id="text-problem-${position}" role="alert">
            ${type === 'respond' ? strings.typeFirst : problemText(problem, strings)}
          </p>`
    }`;
}
