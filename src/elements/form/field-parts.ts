import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { PanelStrings } from '../strings/english.js';
import type { FileStatus } from './files.js';
import type { ContentField, Field, FileField, Form } from './model/fields.js';
import { textOf, type FormDraft } from './model/form-draft.js';
import { offersNull } from './model/form-values.js';
import type { FieldProblem, FieldProblems } from './schema/field-problem.js';
import { inSlices } from './in-slices.js';
import { limitTexts } from './limit-texts.js';
import { isMarkdown } from '../content/markdown/is-markdown.js';
import { renderProse } from '../content/text-view.js';
import { jsonProblemText, problemText } from './problem-text.js';

type Rendered = TemplateResult | typeof nothing;

/** Props of a form, which all of its fields get. */
export interface FormView {
  readonly form: Form;
  readonly draft: FormDraft;
  readonly problems: FieldProblems;
  readonly strings: PanelStrings;
  readonly fileStatusOf: (pointer: string) => FileStatus;
  readonly onChange: (draft: FormDraft, pointer: string) => void;
  readonly onFiles: (field: ContentField | FileField, files: readonly File[]) => void;
}

/** Renders a field of any kind. */
export type RenderField = (field: Field, view: FormView) => TemplateResult;

/** Renders fields, also very many, which come and go: each keeps its elements, so that focus stays where it is. */
export function renderFields(
  fields: readonly Field[],
  view: FormView,
  renderField: RenderField,
): ReturnType<typeof inSlices> {
  return inSlices({
    items: fields,
    weightOf: fieldCount,
    keyOf: ({ pointer }) => pointer,
    render: (field) => renderField(field, view),
    // The first field with a problem gets focus.
    isUrgent: view.problems.size > 0,
  });
}

/** The number of fields that are drawn with a field. An option of a list takes a twentieth of the time of a field. */
function fieldCount(field: Field): number {
  if (field.kind === 'object') return field.fields.reduce((sum, child) => sum + fieldCount(child), 1);
  if (field.kind !== 'options') return 1;
  const { length } = field.options;
  return 1 + (field.isMultiple ? length : length / 20);
}

/** The id of a field's control, which is also the prefix of the ids of its hint and its problem. */
export function fieldId(field: Field): string {
  // Unpaired surrogates, which JSON may contain, cannot be encoded.
  return `field${encodeURIComponent(field.pointer.replaceAll(/\p{Surrogate}/gu, '\ufffd'))}`;
}

/**
 * The places of the fields whose control has something that is no value yet: of a date or a time that is not complete, the
 * browser says nothing but that there is something.
 */
export function unfinishedPlaces(form: ParentNode): readonly string[] {
  return [...form.querySelectorAll<HTMLInputElement>('.body input:not([hidden])')]
    .filter(({ id, validity }) => validity.badInput && id.startsWith('field'))
    .map(({ id }) => decodeURIComponent(id.slice('field'.length)));
}

/** Reports a change at a field. */
export function change(view: FormView, field: Field, draft: FormDraft): void {
  view.onChange(draft, field.pointer);
}

/** True for a field that a person has to fill in: one that may be null can be left empty. */
function mustBeFilled(field: Field): boolean {
  return field.isRequired && (!field.isNullable || offersNull(field));
}

/**
 * Renders `*` after the label of a field that has to be filled in, and words: “read-only”, “deprecated”, and “optional”
 * where no `*` elsewhere tells it apart.
 */
export function renderMarks(field: Field, view: FormView): Rendered {
  const words = renderWords(field, view);
  if (!isStarred(field) || isOnlyField(view)) return words;
  // Screen readers have it from the control, which groups and files do not have.
  const isHeard = field.kind === 'object' || field.kind === 'array' || field.kind === 'file';
  return html`<span class="star" aria-hidden="true"> *</span>${
      isHeard ? html`<span class="visually-hidden mark">${` ${view.strings.fieldRequired}`}</span>` : nothing
    }${words}`;
}

/** True for a form of one field: there is nothing to tell apart. */
export function isOnlyField({ form }: FormView): boolean {
  return form.kind === 'object' && form.fields.length === 1 && form.pairs === undefined;
}

