import { isLLMContent } from '../protocol/content.js';
import { isFiniteNumber, isJsonObject, isText, type JsonValue } from '../protocol/json.js';
import type { Field, ObjectField, VariantField } from './form-fields.js';
import { isSame, memberOf } from './form-schema.js';

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
    return field.isRequired && !field.isNullable ? 0 : undefined;
  }
  const fits = field.variants.map((variant) => fitOf(variant.field, value));
  return fits.indexOf(Math.max(...fits));
}

/** How well a value fits a field: 0 not at all, up to 3 in every respect. */
function fitOf(field: Field, value: JsonValue): number {
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
      return Array.isArray(value) ? 3 : 0;
    case 'options':
      if (field.isMultiple) return Array.isArray(value) ? 3 : 0;
      return field.options.some((option) => isSame(option.value, value)) ? 3 : 0;
    case 'variant':
      return Math.max(...field.variants.map((variant) => fitOf(variant.field, value)));
    case 'json':
      if (field.shape === 'any') return 1;
      return field.shape === (Array.isArray(value) ? 'array' : typeof value) ? 2 : 0;
    case 'object':
      return isJsonObject(value) ? objectFit(field, value) : 0;
  }
}

function objectFit(field: ObjectField, value: JsonValue): number {
  const members = field.fields.map((child) => ({ child, member: memberOf(value, child.name) }));
  const isContradicted = members.some(
    ({ child, member }) => member !== undefined && member !== null && fitOf(child, member) === 0,
  );
  if (isContradicted) return 0.5;
  const isComplete = members.every(({ child, member }) => member !== undefined || !child.isRequired);
  const names = new Set(field.fields.map(({ name }) => name));
  const isKnown = isJsonObject(value) && Object.keys(value).every((name) => names.has(name));
  return 1 + (isKnown ? 1 : 0) + (isComplete ? 0.5 : 0);
}
