import { plainName } from '../../protocol/values/plain-name.js';
import { html, nothing, type TemplateResult } from 'lit';
import type { LLMContent } from '../../protocol/content.js';
import type {
  ChoiceInteraction,
  ConfirmInteraction,
  ConsentInteraction,
  FormInteraction,
  Interaction,
  TextInteraction,
  UnknownInteraction,
} from '../../protocol/questions/interactions.js';
import { isText } from '../../protocol/values/json.js';
import { renderContent } from '../content/content-view.js';
import { type ContentOptions, renderJson, renderProse } from '../content/text-view.js';
import type { Form } from '../form/model/fields.js';
import type { FormDraft } from '../form/model/form-draft.js';
import type { FieldProblems } from '../form/schema/field-problem.js';
import { renderChoices } from './question-choice.js';
import { confirmText, consentText, renderScope } from './question-consent.js';
import { renderContentInput } from '../form/content-input.js';
import type { QuestionDraft } from './question-draft.js';
import { ROOT_POINTER } from '../../protocol/schema/json-pointer.js';
import type { FileStatus } from '../form/files.js';
import { renderJsonInput } from './question-json.js';
import { jsonProblemText, problemLines, problemText } from '../form/problem-text.js';
import { renderForm } from '../form/form-view.js';
import { renderReview } from './review/question-review.js';

type Rendered = TemplateResult | typeof nothing;
type DraftOf<Kind extends QuestionDraft['kind']> = Extract<QuestionDraft, { readonly kind: Kind }>;

/** Props of the card's body. */
export interface QuestionView {
  readonly interaction: Interaction;
  /** The fields, when the question is a form. */
  readonly form: Form | undefined;
  readonly draft: QuestionDraft;
  readonly problems: FieldProblems;
  readonly nodeTitle: string;
  readonly options: ContentOptions;
  readonly fileStatusOf: (pointer: string) => FileStatus;
  readonly onDraft: (draft: QuestionDraft) => void;
  readonly onForm: (draft: FormDraft, pointer: string) => void;
  /** Number of choices to show. */
  readonly shownChoices: number;
  readonly onMoreChoices: () => void;
  /** Called with files for the field at a pointer; for the answer as a whole with `ROOT_POINTER`. */
  readonly onFiles: (files: readonly File[], pointer: string) => void;
}

/** Renders the question and the control to answer it with, by the kind of the question. */
export function renderBody(view: QuestionView): TemplateResult {
  const { interaction, draft } = view;
  if (interaction.kind === 'form' && draft.kind === 'form') return renderFormBody(interaction, draft, view);
  if (interaction.kind === 'text' && draft.kind === 'text') return renderTextBody(interaction, draft, view);
  if (interaction.kind === 'choice' && draft.kind === 'choice') {
    return renderChoiceBody(interaction, draft, view);
  }
  if (interaction.kind === 'unknown' && draft.kind === 'unknown') {
    return renderUnknownBody(interaction, draft, view);
  }
  if (interaction.kind === 'review' && draft.kind === 'review') {
    return renderReview({ ...view, interaction, draft });
  }
  if (interaction.kind === 'confirm') return renderConfirmBody(interaction, view);
  return interaction.kind === 'consent' ? renderConsentBody(interaction, view) : html``;
}

function renderFormBody(
  { schema }: FormInteraction,
  draft: DraftOf<'form'>,
  view: QuestionView,
): TemplateResult {
  const { form, options } = view;
  const { title, description } = schema;
  return html`
    ${isText(title) && title !== '' && !isSame(title, view.nodeTitle) ? html`<p class="prompt" part="prompt" id="prompt" dir="auto">${title}</p>` : nothing}
    ${isText(description) && description !== '' ? html`<div class="hint">${renderProse(description, options)}</div>` : nothing}
    ${
      draft.json !== undefined
        ? renderJsonField(draft.json, view, (json) => view.onDraft({ ...draft, json }))
        : form === undefined
          ? nothing
          : renderForm({
              form,
              draft: draft.form,
              problems: view.problems,
              strings: options.strings,
              fileStatusOf: view.fileStatusOf,
              onChange: view.onForm,
              onFiles: (field, files) => view.onFiles(files, field.pointer),
            })
    }
    ${draft.json === undefined ? renderWhole(view) : nothing}
  `;
}

function renderTextBody(
  { prompt, inputKind }: TextInteraction,
  draft: DraftOf<'text'>,
  view: QuestionView,
): TemplateResult {
  const { strings } = view.options;
  const empty = { text: strings.typeFirst, any: strings.typeOrAddFile, files: strings.addFileFirst };
  return html`
    ${renderPrompt(prompt, view)}
    ${renderContentInput({
      id: 'answer',
      inputKind,
      accept: '',
      content: draft.content,
      fileStatus: view.fileStatusOf(ROOT_POINTER),
      label: strings.answerLabel,
      describedBy: describedBy(view, prompt),
      isInvalid: view.problems.has(ROOT_POINTER),
      isRequired: true,
      strings,
      onChange: (content) => view.onDraft({ ...draft, content }),
      onFiles: (files) => view.onFiles(files, ROOT_POINTER),
    })}
    ${renderWhole(view, empty[inputKind])}
  `;
}

