import { isLLMContent, type ContentPart, type LLMContent } from '../../protocol/content.js';
import { parseExactJson } from '../../protocol/values/exact-number.js';
import { NONE_OF_THE_ABOVE, type Answer, type Interaction } from '../../protocol/questions/interactions.js';
import {
  isFiniteNumber,
  isJsonObject,
  isSameJson,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import { hasSecrets, isSecretPlace, withoutSecrets } from '../../protocol/schema/secrets.js';
import type { Form } from '../form/model/fields.js';
import { draftOf, formValues, initialDraft, setValue, type FormDraft } from '../form/model/form-draft.js';
import { withUsableNames } from '../form/model/usable-names.js';
import { setFile } from '../form/model/file-value.js';
import { fieldAt } from '../form/model/schema-problems.js';
import { ROOT_POINTER, valueAt } from '../../protocol/schema/json-pointer.js';
import { checkForm, inexactProblem, isEmptyContent } from '../form/model/validate.js';
import type { FieldProblem, FieldProblems } from '../form/schema/field-problem.js';
import {
  checkReview,
  emptyReview,
  isBlankReview,
  parseReview,
  reviewDecisions,
  type ReviewDraft,
} from './review/review-draft.js';

/** The input of a form so far. */
export interface FormQuestionDraft {
  readonly kind: 'form';
  readonly form: FormDraft;
  /** The text of the JSON view; absent in the form view. */
  readonly json?: string;
}

/** The input of a question card so far; plain JSON, so that a host can store it. */
export type QuestionDraft =
  | FormQuestionDraft
  | { readonly kind: 'text'; readonly content: LLMContent }
  | { readonly kind: 'choice'; readonly selectedIds: readonly string[] }
  | { readonly kind: 'consent' }
  | { readonly kind: 'confirm' }
  | ReviewDraft
  | { readonly kind: 'unknown'; readonly json: string };

/** A draft as a host stores it. */
export type StoredDraft = QuestionDraft & {
  /** True when there is nothing in it that a person entered. */
  readonly isBlank?: true;
};

/** The draft that a card starts with. */
export function emptyDraft(interaction: Interaction, form: Form | undefined): QuestionDraft {
  switch (interaction.kind) {
    case 'form':
      return { kind: 'form', form: form === undefined ? draftOf({}) : initialDraft(form) };
    case 'text':
      return { kind: 'text', content: { role: 'user', parts: [] } };
    case 'choice':
      return { kind: 'choice', selectedIds: [] };
    case 'consent':
    case 'confirm':
      return { kind: interaction.kind };
    case 'review':
      return emptyReview(interaction.actions);
    case 'unknown':
      return { kind: 'unknown', json: '' };
  }
}

/**
 * Parses a draft that a host stored; undefined when it is not a draft, or one of another kind of question.
 */
export function parseDraft(interaction: Interaction, value: unknown): QuestionDraft | undefined {
  if (!isJsonObject(value) || value['kind'] !== interaction.kind) return undefined;
  const { content, selectedIds, json, form } = value;
  switch (interaction.kind) {
    case 'form':
      if (!isJsonObject(form) || !isJsonObject(form['values'])) return undefined;
      return {
        kind: 'form',
        form: {
          values: form['values'],
          typed: membersOf(form['typed'], isText),
          chosen: membersOf(form['chosen'], isFiniteNumber),
          ...(isJsonObject(form['names']) ? { names: membersOf(form['names'], isText) } : {}),
        },
        ...(isText(json) ? { json } : {}),
      };
    case 'text':
      return isLLMContent(content) ? { kind: 'text', content } : undefined;
    case 'choice': {
      if (!Array.isArray(selectedIds)) return undefined;
      const ids = new Set([NONE_OF_THE_ABOVE, ...interaction.choices.map((choice) => choice.id)]);
      return { kind: 'choice', selectedIds: selectedIds.filter((id: unknown) => isText(id) && ids.has(id)) };
    }
    case 'consent':
    case 'confirm':
      return { kind: interaction.kind };
    case 'review':
      return parseReview(interaction.actions, value['decisions']);
    case 'unknown':
      return isText(json) ? { kind: 'unknown', json } : undefined;
  }
}

function membersOf<Member>(
  value: unknown,
  isMember: (member: unknown) => member is Member,
): Readonly<Record<string, Member>> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Member & JsonValue] => isMember(entry[1])),
  );
}

/**
 * The draft that gives an answer again, as it was given before; undefined for an answer that needs no draft, or that the
 * question no longer takes.
 */
export function draftOfResponse(interaction: Interaction, response: JsonObject): QuestionDraft | undefined {
  switch (interaction.kind) {
    case 'text':
      return parseDraft(interaction, { kind: 'text', content: response['input'] ?? null });
    case 'choice': {
      const { selected } = response;
      const ids = isJsonObject(selected) ? selected['ids'] : undefined;
      const draft = parseDraft(interaction, { kind: 'choice', selectedIds: ids ?? null });
      return draft?.kind === 'choice' && draft.selectedIds.length > 0 ? draft : undefined;
    }
    case 'form':
      return { kind: 'form', form: draftOf(response) };
    case 'unknown':
      return { kind: 'unknown', json: JSON.stringify(response, null, 2) };
    case 'consent':
    case 'confirm':
    case 'review':
      return undefined;
  }
}

/**
 * The draft as a host may store it: without secrets, and with the statement that it is blank. `form`: the fields, when
 * the question is a form.
 */
export function draftToStore(
  draft: QuestionDraft,
  interaction: Interaction,
  form: Form | undefined,
): StoredDraft {
  const stored = withoutSecretInput(draft, interaction);
  return isBlank(stored, form) ? { ...stored, isBlank: true } : stored;
}

