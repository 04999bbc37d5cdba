import type { Field, Form } from './fields.js';
import { chosenVariant, type FormDraft } from './form-draft.js';
import { pointerKeys, ROOT_POINTER } from '../../../protocol/schema/json-pointer.js';
import type { FieldProblem, FieldProblems } from './validate.js';

/**
 * Moves the problems that the whole schema has found in the values of a draft to the fields that the form
 * shows: a problem deeper inside of a field's value becomes one of kind `inside`. Keeps the first of each
 * field.
 */
export function problemsAtFields(found: FieldProblems, form: Form, draft: FormDraft): FieldProblems {
  const problems = new Map<string, FieldProblem>();
  for (const [pointer, problem] of found) {
    const keys = pointerKeys(pointer);
    const depth = shownDepth(form, draft, keys);
    const place =
      depth === 0
        ? ROOT_POINTER
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

/** How many keys of a pointer lead to a field that is shown; the remaining ones lead into its value. */
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
