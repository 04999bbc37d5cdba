import { isLLMContent, textContent } from '../protocol/content.js';
import {
  canonicalJson,
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../protocol/json.js';
import type { Field, JsonField, NumberField, ObjectField, TextField } from './form-fields.js';
import { memberOf, pointerKeys, valueAt } from './form-schema.js';

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
}

/** The draft that a form starts with: its defaults. */
export function initialDraft(form: ObjectField): FormDraft {
  return draftOf(startOfObject(form));
}

/** The draft that shows these values. */
export function draftOf(values: JsonObject): FormDraft {
  return { values, typed: {} };
}

/** The values that a draft answers with: as entered, and with what an unticked box or an empty list means. */
export function formValues(form: ObjectField, draft: FormDraft): JsonObject {
  const values = completed(form, draft.values);
  return isJsonObject(values) ? values : {};
}

/** The draft with another value at a field; undefined empties the field. */
export function setValue(
  form: ObjectField,
  draft: FormDraft,
  pointer: string,
  value: JsonValue | undefined,
): FormDraft {
  const values = replaced(form, draft.values, pointerKeys(pointer), value);
  return {
    values: isJsonObject(values) ? values : {},
    typed: withoutTyped(draft.typed, (other) => other === pointer || other.startsWith(`${pointer}/`)),
  };
}

/** The draft after a person typed into a field that holds a text, a number or JSON. */
export function setText(
  form: ObjectField,
  draft: FormDraft,
  field: TextField | NumberField | JsonField,
  text: string,
): FormDraft {
  const value = parseText(field, text);
  const next = setValue(form, draft, field.pointer, value);
  if (text === '' || showValue(field, value) === text) return next;
  return { ...next, typed: { ...next.typed, [field.pointer]: text } };
}

/** The text that a field shows. */
export function textOf(field: Field, draft: FormDraft): string {
  return draft.typed[field.pointer] ?? showValue(field, valueAt(draft.values, field.pointer));
}

/** The draft with an empty item more in a list. */
export function addItem(form: ObjectField, draft: FormDraft, pointer: string): FormDraft {
  const items = itemsAt(draft, pointer);
  return setValue(form, draft, `${pointer}/${items.length}`, undefined);
}

/** The draft without one item of a list; what was typed into the items after it moves up with them. */
export function removeItem(form: ObjectField, draft: FormDraft, pointer: string, index: number): FormDraft {
  const items = itemsAt(draft, pointer).filter((_item, position) => position !== index);
  const typed: Record<string, string> = {};
  for (const [key, text] of Object.entries(draft.typed)) {
    if (!key.startsWith(`${pointer}/`)) {
      typed[key] = text;
      continue;
    }
    const [position = '', ...rest] = key.slice(pointer.length + 1).split('/');
    if (Number(position) === index) continue;
    const moved = Number(position) > index ? Number(position) - 1 : position;
    typed[[pointer, moved, ...rest].join('/')] = text;
  }
  return { ...setValue(form, draft, pointer, items), typed };
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
  return (Array.isArray(value) ? value : [value]).some((item: JsonValue) => isSame(item, option));
}

/** True for two values that are equal as JSON. */
export function isSame(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function replaced(
  field: Field,
  current: JsonValue | undefined,
  keys: readonly string[],
  value: JsonValue | undefined,
): JsonValue | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (field.kind === 'object') {
    const base = isJsonObject(current) ? current : startOfObject(field);
    const child = field.fields.find((candidate) => candidate.name === key);
    if (child === undefined) return base;
    const next = replaced(child, memberOf(base, key), rest, value);
    const object = next === undefined ? without(base, key) : { ...base, [key]: next };
    // A group that may be left out is left out again when nothing is in it any more.
    return !field.isRequired && isSame(object, startOfObject(field)) ? undefined : object;
  }
  if (field.kind === 'array') {
    const items: readonly JsonValue[] = Array.isArray(current) ? current : [];
    const index = Number(key);
    const item = field.itemAt(index);
    const next = replaced(item, items[index], rest, value) ?? emptyItem(item);
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
    return field.kind === 'content' ? contentDefault(defaultValue) : defaultValue;
  }
  if (!field.isRequired || field.isNullable) return undefined;
  if (field.kind === 'object') return startOfObject(field);
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

function completed(field: Field, value: JsonValue | undefined): JsonValue | undefined {
  if (field.kind === 'array' && Array.isArray(value)) {
    return value.map((item: JsonValue, index: number) => completed(field.itemAt(index), item) ?? null);
  }
  if (field.kind !== 'object') {
    return value === undefined && field.isRequired && !field.isNullable ? unsaid(field) : value;
  }
  if (value === undefined ? !field.isRequired || field.isNullable : !isJsonObject(value)) return value;
  const members = field.fields.flatMap((child) => {
    const next = completed(child, memberOf(value, child.name));
    return next === undefined ? [] : [[child.name, next] as const];
  });
  return Object.fromEntries([...Object.entries(isJsonObject(value) ? value : {}), ...members]);
}

function parseText(field: TextField | NumberField | JsonField, text: string): JsonValue | undefined {
  if (field.kind === 'text') return text === '' ? undefined : text;
  if (text.trim() === '') return undefined;
  return field.kind === 'number' ? parseNumber(text) : (parseJson(text) as JsonValue | undefined);
}

/** A number as people type it; undefined for anything else, and for one that a double cannot hold. */
function parseNumber(text: string): number | undefined {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim())) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && !(Number.isInteger(value) && !Number.isSafeInteger(value))
    ? value
    : undefined;
}

function showValue(field: Field, value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (field.kind === 'json') return JSON.stringify(value, null, 2);
  if (value === null) return '';
  return isText(value) ? value : JSON.stringify(value);
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

function withoutTyped(
  typed: FormDraft['typed'],
  isDropped: (pointer: string) => boolean,
): FormDraft['typed'] {
  return Object.fromEntries(Object.entries(typed).filter(([pointer]) => !isDropped(pointer)));
}