function renderChoiceBody(
  interaction: ChoiceInteraction,
  draft: DraftOf<'choice'>,
  view: QuestionView,
): TemplateResult {
  const { prompt } = interaction;
  return html`
    ${renderPrompt(prompt, view)}
    ${renderChoices({
      interaction,
      selectedIds: draft.selectedIds,
      isInvalid: view.problems.has(ROOT_POINTER),
      options: view.options,
      labelledBy: hasPrompt(prompt, view) ? 'prompt' : 'who',
      describedBy: view.problems.has(ROOT_POINTER) ? 'problem' : nothing,
      onSelect: (selectedIds) => view.onDraft({ ...draft, selectedIds }),
      shown: view.shownChoices,
      onMore: view.onMoreChoices,
    })}
    ${renderWhole(view, view.options.strings.chooseFirst)}
  `;
}

function renderConsentBody(interaction: ConsentInteraction, view: QuestionView): TemplateResult {
  const { strings } = view.options;
  return html`
    <p class="prompt" part="prompt" id="prompt">${consentText(interaction, view.nodeTitle, strings)}</p>
    ${renderScope(interaction, strings)}
  `;
}

function renderConfirmBody(interaction: ConfirmInteraction, view: QuestionView): TemplateResult {
  const { prompt } = interaction;
  if (hasPrompt(prompt, view)) return html`${renderPrompt(prompt, view)}`;
  return html`<p class="prompt" part="prompt" id="prompt">
    ${confirmText(interaction, view.options.strings)}
  </p>`;
}

function renderUnknownBody(
  { prompt, payload, wireKind }: UnknownInteraction,
  draft: DraftOf<'unknown'>,
  view: QuestionView,
): TemplateResult {
  const { strings } = view.options;
  return html`
    ${renderPrompt(prompt, view)}
    <p class="hint">${strings.unknownQuestion(plainName(wireKind))}</p>
    <details class="request" ?open=${!hasPrompt(prompt, view)}>
      <summary>${strings.requestDetails}</summary>
      ${renderJson(payload, strings.requestDetails, strings)}
    </details>
    ${renderJsonField(draft.json, view, (json) => view.onDraft({ ...draft, json }))}
  `;
}

function renderJsonField(text: string, view: QuestionView, onChange: (text: string) => void): TemplateResult {
  const { strings } = view.options;
  const { problems } = view;
  const isBroken = problems.get(ROOT_POINTER)?.kind === 'json';
  const lines = isBroken ? [jsonProblemText(text, strings)] : problemLines(problems, strings);
  return html`
    ${renderJsonInput({
      text,
      label: strings.answerAsJson,
      describedBy: lines.length === 0 ? nothing : 'problem',
      isInvalid: lines.length > 0,
      onChange,
    })}
    ${
      lines.length === 0
        ? nothing
        : html`<div class="problem" id="problem" role="alert">
            ${lines.map((line) => html`<div dir="auto">${line}</div>`)}
          </div>`
    }
  `;
}

function renderPrompt(prompt: LLMContent, view: QuestionView): Rendered {
  const { options } = view;
  if (!hasPrompt(prompt, view)) return nothing;
  return html`<div class="prompt" part="prompt" id="prompt">
    ${renderContent(prompt, { ...options, isBare: true })}
  </div>`;
}

/** False for a prompt that is empty, or only repeats the title of the node, which the head of the card has. */
function hasPrompt(prompt: LLMContent, { nodeTitle }: QuestionView): boolean {
  const [part, ...others] = prompt.parts;
  if (part === undefined) return false;
  return others.length > 0 || part.text === undefined || !isSame(part.text, nodeTitle);
}

function isSame(text: string, title: string): boolean {
  return text.trim().toLowerCase() === title.trim().toLowerCase();
}

/** Renders the problem of the answer as a whole; `text` replaces its general wording. */
function renderWhole({ problems, options }: QuestionView, text?: string): Rendered {
  const problem = problems.get(ROOT_POINTER);
  if (problem === undefined) return nothing;
  return html`<p class="problem" id="problem" role="alert">
    ${text ?? problemText(problem, options.strings)}
  </p>`;
}

function describedBy(view: QuestionView, prompt: LLMContent): string | typeof nothing {
  const ids = [
    ...(hasPrompt(prompt, view) ? ['prompt'] : []),
    ...(view.problems.has(ROOT_POINTER) ? ['problem'] : []),
  ];
  return ids.length === 0 ? nothing : ids.join(' ');
}
