import type { Field, Form } from './fields.js';
import { explainNone } from '../schema/explain-problem.js';
import { chosenVariant, type FormDraft } from './form-draft.js';
import { pointerKeys, ROOT_POINTER } from '../../../protocol/schema/json-pointer.js';
import { draftPointer, pairPointer } from './pair-names.js';
import type { FieldProblem, FieldProblems } from '../schema/field-problem.js';

/**
 * Moves the problems that the whole schema has found in the values of a draft to the fields that the form
 * shows: a problem deeper inside of a field's value becomes one of kind `inside`. Keeps the first of each
 * field. Of a value with variants, the problems are those of the chosen one.
 */
export function problemsAtFields(found: FieldProblems, form: Form, draft: FormDraft): FieldProblems {
  const problems = new Map<string, FieldProblem>();
  const rest = [...found].reverse();
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const [sentPointer, problem] = next;
    const pointer = draftPointer(sentPointer, draft.names);
    const keys = pointerKeys(pointer);
    const { field, depth } = shownField(form, draft, keys);
    const chosen =
      depth === keys.length && field.kind === 'variant' ? chosenVariant(field, draft) : undefined;
    const simpler = problem.kind === 'none' ? explainNone(sentPointer, problem, chosen) : undefined;
    if (simpler !== undefined) {
      rest.push(...[...simpler].reverse());
      continue;
    }
    const place =
      depth === 0
        ? ROOT_POINTER
        : pointer
            .split('/')
            .slice(0, depth + 1)
            .join('/');
    const path = keys.slice(depth);
    if (problems.has(place)) continue;
    const named = withLabels(problem, field, draft);
    problems.set(place, path.length === 0 ? named : { kind: 'inside', path, problem: named });
  }
  return problems;
}

/** The field that is shown at a pointer of a draft; undefined when there is none. */
export function fieldAt(form: Form, draft: FormDraft, pointer: string): Field | undefined {
  const keys = pointerKeys(pointer);
  const { field, depth } = shownField(form, draft, keys);
  if (depth < keys.length) return undefined;
  return field.kind === 'variant' ? field.variants[chosenVariant(field, draft) ?? -1]?.field : field;
}

/** The innermost shown field on the way of a pointer, and how many keys lead to it; the others lead into its value. */
function shownField(
  form: Form,
  draft: FormDraft,
  keys: readonly string[],
): { readonly field: Field; readonly depth: number } {
  let field: Field = form;
  for (const [depth, key] of keys.entries()) {
    const child = childOf(field, draft, key);
    if (child === undefined) return { field, depth };
    field = child;
  }
  return { field, depth: keys.length };
}

function childOf(field: Field, draft: FormDraft, key: string): Field | undefined {
  if (field.kind === 'object') {
    const fixed = field.fields.find(({ name }) => name === key);
    return fixed ?? field.pairs?.valueField(key, draft.names?.[pairPointer(field, key)] ?? key);
  }
  if (field.kind === 'array') return field.itemAt(Number(key));
  if (field.kind !== 'variant') return undefined;
  const variant = field.variants[chosenVariant(field, draft) ?? -1];
  return variant === undefined ? undefined : childOf(variant.field, draft, key);
}

/** The problem with the labels of the fields that it names. */
function withLabels(problem: FieldProblem, field: Field, draft: FormDraft): FieldProblem {
  const label = (name: string) => childOf(field, draft, name)?.label ?? name;
  switch (problem.kind) {
    case 'several':
    case 'together':
      return { ...problem, names: problem.names.map(label) };
    case 'missing':
      return { ...problem, groups: problem.groups.map((names) => names.map(label)) };
    default:
      return problem;
  }
}
