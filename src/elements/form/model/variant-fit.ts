import { isLLMContent } from '../../../protocol/content.js';
import { isFiniteNumber, isJsonObject, isSameJson, isText, type JsonValue } from '../../../protocol/json.js';
import type { ArrayField, Field, ObjectField, VariantField } from './fields.js';
import { memberOf } from './resolve-schema.js';

/**
 * The form that a value of a `VariantField` has: the one that was chosen, else the one that it fits best;
 * undefined where there is no value and need not be one.
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

/** How well a value fits a field: 0 not at all, up to 3 in every respect; less than 1 is a contradiction. */
export function fitOf(field: Field, value: JsonValue): number {
  switch (field.kind) {
    case 'text':
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
  const fits = items.map((item, index) => fitOf(field.itemAt(index), item));
  return Math.max(0.5, Math.min(3, ...fits));
}

function objectFit(field: ObjectField, value: JsonValue): number {
  const members = field.fields.map((child) => ({ child, member: memberOf(value, child.name) }));
  const fits = members.map(({ child, member }) => {
    if (member === undefined) return child.isRequired ? 1 : 3;
    return member === null ? 1 : fitOf(child, member);
  });
  if (fits.includes(0)) return 0.5;
  // A form in which something is missing would be sent with what leaving that alone says.
  const isComplete = fits.every((fit) => fit >= 2);
  const names = new Set(field.fields.map(({ name }) => name));
  const isKnown = isJsonObject(value) && Object.keys(value).every((name) => names.has(name));
  return 1 + (isComplete ? 1 : 0) + (isKnown ? 0.5 : 0);
}
