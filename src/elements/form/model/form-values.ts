import { isLLMContent, textContent } from '../../../protocol/content.js';
import {
  isJsonObject,
  isSameJson,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/values/json.js';
import type { ArrayField, Field, ObjectField } from './fields.js';
import { memberOf } from '../../../protocol/schema/json-pointer.js';
import { pairsIn, type Names, type Pair } from './pair-names.js';
import { fitOf, variantIndex } from './variant-fit.js';

/** Positions in the variants of fields, by JSON pointer. */
export type Chosen = Readonly<Record<string, number>>;

/** The value itself if it is an object, otherwise an empty object. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The value that a group starts with: its default, or the start values of its fields. */
export function startOfObject(field: ObjectField): JsonObject {
  if (isJsonObject(field.defaultValue)) return field.defaultValue;
  const members = field.fields.flatMap((child) => {
    const value = startOf(child);
    return value === undefined ? [] : [[child.name, value] as const];
  });
  return Object.fromEntries(members);
}

/**
 * The value that a field starts with: its default, or what can be known without asking; undefined for none.
 */
export function startOf(field: Field): JsonValue | undefined {
  const { defaultValue } = field;
  if (defaultValue !== undefined && defaultValue !== null) {
    if (field.kind === 'content') return contentDefault(defaultValue);
    // A default of the wrong type is a mistake in the schema, which the person who answers cannot fix.
    if (fitOf(field, defaultValue) > 0) return defaultValue;
  }
  const only = onlyValue(field);
  if (only !== undefined && (field.isRequired || field.isReadOnly)) return only;
  if (field.kind === 'object' && field.isReadOnly && !field.isRequired) return startOfReadOnly(field);
  if (!field.isRequired || field.isNullable) return undefined;
  if (field.kind === 'object') return startOfObject(field);
  if (field.kind === 'variant') {
    return field.isFolded || field.variants[0] === undefined ? undefined : startOf(field.variants[0].field);
  }
  return field.kind === 'array' ? startOfPlaces(field) : impliedValue(field);
}

/** The value of a choice that has only one; undefined where a person can choose. */
function onlyValue(field: Field): JsonValue | undefined {
  if (field.kind !== 'options' || field.isMultiple || field.options.length !== 1) return undefined;
  const value = field.options[0]?.value;
  return field.isNullable && value !== null ? undefined : value;
}

/** True for a member that identifies its variant: it has one possible value, which the choice of the variant decides. */
export function isDecided(member: Field): boolean {
  return (member.isRequired || member.defaultValue !== undefined) && onlyValue(member) !== undefined;
}

/** A person cannot begin to fill in a read-only group, so it starts with what is known of it. */
function startOfReadOnly(field: ObjectField): JsonValue | undefined {
  const start = startOfObject(field);
  return Object.keys(start).length === 0 ? undefined : start;
}

/** The default of a content field; servers also write it as JSON text. */
function contentDefault(value: JsonValue): JsonValue | undefined {
  const content = isText(value) ? (parseJson(value) ?? value) : value;
  if (isLLMContent(content)) return content;
  return isText(value) && value !== '' ? { ...textContent(value), parts: [{ text: value }] } : undefined;
}

/**
 * The value of a field that a person leaves empty: for a required one null where it may be null, `false` for a box, an
 * empty list for a list. An optional one is left out, unless the receiver would then put its default back.
 */
function emptyValue(field: Field): JsonValue | undefined {
  const { defaultValue, isNullable, isRequired } = field;
  const hasDefault = defaultValue !== undefined && defaultValue !== null;
  if (isNullable) return (isRequired || hasDefault) && !offersNull(field) ? null : undefined;
  return isRequired ? impliedValue(field) : undefined;
}

/** True for a choice in which null is an option of its own: it has to be chosen. */
export function offersNull(field: Field): boolean {
  return field.kind === 'options' && !field.isMultiple && field.options.some(({ value }) => value === null);
}

function isNeeded({ isRequired, isNullable }: Field): boolean {
  return isRequired && !isNullable;
}

/** The value of a required field that may not be null and is left untouched. */
function impliedValue(field: Field): JsonValue | undefined {
  if (field.kind === 'boolean') return false;
  return field.kind === 'array' || (field.kind === 'options' && field.isMultiple) ? [] : undefined;
}

/** The value of an item of a list that has no value yet, and has to have one because others follow it. */
export function emptyItem(item: Field): JsonValue {
  return startOf({ ...item, isRequired: true }) ?? clearedItem(item);
}

/** The value of an item whose value a person took out: its default must not come back under the hands of who types. */
export function clearedItem(item: Field): JsonValue {
  return item.kind === 'text' && !item.isNullable ? '' : null;
}

/** The items of a list with a start value, as far as the last place that has one. */
function startOfPlaces(field: ArrayField): readonly JsonValue[] {
  const starts = placesFrom(field, 0).map((index) => startOf(field.itemAt(index)));
  return closeGaps(field, starts);
}

/** The positions of the places of a list, from the given one on. */
export function placesFrom({ placeCount }: ArrayField, start: number): readonly number[] {
  return Array.from({ length: Math.max(0, placeCount - start) }, (_, offset) => start + offset);
}

/** The items up to the last one with a value; a list cannot have gaps, so the others are empty items. */
export function closeGaps(
  field: ArrayField,
  items: readonly (JsonValue | undefined)[],
): readonly JsonValue[] {
  const length = items.reduce((kept: number, item, index) => (item === undefined ? kept : index + 1), 0);
  return items
    .slice(0, length)
    .map((item, index) => (item === undefined ? emptyItem(field.itemAt(index)) : item));
}

/** The parts of a draft besides its values. */
export interface DraftState {
  readonly chosen?: Chosen;
  readonly names?: Names;
}

/**
 * The value of a field, with the implied values of all required fields in it that have none, and without the members
 * that are not due. Members that a person names are under their keys. The same value says that nothing has changed in
 * it: its fields need not be made again.
 */
export function withImpliedValues(
  field: Field,
  value: JsonValue | undefined,
  state: DraftState,
): JsonValue | undefined {
  switch (field.kind) {
    case 'variant': {
      const variant = field.variants[variantIndex(field, value, state.chosen) ?? -1];
      if (variant === undefined) return value === undefined ? emptyValue(field) : value;
      return withImpliedValues(variant.field, withDecided(variant.field, value), state);
    }
    case 'array':
      return listValue(field, value, state);
    case 'object':
      return groupValue(field, value, state);
    default:
      return value === undefined ? emptyValue(field) : value;
  }
}

/** The value of a variant with the members that identify it: they have no fields. */
function withDecided(variant: Field, value: JsonValue | undefined): JsonValue | undefined {
  if (variant.kind !== 'object' || !isJsonObject(value)) return value;
  const missing = variant.fields.filter(
    (child) => child.isRequired && isDecided(child) && memberOf(value, child.name) === undefined,
  );
  if (missing.length === 0) return value;
  return Object.fromEntries([
    ...missing.map((child) => [child.name, startOf(child) ?? null] as const),
    ...Object.entries(value),
  ]);
}

function listValue(
  field: ArrayField,
  value: JsonValue | undefined,
  state: DraftState,
): JsonValue | undefined {
  if (value === undefined && !isNeeded(field)) return emptyValue(field);
  if (value !== undefined && !Array.isArray(value)) return value;
  const items: readonly JsonValue[] = value ?? [];
  const all = [...items, ...placesFrom(field, items.length).map(() => undefined)];
  const next = closeGaps(
    field,
    all.map((item, index) => {
      const place = field.itemAt(index);
      // A list without it is shorter: its default is not put back.
      return item === undefined && !place.isRequired ? undefined : withImpliedValues(place, item, state);
    }),
  );
  const isSame = next.length === items.length && next.every((item, index) => item === items[index]);
  return isSame && value !== undefined ? value : next;
}

function groupValue(
  field: ObjectField,
  value: JsonValue | undefined,
  state: DraftState,
): JsonValue | undefined {
  const pairs = pairsIn(field, value, state.names);
  if (value === undefined && !isNeeded(field) && pairs.length === 0) return emptyValue(field);
  if (value !== undefined && !isJsonObject(value)) return value;
  const before = value ?? (isNeeded(field) ? {} : startOfObject(field));
  const entered = Object.entries(before);
  const others = entered.filter(([name]) => !field.absentNames.has(name));
  const members = [...fixedMembers(field, before, state), ...pairMembers(field, pairs, before, state)];
  const changed = members.filter(([name, member]) => member !== memberOf(before, name));
  if (value !== undefined && changed.length === 0 && others.length === entered.length) return value;
  const object = Object.fromEntries([...others, ...changed]);
  // An optional group with nothing but what its conditions no longer ask for is left out, as it was before.
  const isEmptied = others.length < entered.length && !field.isRequired;
  return isEmptied && isSameJson(object, startOfObject(field)) ? emptyValue(field) : object;
}

type Member = readonly [string, JsonValue];

function fixedMembers(field: ObjectField, value: JsonObject, state: DraftState): readonly Member[] {
  return field.fields.flatMap((child) => {
    const next = withImpliedValues(child, memberOf(value, child.name), state);
    return next === undefined ? [] : [[child.name, next] as const];
  });
}

function pairMembers(
  { pairs }: ObjectField,
  named: readonly Pair[],
  value: JsonObject,
  state: DraftState,
): readonly Member[] {
  return named.flatMap(({ key, name }) => {
    const child = pairs?.valueField(key, name);
    if (child === undefined) return [];
    const member = withImpliedValues(child, memberOf(value, key), state);
    return [[key, member === undefined ? clearedItem(child) : member] as const];
  });
}