/** True for a field whose label has a `*`. What a person adds to a list is there to be filled in anyway. */
function isStarred(field: Field): boolean {
  if (field.isReadOnly || field.isItem === true || !mustBeFilled(field)) return false;
  switch (field.kind) {
    case 'boolean':
      return field.isNullable;
    case 'object':
      return false;
    case 'array':
      return (field.minItems ?? 0) > 0;
    case 'text':
      return field.mayBeEmpty !== true;
    default:
      return true;
  }
}

/** True for an optional group in which fields have a `*`, or for the only field of a form. */
function isNamedOptional(field: Field, view: FormView): boolean {
  if (field.isReadOnly || (field.kind === 'boolean' && !field.isNullable) || mustBeFilled(field))
    return false;
  return isOnlyField(view)
    ? view.form.kind === 'object' && view.form.fields[0]?.pointer === field.pointer
    : hasStars(field);
}

function hasStars(field: Field): boolean {
  return field.kind === 'object' && field.fields.some((child) => isStarred(child) || hasStars(child));
}

function renderWords(field: Field, view: FormView): Rendered {
  const { strings } = view;
  const marks = [
    ...(isNamedOptional(field, view) ? [strings.fieldOptional] : []),
    ...(field.isReadOnly ? [strings.fieldReadOnly] : []),
    ...(field.isDeprecated ? [strings.fieldDeprecated] : []),
  ];
  // In one text with the space, which screen readers would otherwise drop from the name.
  return marks.length === 0 ? nothing : html`<span class="mark">${` ${marks.join(' · ')}`}</span>`;
}

/** Renders the description of a field, and its limits. */
export function renderHint(field: Field, view: FormView): Rendered {
  const { description } = field;
  const limits = limitTexts(field, view.strings).join(' · ');
  if (!hasHint(field, view)) return nothing;
  // The limits stand in the line of the description, but are no Markdown.
  const isOneLine = limits !== '' && !isMarkdown(description);
  const line = description === '' || limits === '' ? description + limits : `${description} · ${limits}`;
  return html`<div class="hint" id="${fieldId(field)}-hint">
    ${
      isOneLine
        ? html`<p dir="auto">${line}</p>`
        : html`${renderProse(description, view)}${limits === '' ? nothing : html`<p>${limits}</p>`}`
    }
  </div>`;
}

function hasHint(field: Field, { strings }: FormView): boolean {
  return field.description !== '' || limitTexts(field, strings).length > 0;
}

/** Renders the problem of a field. */
export function renderProblem(field: Field, view: FormView): Rendered {
  const problem = view.problems.get(field.pointer);
  if (problem === undefined) return nothing;
  return html`<p class="problem" id="${fieldId(field)}-problem">${textOfProblem(problem, field, view)}</p>`;
}

function textOfProblem(problem: FieldProblem, field: Field, { draft, strings }: FormView): string {
  return problem.kind === 'json'
    ? jsonProblemText(textOf(field, draft), strings)
    : problemText(problem, strings);
}

/** The ids of the elements that describe a field, for `aria-describedby`. */
export function describedBy(field: Field, view: FormView): string | typeof nothing {
  const ids = [
    ...(!hasHint(field, view) ? [] : [`${fieldId(field)}-hint`]),
    ...(view.problems.has(field.pointer) ? [`${fieldId(field)}-problem`] : []),
  ];
  return ids.length === 0 ? nothing : ids.join(' ');
}

/** The value of `aria-invalid`. */
export function isInvalid(field: Field, view: FormView): 'true' | typeof nothing {
  return view.problems.has(field.pointer) ? 'true' : nothing;
}

/** The value of `aria-required`. */
export function isRequired(field: Field): 'true' | typeof nothing {
  return mustBeFilled(field) ? 'true' : nothing;
}

/** Calls `then` after the element that renders `part` has rendered its pending changes. */
export function afterUpdate(part: Element, then: () => void): void {
  const root = part.getRootNode();
  if (root instanceof ShadowRoot && root.host instanceof LitElement) {
    void root.host.updateComplete.then(then);
  }
}
