import { isLLMContent, textContent } from '../../../protocol/content.js';
import {
  isJsonObject,
  isSameJson,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/json.js';
import type { Field, Form, JsonField, NumberField, ObjectField, TextField, VariantField } from './fields.js';
import { isExactNumber, parseExactJson } from '../../content/exact-number.js';
import { memberOf, pointerKeys, valueAt } from './resolve-schema.js';
import { carried, carriedTexts } from './form-carried.js';
import { fitOf, variantIndex } from './variant-fit.js';

/**
 * What a person has put into a form so far; plain JSON, so that it can be stored.
 *
 * `values` is the truth: members that no field shows are kept, and a field that is not touched keeps
 * its value exactly. `typed` is the text of fields whose value is not a text, as it was typed, by
 * JSON pointer: `1.` stays `1.` although its value is 1, and `abc` is kept although it has no value.
 */
export interface FormDraft {
  readonly values: JsonObject;
  readonly typed: Readonly<Record<string, string>>;
  /** Which form of a `VariantField` is shown, by JSON pointer; where it is absent, the value says. */
  readonly chosen?: Chosen;
}

/** Positions in the variants of fields, by JSON pointer. */
export type Chosen = Readonly<Record<string, number>>;

/** The draft that a form starts with: its defaults. */
export function initialDraft(form: Form): FormDraft {
  return draftOf(objectOf(startOf(form)));
}

/** The draft that shows these values. */
export function draftOf(values: JsonObject): FormDraft {
  return { values, typed: {} };
}

/** The values that a draft answers with: as entered, and with what an unticked box or an empty list means. */
export function formValues(form: Form, draft: FormDraft): JsonObject {
  return objectOf(completed(form, draft.values, draft.chosen));
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The draft with another value at a field; undefined empties the field. */
export function setValue(
  form: Form,
  draft: FormDraft,
  pointer: string,
  value: JsonValue | undefined,
): FormDraft {
  // A form that a person has begun to fill in stays, however well the value would fit another one.
  const chosen: Record<string, number> = { ...draft.chosen };
  const values = replaced(form, draft.values, pointerKeys(pointer), value, chosen);
  const isBelow = (other: string) => other.startsWith(`${pointer}/`);
  return {
    values: objectOf(values),
    typed: without(draft.typed, (other) => other === pointer || isBelow(other)),
    ...chosenOf(value === undefined ? without(chosen, isBelow) : chosen),
  };
}

/** Absent where nothing was chosen: most forms have nothing to choose. */
function chosenOf(chosen: Chosen): { readonly chosen?: Chosen } {
  return Object.keys(chosen).length === 0 ? {} : { chosen };
}

/**
 * The draft with another form of a `VariantField`: as that starts, with what was entered already and has
 * its place there, too. Undefined: no answer.
 */
export function chooseVariant(
  form: Form,
  draft: FormDraft,
  field: VariantField,
  index: number | undefined,
): FormDraft {
  const from = field.variants[chosenVariant(field, draft) ?? -1]?.field;
  const to = field.variants[index ?? -1]?.field;
  const value = to && carried(from, to, valueAt(draft.values, field.pointer), startOf(to));
  const next = setValue(form, draft, field.pointer, value);
  const chosen = without(
    next.chosen ?? {},
    (other) => other === field.pointer || other.startsWith(`${field.pointer}/`),
  );
  return {
    values: next.values,
    typed: { ...next.typed, ...carriedTexts(from, to, draft.typed) },
    ...chosenOf(index === undefined ? chosen : { ...chosen, [field.pointer]: index }),
  };
}

/** Which form of a `VariantField` a draft shows; undefined: none, for there is no answer. */
export function chosenVariant(field: VariantField, draft: FormDraft): number | undefined {
  return variantIndex(field, valueAt(draft.values, field.pointer), draft.chosen);
}

/**
 * The draft after a person typed into a field that holds a text, a number or JSON. `decimalMark` is what stands
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
  if (text === '' || showValue(field, value) === text) return next;
  return { ...next, typed: { ...next.typed, [field.pointer]: text } };
}

/** The text that a field shows. */
export function textOf(field: Field, draft: FormDraft): string {
  return draft.typed[field.pointer] ?? showValue(field, valueAt(draft.values, field.pointer));
}

/** The draft with an empty item more in a list. */
export function addItem(form: Form, draft: FormDraft, pointer: string): FormDraft {
  const items = itemsAt(draft, pointer);
  return setValue(form, draft, `${pointer}/${items.length}`, undefined);
}

/** The draft without one item of a list; what was typed into the items after it moves up with them. */
export function removeItem(form: Form, draft: FormDraft, pointer: string, index: number): FormDraft {
  const items = itemsAt(draft, pointer).filter((_item, position) => position !== index);
  return withItems(form, draft, pointer, items, (position) =>
    position === index ? undefined : position - (position > index ? 1 : 0),
  );
}

/** The draft with an item of a list at another place; what was typed into the items goes with them. */
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
  items: readonly JsonValue[],
  placeOf: (position: number) => number | undefined,
): FormDraft {
  return {
    values: setValue(form, draft, pointer, items).values,
    typed: moved(draft.typed, pointer, placeOf),
    ...chosenOf(moved(draft.chosen ?? {}, pointer, placeOf)),
  };
}

/** What is kept by pointer, after the items of a list have other places, or none any more. */
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

/** What an `OptionsField` of several has selected. */
export function isSelected(draft: FormDraft, pointer: string, option: JsonValue): boolean {
  const value = valueAt(draft.values, pointer);
  if (value === undefined) return false;
  return (Array.isArray(value) ? value : [value]).some((item: JsonValue) => isSameJson(item, option));
}

function replaced(
  field: Field,
  current: JsonValue | undefined,
  keys: readonly string[],
  value: JsonValue | undefined,
  chosen: Record<string, number>,
): JsonValue | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (field.kind === 'variant') {
    const index = variantIndex(field, current, chosen) ?? 0;
    chosen[field.pointer] = index;
    const variant = field.variants[index];
    return variant === undefined ? current : replaced(variant.field, current, keys, value, chosen);
  }
  if (field.kind === 'object') {
    const base = isJsonObject(current) ? current : startOfObject(field);
    const child = field.fields.find((candidate) => candidate.name === key);
    if (child === undefined) return base;
    const next = replaced(child, memberOf(base, key), rest, value, chosen);
    const object = next === undefined ? without(base, (name) => name === key) : { ...base, [key]: next };
    // A group that may be left out is left out again when nothing is in it any more.
    return !field.isRequired && isSameJson(object, startOfObject(field)) ? undefined : object;
  }
  if (field.kind === 'array') {
    const items: readonly JsonValue[] = Array.isArray(current) ? current : [];
    const index = Number(key);
    const item = field.itemAt(index);
    const next = replaced(item, items[index], rest, value, chosen) ?? emptyItem(item);
    return [...items.slice(0, index), next, ...items.slice(index + 1)];
  }
  return current;
}

