import { isJsonObject, isSameJson, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import type {
  ArrayField,
  Field,
  Form,
  ObjectField,
  JsonField,
  NumberField,
  OptionsField,
  TextField,
  VariantField,
} from './fields.js';
import {
  clearedItem,
  closeGaps,
  emptyItem,
  objectOf,
  startOf,
  startOfObject,
  withImpliedValues,
  type Chosen,
  type DraftState,
} from './form-values.js';
import { memberOf, pointerKeys, valueAt } from '../../../protocol/schema/json-pointer.js';
import { namedValues, pairPointer, withPairNames, type Names } from './pair-names.js';
import { parseText, showValue, type DecimalMark } from './typed-text.js';
import { carryOver, carryOverTexts, variantIndex } from './variant-fit.js';

/**
 * The input of a form so far; plain JSON, so that it can be stored.
 *
 * `values` is the source of truth: members that no field shows are kept, and an untouched field keeps
 * its exact value. `typed` is the text of fields whose value is not a text, as typed, by
 * JSON pointer: `1.` stays `1.` although its value is 1, and `abc` is kept although it has no value.
 */
export interface FormDraft {
  readonly values: JsonObject;
  readonly typed: Readonly<Record<string, string>>;
  /** The shown variant of each `VariantField`, by JSON pointer; where it is absent, the value decides. */
  readonly chosen?: Chosen;
  /** The names of members that a person named; the values have them under keys of their own. */
  readonly names?: Names;
}

/** The draft that a form starts with: its defaults. */
export function initialDraft(form: Form): FormDraft {
  return draftOf(objectOf(startOf(form)));
}

/** The draft that shows these values. */
export function draftOf(values: JsonObject): FormDraft {
  return { values, typed: {} };
}

/**
 * The values of the answer that a draft gives: as entered, plus `false` for an unticked box and `[]` for an
 * empty list.
 */
export function formValues(form: Form, draft: FormDraft): JsonObject {
  return namedValues(keyedValues(form, draft), draft.names);
}

/** The same with the keys of the draft, and not the names that a person gave. */
export function keyedValues(form: Form, draft: FormDraft): JsonObject {
  return objectOf(withImpliedValues(form, draft.values, draft));
}

/** The draft with another value at a field; undefined empties the field. */
export function setValue(
  form: Form,
  draft: FormDraft,
  pointer: string,
  value: JsonValue | undefined,
): FormDraft {
  // A variant that a person has started to fill in stays shown, even if the value would fit another one
  // better.
  const isBelow = (other: string) => other.startsWith(`${pointer}/`);
  const state: ChangedState = { chosen: { ...draft.chosen }, names: without(draft.names ?? {}, isBelow) };
  const values = replaced(form, draft.values, pointerKeys(pointer), value, state);
  return {
    values: objectOf(values),
    typed: without(draft.typed, (other) => other === pointer || isBelow(other)),
    ...stateOf({ ...state, chosen: value === undefined ? without(state.chosen, isBelow) : state.chosen }),
  };
}

/** The parts of a draft that change along with a value. */
interface ChangedState {
  readonly chosen: Record<string, number>;
  names: Names;
}

/** Absent where nothing was chosen or named: most forms have nothing of the kind. */
function stateOf({ chosen = {}, names = {} }: DraftState): DraftState {
  return {
    ...(Object.keys(chosen).length === 0 ? {} : { chosen }),
    ...(Object.keys(names).length === 0 ? {} : { names }),
  };
}

/**
 * The draft with another variant of a `VariantField`: its start values, plus the values already entered that
 * it has fields for. An `index` of undefined means no answer.
 */
export function chooseVariant(
  form: Form,
  draft: FormDraft,
  field: VariantField,
  index: number | undefined,
): FormDraft {
  const from = field.variants[chosenVariant(field, draft) ?? -1]?.field;
  const to = field.variants[index ?? -1]?.field;
  const value = to && carryOver(from, to, valueAt(draft.values, field.pointer), startOf(to));
  const next = setValue(form, draft, field.pointer, value);
  const chosen = without(
    next.chosen ?? {},
    (other) => other === field.pointer || other.startsWith(`${field.pointer}/`),
  );
  return {
    values: next.values,
    typed: { ...next.typed, ...carryOverTexts(from, to, draft.typed) },
    ...stateOf({ ...next, chosen: index === undefined ? chosen : { ...chosen, [field.pointer]: index } }),
  };
}

/** The variant of a `VariantField` that a draft shows; undefined when there is no answer. */
export function chosenVariant(field: VariantField, draft: FormDraft): number | undefined {
  return variantIndex(field, valueAt(draft.values, field.pointer), draft.chosen);
}

/**
 * The draft after a person typed into a field for a text, a number or JSON. `decimalMark` is the character
 * before the decimals of a number.
 */
export function setText(
  form: Form,
  draft: FormDraft,
  field: TextField | NumberField | JsonField,
  text: string,
  decimalMark: DecimalMark = '.',
): FormDraft {
  const value = parseText(field, text, decimalMark);
  const next = setValue(form, draft, field.pointer, value);
  // What is shown while a person types is what was typed, also where another mark would be usual.
  // An item that is emptied is null, and must not be filled with that word.
  if (showValue(field, valueAt(next.values, field.pointer), decimalMark) === text) return next;
  return { ...next, typed: { ...next.typed, [field.pointer]: text } };
}

/** The text that a field shows, with this mark in a number that was not typed. */
export function textOf(field: Field, draft: FormDraft, decimalMark: DecimalMark = '.'): string {
  return draft.typed[field.pointer] ?? showValue(field, valueAt(draft.values, field.pointer), decimalMark);
}

/** The draft with another, empty item at the end of a list. */
export function addItem(form: Form, draft: FormDraft, field: ArrayField): FormDraft {
  const count = Math.max(itemsAt(draft, field.pointer).length, field.placeCount);
  const added = setValue(form, draft, `${field.pointer}/${count}`, undefined);
  return withoutNullText(added, field.itemAt(count));
}

/** The draft in which a field for JSON that has just been added is empty, and not filled with “null”. */
export function withoutNullText(draft: FormDraft, field: Field): FormDraft {
  if (field.kind !== 'json' || valueAt(draft.values, field.pointer) !== null) return draft;
  return { ...draft, typed: { ...draft.typed, [field.pointer]: '' } };
}

/** The draft without one item of a list; text typed into later items moves up with them. */
export function removeItem(form: Form, draft: FormDraft, field: ArrayField, index: number): FormDraft {
  const { pointer } = field;
  const others = itemsAt(draft, pointer).filter((_item, position) => position !== index);
  const items = field.placeCount === 0 ? others : withoutEmptyPlaces(field, others);
  return withItems(form, draft, pointer, items, (position) =>
    position === index ? undefined : position - (position > index ? 1 : 0),
  );
}

/** The draft with an item of a list at another position; text typed into the items moves with them. */
export function moveItem(form: Form, draft: FormDraft, pointer: string, from: number, to: number): FormDraft {
  const items = [...itemsAt(draft, pointer)];
  if (items[from] === undefined || items[to] === undefined) return draft;
  items.splice(to, 0, ...items.splice(from, 1));
  return withItems(form, draft, pointer, items, (position) => {
    if (position === from) return to;
    if (from < position && position <= to) return position - 1;
    return to <= position && position < from ? position + 1 : position;
  });
}

function withItems(
  form: Form,
  draft: FormDraft,
  pointer: string,
  items: readonly JsonValue[] | undefined,
  placeOf: (position: number) => number | undefined,
): FormDraft {
  return {
    values: setValue(form, draft, pointer, items).values,
    typed: moved(draft.typed, pointer, placeOf),
    ...stateOf({
      chosen: moved(draft.chosen ?? {}, pointer, placeOf),
      names: moved(draft.names ?? {}, pointer, placeOf),
    }),
  };
}

/** A record by pointer, after the items of a list have moved to other positions or were removed. */
function moved<Value>(
  record: Readonly<Record<string, Value>>,
  pointer: string,
  placeOf: (position: number) => number | undefined,
): Readonly<Record<string, Value>> {
  const next: Record<string, Value> = {};
  for (const [key, value] of Object.entries(record)) {
    if (!key.startsWith(`${pointer}/`)) {
      next[key] = value;
      continue;
    }
    const [position = '', ...rest] = key.slice(pointer.length + 1).split('/');
    const place = placeOf(Number(position));
    if (place !== undefined) next[[pointer, place, ...rest].join('/')] = value;
  }
  return next;
}

/** The items of a list; none while it has no value. */
export function itemsAt(draft: FormDraft, pointer: string): readonly JsonValue[] {
  const value = valueAt(draft.values, pointer);
  return Array.isArray(value) ? value : [];
}

/** True when a value is the selected option of a field, or one of several. An option can be a list itself. */
export function isSelected(
  draft: FormDraft,
  { pointer, isMultiple }: OptionsField,
  option: JsonValue,
): boolean {
  const value = valueAt(draft.values, pointer);
  if (value === undefined) return false;
  const selected = isMultiple && Array.isArray(value) ? value : [value];
  return selected.some((item: JsonValue) => isSameJson(item, option));
}

function replaced(
  field: Field,
  current: JsonValue | undefined,
  keys: readonly string[],
  value: JsonValue | undefined,
  state: ChangedState,
): JsonValue | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (field.kind === 'variant') {
    const index = variantIndex(field, current, state.chosen) ?? 0;
    state.chosen[field.pointer] = index;
    const variant = field.variants[index];
    return variant === undefined ? current : replaced(variant.field, current, keys, value, state);
  }
  if (field.kind === 'object') {
    const base = isJsonObject(current) ? current : startOfObject(field);
    const child = field.fields.find((candidate) => candidate.name === key) ?? pairAt(field, base, key, state);
    if (child === undefined) return base;
    const next = replaced(child, memberOf(base, key), rest, value, state);
    const object = next === undefined ? without(base, (name) => name === key) : { ...base, [key]: next };
    // An optional group is omitted again when it is empty again; one with a default starts with a value.
    const isEmpty = !isJsonObject(field.defaultValue) && isSameJson(object, startOfObject(field));
    return isEmpty && !field.isRequired ? undefined : object;
  }
  if (field.kind === 'array') {
    const items: readonly JsonValue[] = Array.isArray(current) ? current : [];
    const index = Number(key);
    const next = replaced(field.itemAt(index), items[index], rest, value, state);
    return next === undefined && index < field.placeCount && index >= items.length - 1
      ? withoutEmptyPlaces(field, items.slice(0, index))
      : withItemAt(field, items, index, next);
  }
  return current;
}