/** True if nothing was entered: the draft is what the card started with. */
export function isBlank(draft: QuestionDraft, form: Form | undefined): boolean {
  switch (draft.kind) {
    case 'form': {
      if (form === undefined) return false;
      const start = formValues(form, initialDraft(form));
      const entered = draft.json === undefined ? formValues(form, draft.form) : jsonObjectOf(draft.json);
      const typed = Object.values(draft.form.typed);
      return entered !== undefined && isSameJson(entered, start) && typed.every((text) => text.trim() === '');
    }
    case 'text':
      return isEmptyContent(draft.content);
    case 'choice':
      return draft.selectedIds.length === 0;
    case 'consent':
    case 'confirm':
      return true;
    case 'review':
      return isBlankReview(draft);
    case 'unknown':
      return draft.json.trim() === '';
  }
}

/**
 * The draft without secrets. The text of the JSON view may contain them, so its values are
 * stored instead; while it is no JSON, those of the form.
 */
function withoutSecretInput(draft: QuestionDraft, interaction: Interaction): QuestionDraft {
  if (draft.kind !== 'form' || interaction.kind !== 'form' || !hasSecrets(interaction.schema)) return draft;
  const { schema } = interaction;
  const edited = draft.json === undefined ? undefined : jsonObjectOf(draft.json);
  const form = edited === undefined ? withUsableNames(draft.form) : draftOf(edited);
  const typed = Object.entries(form.typed).filter(([pointer]) => !isSecretPlace(schema, pointer));
  return {
    kind: 'form',
    form: { ...form, values: withoutSecrets(form.values, schema), typed: Object.fromEntries(typed) },
  };
}

/** Checks a draft. The result is empty when it can be sent, apart from the check against the whole schema. */
export function checkDraft(draft: QuestionDraft, form: Form | undefined): FieldProblems {
  switch (draft.kind) {
    case 'form':
      if (draft.json !== undefined) return whole(jsonProblem(draft.json));
      return form === undefined ? whole(undefined) : checkForm(form, draft.form);
    case 'text':
      return whole(isEmptyContent(draft.content) ? { kind: 'required' } : undefined);
    case 'choice':
      return whole(draft.selectedIds.length === 0 ? { kind: 'required' } : undefined);
    case 'consent':
    case 'confirm':
      return whole(undefined);
    case 'review':
      return checkReview(draft);
    case 'unknown':
      return whole(jsonProblem(draft.json));
  }
}

/**
 * The answer that a draft gives; undefined for JSON that is not an object (see `checkDraft`), and for
 * consent.
 */
export function draftAnswer(draft: QuestionDraft, form: Form | undefined): Answer | undefined {
  switch (draft.kind) {
    case 'form': {
      const values =
        draft.json === undefined ? form && formValues(form, draft.form) : jsonObjectOf(draft.json);
      return values && { kind: 'form', values };
    }
    case 'text':
      return { kind: 'text', content: draft.content };
    case 'choice':
      return { kind: 'choice', selectedIds: draft.selectedIds };
    case 'consent':
      return undefined;
    case 'confirm':
      return { kind: 'confirm' };
    case 'review': {
      const decisions = reviewDecisions(draft);
      return decisions && { kind: 'review', decisions };
    }
    case 'unknown': {
      const response = jsonObjectOf(draft.json);
      return response && { kind: 'unknown', response };
    }
  }
}

/** Parses a JSON object; undefined for other text, and when parsing would change one of its numbers. */
function jsonObjectOf(text: string): JsonObject | undefined {
  const value = parseExactJson(text);
  return isJsonObject(value) ? value : undefined;
}

function jsonProblem(text: string): FieldProblem | undefined {
  if (text.trim() === '') return { kind: 'format', format: 'object' };
  const value = parseJson(text);
  if (value === undefined) return { kind: 'json' };
  return isJsonObject(value) ? inexactProblem(text) : { kind: 'format', format: 'object' };
}

function whole(problem: FieldProblem | undefined): FieldProblems {
  return problem === undefined ? new Map() : new Map([[ROOT_POINTER, problem]]);
}

/** The draft with another file, in the answer as a whole or in the field at a pointer. */
export function withPart(
  draft: QuestionDraft,
  form: Form | undefined,
  pointer: string,
  part: ContentPart,
): QuestionDraft {
  if (draft.kind === 'text') {
    return { ...draft, content: { ...draft.content, parts: [...draft.content.parts, part] } };
  }
  if (draft.kind !== 'form' || form === undefined) return draft;
  const field = fieldAt(form, draft.form, pointer);
  if (field?.kind === 'file') return { ...draft, form: setFile(form, draft.form, field, part) };
  const value = valueAt(draft.form.values, pointer);
  const content = isLLMContent(value) ? value : { role: 'user', parts: [] };
  const next = { ...content, parts: [...content.parts, part] };
  return { ...draft, form: setValue(form, draft.form, pointer, next as unknown as JsonValue) };
}

/**
 * The same draft in the other view: form or JSON. Undefined when its JSON is not an object, or has a number
 * that parsing would change.
 */
export function switchView(draft: FormQuestionDraft, form: Form): FormQuestionDraft | undefined {
  const shown = JSON.stringify(formValues(form, draft.form), null, 2);
  if (draft.json === undefined) return { ...draft, json: shown };
  const values = jsonObjectOf(draft.json);
  if (values === undefined) return undefined;
  // Typed text that is not a value yet is missing in the JSON; it is kept unless the JSON was edited.
  return { kind: 'form', form: shown === draft.json ? draft.form : draftOf(values) };
}