function startOfObject(field: ObjectField): JsonObject {
  if (isJsonObject(field.defaultValue)) return field.defaultValue;
  const members = field.fields.flatMap((child) => {
    const value = startOf(child);
    return value === undefined ? [] : [[child.name, value] as const];
  });
  return Object.fromEntries(members);
}

function startOf(field: Field): JsonValue | undefined {
  const { defaultValue } = field;
  if (defaultValue !== undefined && defaultValue !== null) {
    if (field.kind === 'content') return contentDefault(defaultValue);
    // One of another type is a mistake in the schema, which nobody who answers could put right.
    if (fitOf(field, defaultValue) > 0) return defaultValue;
  }
  if (!field.isRequired || field.isNullable) return undefined;
  if (field.kind === 'object') return startOfObject(field);
  if (field.kind === 'variant') {
    return field.isFolded || field.variants[0] === undefined ? undefined : startOf(field.variants[0].field);
  }
  if (field.kind === 'options' && !field.isMultiple && field.options.length === 1) {
    return field.options[0]?.value;
  }
  return unsaid(field);
}

/** Servers also write the default of content as JSON text. */
function contentDefault(value: JsonValue): JsonValue | undefined {
  const content = isText(value) ? (parseJson(value) ?? value) : value;
  if (isLLMContent(content)) return content;
  return isText(value) && value !== '' ? { ...textContent(value), parts: [{ text: value }] } : undefined;
}

/** What leaving a required field alone says: no, or none. */
function unsaid(field: Field): JsonValue | undefined {
  if (field.kind === 'boolean') return false;
  return field.kind === 'array' || (field.kind === 'options' && field.isMultiple) ? [] : undefined;
}

function emptyItem(item: Field): JsonValue {
  return startOf(item) ?? (item.kind === 'text' ? '' : null);
}

function completed(
  field: Field,
  value: JsonValue | undefined,
  chosen: Chosen | undefined,
): JsonValue | undefined {
  if (field.kind === 'variant') {
    const variant = field.variants[variantIndex(field, value, chosen) ?? -1];
    return variant === undefined ? value : completed(variant.field, value, chosen);
  }
  if (field.kind === 'array' && Array.isArray(value)) {
    return value.map(
      (item: JsonValue, index: number) => completed(field.itemAt(index), item, chosen) ?? null,
    );
  }
  if (field.kind !== 'object') {
    return value === undefined && field.isRequired && !field.isNullable ? unsaid(field) : value;
  }
  if (value === undefined ? !field.isRequired || field.isNullable : !isJsonObject(value)) return value;
  const members = field.fields.flatMap((child) => {
    const next = completed(child, memberOf(value, child.name), chosen);
    return next === undefined ? [] : [[child.name, next] as const];
  });
  return Object.fromEntries([...Object.entries(isJsonObject(value) ? value : {}), ...members]);
}

function parseText(
  field: TextField | NumberField | JsonField,
  text: string,
  decimalMark: DecimalMark,
): JsonValue | undefined {
  if (field.kind === 'text') return text === '' ? undefined : text;
  if (text.trim() === '') return undefined;
  if (field.kind === 'number') return parseNumber(text, decimalMark);
  return parseExactJson(text);
}

/** What stands before the decimals of a number. */
export type DecimalMark = '.' | ',';

/** True for a number as people type it, with either mark. */
export function isNumberText(text: string): boolean {
  return /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(text.trim());
}

/** A number as people type it; undefined for anything else, and for one that would become another one. */
function parseNumber(text: string, decimalMark: DecimalMark): number | undefined {
  if (!isNumberText(text)) return undefined;
  const typed = text.trim();
  if (decimalMark === '.' && typed.includes(',')) return undefined;
  // Where 1,5 is one and a half, 1.500 is more than a thousand to some people.
  if (decimalMark === ',' && /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(typed)) return undefined;
  const plain = typed.replace(',', '.');
  return isExactNumber(plain) ? Number(plain) : undefined;
}

function showValue(field: Field, value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (field.kind === 'json') return JSON.stringify(value, null, 2);
  if (value === null) return '';
  return isText(value) ? value : JSON.stringify(value);
}

function without<Value>(
  record: Readonly<Record<string, Value>>,
  isDropped: (key: string) => boolean,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !isDropped(key)));
}
