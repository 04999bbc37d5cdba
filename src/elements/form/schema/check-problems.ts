import {
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/values/json.js';
import { escapeKey, memberOf, unescapeKey } from '../../../protocol/schema/json-pointer.js';
import type { FieldProblem, FieldProblems } from './field-problem.js';

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
  'unevaluatedItems',
  'allOf',
  'if',
  'dependentSchemas',
]);

/** Keywords whose errors are followed by those of their own schemas, which are no problems by themselves. */
const GROUPS = new Set(['anyOf', 'oneOf', 'contains', 'propertyNames']);

/** The library reports the items that are not the wanted ones before it says that too few are. */
const IN_CONTAINS =
  /(?<!\/(?:properties|patternProperties|dependentSchemas|dependencies|\$defs|definitions))\/contains\//;

/** An error and those of its own schemas, which follow it. */
interface ErrorGroup {
  readonly error: CheckError;
  readonly inner: CheckError[];
}

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
  for (const group of groupsOf(errors)) {
    const pointer = pointerOf(group.error);
    if (!problems.has(pointer)) problems.set(pointer, toProblem(group, schema, targetOf));
  }
  return problems;
}

function groupsOf(errors: readonly CheckError[]): readonly ErrorGroup[] {
  const groups: ErrorGroup[] = [];
  let open: { readonly prefix: string; readonly inner: CheckError[] } | undefined;
  let isInside = false;
  for (const error of errors) {
    const { keyword, keywordLocation } = error;
    // The library gives a schema `false` the place of the value instead of its own.
    if (keyword !== 'false') isInside = open !== undefined && keywordLocation.startsWith(open.prefix);
    if (isInside) open?.inner.push(error);
    if (isInside || isRepeated(error)) continue;
    const group = { error, inner: [] };
    groups.push(group);
    if (!GROUPS.has(keyword)) continue;
    open = { prefix: `${keywordLocation}/`, inner: group.inner };
    isInside = true;
  }
  return groups;
}

/** True for an error that only repeats one further down. */
function isRepeated({ keyword, keywordLocation, error }: CheckError): boolean {
  if (IN_CONTAINS.test(keywordLocation)) return true;
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
  minProperties: 'minProperties',
  maxProperties: 'maxProperties',
  minContains: 'minContains',
  maxContains: 'maxContains',
} as const;

const KINDS = {
  required: 'required',
  dependentRequired: 'required',
  dependencies: 'required',
  type: 'type',
  pattern: 'pattern',
  uniqueItems: 'unique',
  contains: 'contains',
  false: 'unwanted',
} as const;

function toProblem(group: ErrorGroup, schema: JsonObject, targetOf: TargetOf): FieldProblem {
  const { keyword, keywordLocation, error } = group.error;
  const stated = statedAt(schema, keywordLocation, targetOf);
  const limitKind = ownMember(LIMITS, keyword);
  if (limitKind !== undefined)
    return isFiniteNumber(stated) ? { kind: limitKind, limit: stated } : { kind: 'unfit' };
  switch (keyword) {
    case 'enum':
      return Array.isArray(stated) ? { kind: 'option', allowed: stated } : { kind: 'option' };
    case 'const':
      return stated === undefined ? { kind: 'option' } : { kind: 'option', allowed: [stated] };
    case 'anyOf':
    case 'oneOf':
      return /\([1-9]\d* matches\)/.test(error)
        ? severalProblem(stated)
        : noneProblem(group, schema, targetOf);
    case 'not': {
      const names = isJsonObject(stated) ? requiredNames(stated) : [];
      return names.length > 1 ? { kind: 'together', names } : { kind: 'excluded' };
    }
    case 'propertyNames':
      return { kind: 'name', name: /^Property name "(.*)" does not match/s.exec(error)?.[1] ?? '' };
    default:
      return { kind: ownMember(KINDS, keyword) ?? 'unfit' };
  }
}

/** The problem of a value that several of its alternatives fit, when only one may. */
function severalProblem(alternatives: JsonValue | undefined): FieldProblem {
  const parts = Array.isArray(alternatives) ? alternatives.filter(isJsonObject) : [];
  const names = parts.flatMap(requiredNames);
  return { kind: 'several', names: parts.every((part) => requiredNames(part).length > 0) ? names : [] };
}

/** The problem of a value that none of its alternatives fits, with the problems in each. */
function noneProblem({ error, inner }: ErrorGroup, schema: JsonObject, targetOf: TargetOf): FieldProblem {
  const byAlternative = new Map<number, CheckError[]>();
  const start = `${error.keywordLocation}/`.length;
  let index = 0;
  for (const each of inner) {
    if (each.keyword !== 'false') index = Number.parseInt(each.keywordLocation.slice(start), 10);
    const known = byAlternative.get(index);
    if (known === undefined) byAlternative.set(index, [each]);
    else known.push(each);
  }
  const alternatives = new Map(
    [...byAlternative].map(([position, errors]) => [position, problemsOf(errors, schema, targetOf)]),
  );
  return { kind: 'none', pointer: pointerOf(error), alternatives };
}

function requiredNames({ required }: JsonObject): readonly string[] {
  return Array.isArray(required) ? required.filter(isText) : [];
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
