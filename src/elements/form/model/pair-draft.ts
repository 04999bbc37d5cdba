import { valueAt } from '../../../protocol/schema/json-pointer.js';
import type { Field, Form, JsonField, NumberField, ObjectField, TextField } from './fields.js';
import { setText, setValue, textOf, without, withoutNullText, type FormDraft } from './form-draft.js';
import { emptyItem } from './form-values.js';
import { pairPointer, unusedKey, withPairNames } from './pair-names.js';

/** A draft with another member of a group, and the key of that member. */
export interface AddedPair {
  readonly draft: FormDraft;
  readonly key: string;
}

/** The draft with another member of a group, without a name, after the others. */
export function addPair(form: Form, draft: FormDraft, field: ObjectField): AddedPair {
  const value = valueAt(draft.values, field.pointer);
  const names = withPairNames(field, value, draft.names ?? {});
  const key = unusedKey(field, value, names);
  const named = { ...draft, names: { ...names, [pairPointer(field, key)]: '' } };
  const child = field.pairs?.valueField(key, '');
  const start = child === undefined ? null : emptyItem(child);
  const added = setValue(form, named, pairPointer(field, key), start);
  return { draft: child === undefined ? added : withoutNullText(added, child), key };
}

/** The draft with another name for a member of a group, which keeps its value and its position. */
export function renamePair(
  form: Form,
  draft: FormDraft,
  field: ObjectField,
  key: string,
  name: string,
): FormDraft {
  const pointer = pairPointer(field, key);
  const names = withPairNames(field, valueAt(draft.values, field.pointer), draft.names ?? {});
  const before = field.pairs?.valueField(key, names[pointer] ?? key);
  const after = field.pairs?.valueField(key, name);
  const renamed = { ...draft, names: { ...names, [pointer]: name } };
  if (before === undefined || after === undefined || before.kind === after.kind) return renamed;
  // The name can decide what the value is: then what was typed is read again.
  return isTyped(before) && isTyped(after) ? setText(form, renamed, after, textOf(before, draft)) : renamed;
}

function isTyped(field: Field): field is TextField | NumberField | JsonField {
  return field.kind === 'text' || field.kind === 'number' || field.kind === 'json';
}

/** The draft without a member of a group. */
export function removePair(form: Form, draft: FormDraft, field: ObjectField, key: string): FormDraft {
  const pointer = pairPointer(field, key);
  const { chosen = {}, names = {}, ...rest } = setValue(form, draft, pointer, undefined);
  const isGone = (other: string) => other === pointer;
  return { ...rest, chosen: without(chosen, isGone), names: without(names, isGone) };
}