/** The field for the value of a member that a person names; from now on the draft has its name. */
function pairAt(field: ObjectField, value: JsonObject, key: string, state: ChangedState): Field | undefined {
  state.names = withPairNames(field, value, state.names);
  return field.pairs?.valueField(key, state.names[pairPointer(field, key)] ?? key);
}

function withItemAt(
  field: ArrayField,
  items: readonly JsonValue[],
  index: number,
  item: JsonValue | undefined,
): readonly JsonValue[] {
  const before = Array.from({ length: index }, (_, position) => items[position]);
  const empty = index < items.length ? clearedItem : emptyItem;
  const next = item === undefined ? empty(field.itemAt(index)) : item;
  return closeGaps(field, [...before, next, ...items.slice(index + 1)]);
}

/** The items without the empty ones at the end, when these are places: a shorter list. Undefined for an optional list of none. */
function withoutEmptyPlaces(
  field: ArrayField,
  items: readonly JsonValue[],
): readonly JsonValue[] | undefined {
  const isEmpty = (item: JsonValue, index: number) =>
    index < field.placeCount && (item === '' || (item === null && !field.itemAt(index).isNullable));
  const length = items.reduce((kept: number, item, index) => (isEmpty(item, index) ? kept : index + 1), 0);
  return length === 0 && !field.isRequired ? undefined : items.slice(0, length);
}

/** A record without some of its members. */
export function without<Value>(
  record: Readonly<Record<string, Value>>,
  isDropped: (key: string) => boolean,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !isDropped(key)));
}
