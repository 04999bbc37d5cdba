import { isLLMContent, type LLMContent } from '../../../protocol/content.js';
import { inexactNumber, isExactNumber } from '../../../protocol/values/exact-number.js';
import {
  isFiniteNumber,
  isJsonObject,
  isSameJson,
  isText,
  parseJson,
  type JsonValue,
} from '../../../protocol/values/json.js';
import type { ArrayField, Field, Form, NumberField, ObjectField, OptionsField, TextField } from './fields.js';
import { chosenVariant, keyedValues, type FormDraft } from './form-draft.js';
import { memberOf } from '../../../protocol/schema/json-pointer.js';
import { namePointer, pairPointer, pairsIn } from './pair-names.js';
import { hasFormat } from './formats.js';
import { placesFrom } from './form-values.js';
import { matchesPattern } from '../schema/safe-pattern.js';
import { asciiNumber, isNumberText } from './typed-text.js';
import type { FieldProblem, FieldProblems } from '../schema/field-problem.js';

/** Checks a draft. An empty result guarantees that the values from `formValues` fit all fields. */
export function checkForm(form: Form, draft: FormDraft): FieldProblems {
  const problems = new Map<string, FieldProblem>();
  checkField(form, keyedValues(form, draft), draft, problems);
  return problems;
}

function checkField(
  field: Field,
  value: JsonValue | undefined,
  draft: FormDraft,
  problems: Map<string, FieldProblem>,
): void {
  if (field.kind === 'variant') {
    const variant = field.variants[chosenVariant(field, draft) ?? -1];
    const isLeftOut = value === undefined && draft.typed[field.pointer] === undefined && !field.isRequired;
    if (variant !== undefined && !isLeftOut) {
      checkField(variant.field, value, draft, problems);
      return;
    }
  }
  const problem = problemOf(field, value, draft.typed[field.pointer]);
  if (problem !== undefined) {
    problems.set(field.pointer, problem);
    return;
  }
  if (field.kind === 'object' && (isJsonObject(value) || hasTypedInside(field, draft))) {
    for (const child of field.fields) checkField(child, memberOf(value, child.name), draft, problems);
    checkPairs(field, value, draft, problems);
  }
  if (field.kind === 'array' && (Array.isArray(value) || hasTypedInside(field, draft))) {
    const items: readonly JsonValue[] = Array.isArray(value) ? value : [];
    const all = [...items, ...placesFrom(field, items.length).map(() => undefined)];
    all.forEach((item, index) => checkField(field.itemAt(index), item, draft, problems));
  }
}

function checkPairs(
  field: ObjectField,
  value: JsonValue | undefined,
  draft: FormDraft,
  problems: Map<string, FieldProblem>,
): void {
  const names = new Set(field.fields.map(({ name }) => name));
  for (const { key, name } of pairsIn(field, value, draft.names)) {
    const problem = names.has(name) ? ({ kind: 'doubled' } as const) : nameProblem(field, key, name);
    if (problem !== undefined) problems.set(namePointer(pairPointer(field, key)), problem);
    names.add(name);
    const child = field.pairs?.valueField(key, name);
    if (child !== undefined) checkField(child, memberOf(value, key), draft, problems);
  }
}

function nameProblem({ pairs }: ObjectField, key: string, name: string): FieldProblem | undefined {
  if (pairs === undefined) return undefined;
  const field = pairs.nameField(key);
  // The empty text is a name, too, where it came from elsewhere; a person who leaves it empty forgot it.
  if (field.allowed !== undefined && !field.allowed.includes(name)) {
    return name === '' ? { kind: 'required' } : { kind: 'option', allowed: field.allowed };
  }
  const problem = textProblem({ ...field, isRequired: key !== name }, name);
  return problem ?? (pairs.isAllowed(name) ? undefined : { kind: 'unwanted' });
}

/** True when a group or a list without a value has a text that is not a value. */
function hasTypedInside(field: Field, draft: FormDraft): boolean {
  const { typed } = draft;
  if (!Object.keys(typed).some((other) => other.startsWith(`${field.pointer}/`))) return false;
  if (field.kind !== 'object') return true;
  // A text in a field that is no longer due is kept, but not sent.
  return field.fields.some((child) => typed[child.pointer] !== undefined || hasTypedInside(child, draft));
}

