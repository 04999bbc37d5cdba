import { isSameJson, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { memberOf, valueAt } from '../../../protocol/schema/json-pointer.js';
import { formFields, type AnswerSoFar } from './fields-from-schema.js';
import type { Field, Form } from './fields.js';
import { pairsIn } from './pair-names.js';
import { hasConditions } from '../schema/conditions.js';
import { chosenVariant, formValues, itemsAt, setValue, type FormDraft } from './form-draft.js';
import { startOf } from './form-values.js';
import type { VariantName } from '../schema/schema-alternatives.js';
import type { SchemaCheck } from '../schema/schema-check.js';

/** The source of a form. */
export interface FormSource {
  readonly schema: JsonObject;
  /** The label of each top-level field whose schema states an empty title and no description. */
  readonly title: string;
  readonly variantName?: VariantName;
  /** Undefined until the check is loaded: the form has then only the fields that are always there. */
  readonly check: SchemaCheck | undefined;
}

/** Times that the fields of a form are determined again, because those that just became due may make others due. */
const MAX_ROUNDS = 10;

/**
 * Makes the form of a schema for a draft: with the fields that the conditions of the schema ask for, given the answer of
 * the draft, which counts without the members that no condition asks for. Where conditions contradict each other, so
 * that no answer has exactly what they ask for, the form has the fields of all of them.
 */
export function dueForm(source: FormSource, draft: FormDraft): Form {
  const { schema, check } = source;
  if (check === undefined || !hasConditions(schema)) return plainForm(source);
  const fits = check.fitsIn(schema, draft.values);
  let form = makeForm(source, { values: draft.values, deciding: { fits, branches: 'none' } });
  let values = formValues(form, draft);
  for (let round = 0; round <= MAX_ROUNDS; round += 1) {
    form = makeForm(source, { values, deciding: { fits, branches: round < MAX_ROUNDS ? 'due' : 'all' } });
    const next = formValues(form, draft);
    if (isSameJson(next, values)) break;
    values = next;
  }
  return form;
}

/** The form with the fields that are always there. */
export function plainForm(source: FormSource): Form {
  return makeForm(source, { values: {}, deciding: undefined });
}

function makeForm({ schema, title, variantName }: FormSource, answer: AnswerSoFar): Form {
  return formFields(schema, title, variantName, answer);
}

/** A draft and the form that is due for it. */
export interface DueDraft {
  readonly form: Form;
  readonly draft: FormDraft;
}

/**
 * Makes the form for a draft, and gives each field that `before` did not show its start value, unless it has one from
 * an earlier time when it was due.
 */
export function settleDraft(source: FormSource, before: Form, draft: FormDraft): DueDraft {
  if (!hasConditions(source.schema)) return { form: before, draft };
  let form = dueForm(source, draft);
  let settled = draft;
  const shown = new Set(shownFields(before, draft).keys());
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = withStartValues(form, settled, shown);
    if (next === settled) break;
    settled = next;
    form = dueForm(source, settled);
  }
  return { form, draft: settled };
}

/** Starts the fields that are not in `shown`, and adds them to it. */
function withStartValues(form: Form, draft: FormDraft, shown: Set<string>): FormDraft {
  let next = draft;
  for (const [pointer, field] of shownFields(form, draft)) {
    if (shown.has(pointer)) continue;
    shown.add(pointer);
    if (valueAt(next.values, pointer) !== undefined || next.typed[pointer] !== undefined) continue;
    const value = startOf(field);
    if (value !== undefined) next = setValue(form, next, pointer, value);
  }
  return next;
}

/** The fields of the groups and lists that have a value, members that a person named included, by pointer, outer ones first. */
function shownFields(form: Form, draft: FormDraft): ReadonlyMap<string, Field> {
  const shown = new Map<string, Field>();
  const visit = (field: Field, value: JsonValue | undefined) => {
    if (field.kind === 'variant') {
      const variant = field.variants[chosenVariant(field, draft) ?? -1];
      if (variant !== undefined) visit(variant.field, value);
      return;
    }
    shown.set(field.pointer, field);
    if (value === undefined) return;
    if (field.kind === 'object') {
      for (const child of field.fields) visit(child, memberOf(value, child.name));
      for (const { key, name } of pairsIn(field, value, draft.names)) {
        const member = field.pairs?.valueField(key, name);
        if (member !== undefined) visit(member, memberOf(value, key));
      }
    }
    if (field.kind === 'array') {
      itemsAt(draft, field.pointer).forEach((item, index) => visit(field.itemAt(index), item));
    }
  };
  visit(form, draft.values);
  return shown;
}
