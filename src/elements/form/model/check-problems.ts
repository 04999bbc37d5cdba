import {
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/json.js';
import { escapeKey, memberOf, unescapeKey } from '../../../protocol/schema/json-pointer.js';
import type { FieldProblem, FieldProblems } from './validate.js';

/** An error of the library; both locations are JSON pointers as URI fragments. */
export interface CheckError {
  readonly keyword: string;
  readonly keywordLocation: string;
  readonly instanceLocation: string;
  readonly error: string;
}

type TargetOf = (schema: JsonObject) => JsonValue | undefined;

/** Keywords that only repeat a problem reported further down. */
const OUTER = new Set([
  '$ref',
  '$recursiveRef',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'additionalItems',
  'allOf',
  'if',
  'dependentSchemas',
]);

/**
 * The problems of a value by JSON pointer, from the errors of the library. Errors that only repeat one further down are
 * left out, and the first of each place is kept. `targetOf` finds the schema that a reference names.
 */
export function problemsOf(
  errors: readonly CheckError[],
  schema: JsonObject,
  targetOf: TargetOf,
): FieldProblems {
  const problems = new Map<string, FieldProblem>();
  // That none of several variants fits is one problem, not one per variant: their errors follow it.
  let variants: string | undefined;
  let isInVariant = false;
  for (const error of errors) {
    const { keyword, keywordLocation } = error;
    // The library gives a schema `false` the place of the value instead of its own.
    if (keyword !== 'false') isInVariant = variants !== undefined && keywordLocation.startsWith(variants);
    if (isInVariant || isRepeated(error)) continue;
    if (keyword === 'anyOf' || keyword === 'oneOf') variants = `${keywordLocation}/`;
    const pointer = pointerOf(error);
    if (!problems.has(pointer)) problems.set(pointer, toProblem(error, schema, targetOf));
  }
  return problems;
}

/** True for an error that only repeats one further down. */
function isRepeated({ keyword, error }: CheckError): boolean {
  return OUTER.has(keyword) || (keyword === 'dependencies' && missingName(error) === undefined);
}

/** The place of an error; a missing member's error is placed at that member. */
function pointerOf({ keyword, instanceLocation, error }: CheckError): string {
  const pointer = decodeURIComponent(instanceLocation.replace(/^#/, ''));
  const name = MISSING.has(keyword) ? missingName(error) : undefined;
  return name === undefined ? pointer : `${pointer}/${escapeKey(name)}`;
}

const MISSING = new Set(['required', 'dependentRequired', 'dependencies']);

/** The name of the member that an error says is missing. */
function missingName(error: string): string | undefined {
  return /(?:required property|but does not have) "(.*)"\.$/s.exec(error)?.[1];
}

const LIMITS = {
  minimum: 'minimum',
  maximum: 'maximum',
  exclusiveMinimum: 'above',
  exclusiveMaximum: 'below',
  minLength: 'minLength',
  maxLength: 'maxLength',
  minItems: 'minItems',
  maxItems: 'maxItems',
  multipleOf: 'multiple',
} as const;

const KINDS = {
  required: 'required',
  dependentRequired: 'required',
  dependencies: 'required',
  type: 'type',
  enum: 'option',
  const: 'option',
  pattern: 'pattern',
  uniqueItems: 'unique',
  false: 'unwanted',
} as const;

function toProblem(
  { keyword, keywordLocation }: CheckError,
  schema: JsonObject,
  targetOf: TargetOf,
): FieldProblem {
  const stated = statedAt(schema, keywordLocation, targetOf);
  const limitKind = ownMember(LIMITS, keyword);
  if (limitKind !== undefined)
    return isFiniteNumber(stated) ? { kind: limitKind, limit: stated } : { kind: 'unfit' };
  if (keyword === 'enum' && Array.isArray(stated)) return { kind: 'option', allowed: stated };
  if (keyword === 'const' && stated !== undefined) return { kind: 'option', allowed: [stated] };
  return { kind: ownMember(KINDS, keyword) ?? 'unfit' };
}

function ownMember<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The value of the keyword at a location; follows the references that the location contains. */
function statedAt(schema: JsonObject, keywordLocation: string, targetOf: TargetOf): JsonValue | undefined {
  let current: JsonValue | undefined = schema;
  for (const key of keywordLocation.replace(/^#/, '').split('/').slice(1)) {
    const target: JsonValue | undefined =
      key === '$ref' && isJsonObject(current) && isText(current['$ref']) ? targetOf(current) : undefined;
    current = target ?? memberOf(current, unescapeKey(decodeURIComponent(key)));
  }
  return current;
}
