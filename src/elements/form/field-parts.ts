import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { ContentField, Field, Form } from './model/fields.js';
import { textOf, type FormDraft } from './model/form-draft.js';
import type { FieldProblem, FieldProblems } from './model/validate.js';
import type { FileNotes } from './files.js';
import { jsonProblemText, problemText } from './problem-text.js';
import type { PanelStrings } from '../strings/english.js';

type Rendered = TemplateResult | typeof nothing;

/** What the fields of a form are drawn from, and whom they tell. */
export interface FormView {
  readonly form: Form;
  readonly draft: FormDraft;
  readonly problems: FieldProblems;
  readonly strings: PanelStrings;
  readonly notesOf: (pointer: string) => FileNotes;
  readonly onChange: (draft: FormDraft, pointer: string) => void;
  readonly onFiles: (field: ContentField, files: readonly File[]) => void;
}

/** Id of a field's control; its hint and its problem have it as prefix. */
export function fieldId(field: Field): string {
  // Half a character, which JSON may hold, cannot be encoded.
  return `field${encodeURIComponent(field.pointer.replaceAll(/\p{Surrogate}/gu, '\ufffd'))}`;
}

/** Tells of a change at a field. */
export function change(view: FormView, field: Field, draft: FormDraft): void {
  view.onChange(draft, field.pointer);
}

/** “optional”, behind the label: what is not marked is required. */
export function renderOptional(field: Field, { strings }: FormView): Rendered {
  // In one piece with the space, which else is no part of the name that screen readers are told.
  return field.isRequired ? nothing : html`<span class="optional">${` ${strings.fieldOptional}`}</span>`;
}

/** What the schema says about a field. */
export function renderHint(field: Field, view: FormView): Rendered {
  const text = hintText(field, view);
  return text === '' ? nothing : html`<p class="hint" id="${fieldId(field)}-hint">${text}</p>`;
}

function hintText(field: Field, { strings }: FormView): string {
  if (field.kind !== 'number' || field.minimum === undefined || field.maximum === undefined) {
    return field.description;
  }
  const range = strings.numberRange(field.minimum, field.maximum);
  return field.description === '' ? range : `${field.description} · ${range}`;
}

/** What is wrong with a field. */
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

/** Ids of what describes a field, for `aria-describedby`. */
export function describedBy(field: Field, view: FormView): string | typeof nothing {
  const ids = [
    ...(hintText(field, view) === '' ? [] : [`${fieldId(field)}-hint`]),
    ...(view.problems.has(field.pointer) ? [`${fieldId(field)}-problem`] : []),
  ];
  return ids.length === 0 ? nothing : ids.join(' ');
}

/** For `aria-invalid`. */
export function isInvalid(field: Field, view: FormView): 'true' | typeof nothing {
  return view.problems.has(field.pointer) ? 'true' : nothing;
}

/** For `aria-required`. */
export function isRequired(field: Field): 'true' | typeof nothing {
  return field.isRequired ? 'true' : nothing;
}

/** Calls `then` after the element that renders `part` has rendered its pending changes. */
export function afterUpdate(part: Element, then: () => void): void {
  const root = part.getRootNode();
  if (root instanceof ShadowRoot && root.host instanceof LitElement) {
    void root.host.updateComplete.then(then);
  }
}
