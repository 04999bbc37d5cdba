import { isLLMContent } from '../../../protocol/content.js';
import {
  isFiniteNumber,
  isJsonObject,
  isSameJson,
  isText,
  type JsonValue,
} from '../../../protocol/values/json.js';
import type { ArrayField, Field, ObjectField, VariantField } from './fields.js';
import { pairsIn } from './pair-names.js';
import { memberOf } from '../../../protocol/schema/json-pointer.js';

/**
 * The variant of a `VariantField` for a value: the one that was chosen, otherwise the one that the value fits
 * best; undefined when there is no value and none is required.
 */
export function variantIndex(
  field: VariantField,
  value: JsonValue | undefined,
  chosen: Readonly<Record<string, number>> | undefined,
): number | undefined {
  const index = chosen?.[field.pointer];
  if (index !== undefined && field.variants[index] !== undefined) return index;
  if (value === undefined || value === null) {
    return field.isRequired && !field.isNullable && !field.isFolded ? 0 : undefined;
  }
  const fits = field.variants.map((variant) => fitOf(variant.field, value));
  return fits.indexOf(Math.max(...fits));
}

/**
 * How well a value fits a field: from 0 (not at all) to 3 (in every respect); less than 1 is a contradiction.
 */
export function fitOf(field: Field, value: JsonValue): number {
  switch (field.kind) {
    case 'text':
    case 'file':
      return isText(value) ? 3 : 0;
    case 'number':
      return isFiniteNumber(value) ? (field.isInteger && !Number.isInteger(value) ? 1 : 3) : 0;
    case 'boolean':
      return typeof value === 'boolean' ? 3 : 0;
    case 'content':
      return isLLMContent(value) ? 3 : 0;
    case 'array':
      return Array.isArray(value) ? arrayFit(field, value) : 0;
    case 'options':
      if (field.isMultiple) return Array.isArray(value) ? 3 : 0;
      return field.options.some((option) => isSameJson(option.value, value)) ? 3 : 0;
    case 'variant':
      return Math.max(...field.variants.map((variant) => fitOf(variant.field, value)));
    case 'json':
      if (field.shape === 'any') return 1;
      return field.shape === (Array.isArray(value) ? 'array' : typeof value) ? 2 : 0;
    case 'object':
      return isJsonObject(value) ? objectFit(field, value) : 0;
  }
}

function arrayFit(field: ArrayField, items: readonly JsonValue[]): number {
  if (field.maxItems !== undefined && field.placeCount > 0 && items.length > field.maxItems) return 0.5;
  const fits = items.map((item, index) => fitOf(field.itemAt(index), item));
  return Math.max(0.5, Math.min(3, ...fits));
}

function objectFit(field: ObjectField, value: JsonValue): number {
  const members = field.fields.map((child) => ({ child, member: memberOf(value, child.name) }));
  const fits = members.map(({ child, member }) => {
    if (member === undefined) return child.isRequired ? 1 : 3;
    if (member === null) return child.isNullable ? 3 : 1;
    return fitOf(child, member);
  });
  const pairs = pairsIn(field, value);
  const pairFits = pairs.map(({ key, name }) => {
    const child = field.pairs?.valueField(key, name);
    const member = memberOf(value, key);
    if (child === undefined || member === undefined) return 0;
    return field.pairs?.isAllowed(name) === true ? fitOf(child, member) : 0;
  });
  fits.push(...pairFits);
  if (fits.includes(0)) return 0.5;
  // An incomplete variant would be sent with the implied values of its missing members.
  const isComplete = fits.every((fit) => fit >= 2);
  const names = new Set([...field.fields.map(({ name }) => name), ...pairs.map(({ key }) => key)]);
  const isKnown = isJsonObject(value) && Object.keys(value).every((name) => names.has(name));
  return 1 + (isComplete ? 1 : 0) + (isKnown ? 0.5 : 0);
}

/**
 * The value that a newly chosen variant starts with: its own start value, plus those members of the previous
 * variant's value that it has a fitting field for, and those that the previous variant did not show.
 */
export function carryOver(
  from: Field | undefined,
  to: Field,
  value: JsonValue | undefined,
  start: JsonValue | undefined,
): JsonValue | undefined {
  if (from?.kind !== 'object' || to.kind !== 'object' || !isJsonObject(value)) return start;
  const members = Object.entries(value).filter(([name, member]) => {
    const field = childOf(to, name);
    return field === undefined ? childOf(from, name) === undefined : fitOf(field, member) >= 1;
  });
  return { ...(isJsonObject(start) ? start : {}), ...Object.fromEntries(members) };
}

/** The typed texts of the fields that two variants share, by JSON pointer. */
export function carryOverTexts(
  from: Field | undefined,
  to: Field | undefined,
  typed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (from?.kind !== 'object' || to?.kind !== 'object') return {};
  const both = to.fields.filter(({ name, kind }) => childOf(from, name)?.kind === kind);
  return Object.fromEntries(
    both.flatMap(({ pointer }) => (typed[pointer] === undefined ? [] : [[pointer, typed[pointer]]])),
  );
}

function childOf(field: ObjectField, name: string): Field | undefined {
  return field.fields.find((child) => child.name === name);
}