function problemOf(
  field: Field,
  value: JsonValue | undefined,
  typed: string | undefined,
): FieldProblem | undefined {
  if (value === undefined || value === null) {
    if (typed !== undefined && typed.trim() !== '') return unreadable(field, typed);
    if (value === null && mayBeNull(field)) return undefined;
    return field.isRequired || value === null ? { kind: 'required' } : undefined;
  }
  switch (field.kind) {
    case 'text':
      return isText(value) ? textProblem(field, value) : { kind: 'type' };
    case 'file':
      if (!isText(value)) return { kind: 'type' };
      return textProblem({ ...field, kind: 'text', entry: 'line', mayBeEmpty: true }, value);
    case 'number':
      return isFiniteNumber(value)
        ? numberProblem(field, value)
        : { kind: field.isInteger ? 'integer' : 'number' };
    case 'boolean':
      return typeof value === 'boolean' ? undefined : { kind: 'type' };
    case 'options':
      return optionProblem(field, value);
    case 'content':
      if (!isLLMContent(value)) return { kind: 'type' };
      return field.isRequired && isEmptyContent(value) ? { kind: 'required' } : undefined;
    case 'array':
      return Array.isArray(value) ? countProblem(field, value.length) : { kind: 'type' };
    case 'object':
      return isJsonObject(value) ? undefined : { kind: 'type' };
    case 'variant':
      return undefined;
    case 'json':
      if (field.shape === 'any') return undefined;
      return field.shape === (Array.isArray(value) ? 'array' : typeof value)
        ? undefined
        : { kind: 'format', format: field.shape };
  }
}

/** The reason why a typed text is not a value of its field. */
function unreadable(field: Field, typed: string): FieldProblem {
  if (field.kind !== 'number') return inexactProblem(typed) ?? { kind: 'json' };
  const number = asciiNumber(typed);
  if (isNumberText(number) && !isExactNumber(number.replace(',', '.'))) return { kind: 'inexact', number };
  return { kind: field.isInteger ? 'integer' : 'number' };
}

/**
 * The problem of a JSON text with a number that parsing would change; undefined without one, and for invalid
 * JSON.
 */
export function inexactProblem(json: string): FieldProblem | undefined {
  const number = parseJson(json) === undefined ? undefined : inexactNumber(json);
  return number === undefined ? undefined : { kind: 'inexact', number };
}

function mayBeNull(field: Field): boolean {
  return field.isNullable || (field.kind === 'json' && field.shape === 'any');
}

/** True for content without any part other than blank text. */
export function isEmptyContent(content: LLMContent): boolean {
  return content.parts.every((part) => isText(part.text) && part.text.trim() === '');
}

function textProblem(field: TextField, value: string): FieldProblem | undefined {
  if (value.trim() === '' && field.isRequired && field.mayBeEmpty !== true) return { kind: 'required' };
  const length = Array.from(value).length;
  if (field.minLength !== undefined && length < field.minLength) {
    return { kind: 'minLength', limit: field.minLength };
  }
  if (field.maxLength !== undefined && length > field.maxLength) {
    return { kind: 'maxLength', limit: field.maxLength };
  }
  if (!hasFormat(field.entry, value)) return { kind: 'format', format: field.entry };
  return field.pattern === undefined || matchesPattern(value, field.pattern)
    ? undefined
    : { kind: 'pattern' };
}

function numberProblem(field: NumberField, value: number): FieldProblem | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = field;
  if (field.isInteger && !Number.isInteger(value)) return { kind: 'integer' };
  if (minimum !== undefined && value < minimum) return { kind: 'minimum', limit: minimum };
  if (maximum !== undefined && value > maximum) return { kind: 'maximum', limit: maximum };
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    return { kind: 'above', limit: exclusiveMinimum };
  }
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
    return { kind: 'below', limit: exclusiveMaximum };
  }
  return multipleOf === undefined || isMultiple(value, multipleOf)
    ? undefined
    : { kind: 'multiple', limit: multipleOf };
}

/** 0.3 is a multiple of 0.1, although not in binary arithmetic. */
function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}

function optionProblem(field: OptionsField, value: JsonValue): FieldProblem | undefined {
  const isOption = (item: JsonValue) => field.options.some((option) => isSameJson(option.value, item));
  if (!field.isMultiple) return isOption(value) ? undefined : { kind: 'option' };
  if (!Array.isArray(value)) return { kind: 'type' };
  return value.every(isOption) ? countProblem(field, value.length) : { kind: 'option' };
}

function countProblem(field: ArrayField | OptionsField, count: number): FieldProblem | undefined {
  if (field.minItems !== undefined && count < field.minItems) {
    return count === 0 && field.minItems === 1
      ? { kind: 'required' }
      : { kind: 'minItems', limit: field.minItems };
  }
  return field.maxItems !== undefined && count > field.maxItems
    ? { kind: 'maxItems', limit: field.maxItems }
    : undefined;
}
