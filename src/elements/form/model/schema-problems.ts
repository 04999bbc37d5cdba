import type { JsonObject } from '../../../protocol/json.js';
import type { Field, Form } from './fields.js';
import { chosenVariant, type FormDraft } from './form-draft.js';
import { pointerKeys } from './resolve-schema.js';
import type { FieldProblem, FieldProblems } from './validate.js';
import { draftAnswer, WHOLE, type FormQuestionDraft } from '../../question/question-draft.js';
import type { SchemaCheck } from './schema-check.js';

/** What the whole schema finds wrong with a draft, at the fields that are shown; in the JSON view, each at its own place. */
export function checkAgainstSchema(
  check: SchemaCheck,
  schema: JsonObject,
  form: Form,
  draft: FormQuestionDraft,
): FieldProblems {
  const answer = draftAnswer(draft, form);
  if (answer?.kind !== 'form') return new Map();
  const found = check(schema, answer.values);
  if (draft.json !== undefined) return found;
  const problems = new Map<string, FieldProblem>();
  for (const [pointer, problem] of found) {
    const keys = pointerKeys(pointer);
    const depth = shownDepth(form, draft.form, keys);
    const place =
      depth === 0
        ? WHOLE
        : pointer
            .split('/')
            .slice(0, depth + 1)
            .join('/');
    const path = keys.slice(depth);
    if (!problems.has(place)) {
      problems.set(place, path.length === 0 ? problem : { kind: 'inside', path, problem });
    }
  }
  return problems;
}

/** How many keys of a pointer lead to a field that is shown; the rest is inside of its value. */
function shownDepth(form: Form, draft: FormDraft, keys: readonly string[]): number {
  let field: Field | undefined = form;
  for (const [depth, key] of keys.entries()) {
    field = childOf(field, draft, key);
    if (field === undefined) return depth;
  }
  return keys.length;
}

function childOf(field: Field, draft: FormDraft, key: string): Field | undefined {
  if (field.kind === 'object') return field.fields.find(({ name }) => name === key);
  if (field.kind === 'array') return field.itemAt(Number(key));
  if (field.kind !== 'variant') return undefined;
  const variant = field.variants[chosenVariant(field, draft) ?? -1];
  return variant === undefined ? undefined : childOf(variant.field, draft, key);
}
