import type { OutputUnit, Schema, SchemaDraft } from '@cfworker/json-schema';
import { isFiniteNumber, isText, type JsonObject, type JsonValue } from '../../../protocol/json.js';
import { escapeKey, memberOf, unescapeKey } from '../../../protocol/schema/json-pointer.js';
import { referencedSchema } from '../../../protocol/schema/schema-reference.js';
import { checkableSchema } from './checkable-schema.js';
import { isSlowSchema } from './slow-schema.js';
import type { FieldProblem, FieldProblems } from './validate.js';

/** Checks values against the whole schema, including rules that no single field of a form can check. */
export type SchemaCheck = (schema: JsonObject, values: JsonObject) => FieldProblems;

let loading: Promise<SchemaCheck | undefined> | undefined;

/**
 * Loads the check; needed only when a form is shown. Resolves to undefined when the library cannot be loaded
 * (the page has no address for it): then only the fields check themselves, and the server decides. Never
 * rejects.
 *
 * The library interprets schemas, so it works under a content security policy that forbids `eval`.
 */
export function loadSchemaCheck(): Promise<SchemaCheck | undefined> {
  loading ??= import('@cfworker/json-schema').then(
    ({ validate, dereference }) =>
      (schema, values) => {
        try {
          if (isSlowSchema(schema)) return new Map();
          const checkable = checkableSchema(schema);
          const checked = checkable as Schema;
          const { errors } = validate(values, checked, schemaDraftOf(schema), dereference(checked), false);
          return toProblems(errors, checkable);
        } catch {
          // The schema is broken: it has a dangling reference or a pattern in another dialect, or is nested
          // deeper than the stack. That must not prevent a person from answering.
          return new Map();
        }
      },
    () => {
      // Loading may succeed for the next form.
      loading = undefined;
      return undefined;
    },
  );
  return loading;
}

/** The version of JSON Schema that a schema is written in. */
function schemaDraftOf({ $schema }: JsonObject): SchemaDraft {
  const address = isText($schema) ? $schema : '';
  // What draft 4 has of its own, boolean bounds, is translated before.
  return /draft-0[467]/.test(address) ? '7' : address.includes('2019-09') ? '2019-09' : '2020-12';
}

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

/** Left to the fields, for which 0.3 is a multiple of 0.1. */
const LEFT_TO_FIELDS = 'multipleOf';

function toProblems(errors: readonly OutputUnit[], schema: JsonObject): FieldProblems {
  const problems = new Map<string, FieldProblem>();
  const inAlternatives: string[] = [];
  for (const error of errors) {
    const { keyword, keywordLocation } = error;
    if (OUTER.has(keyword) || keyword === LEFT_TO_FIELDS) continue;
    // That none of several variants fits is one problem, not one per variant.
    if (inAlternatives.some((location) => keywordLocation.startsWith(location))) continue;
    if (keyword === 'anyOf' || keyword === 'oneOf') inAlternatives.push(`${keywordLocation}/`);
    const pointer = pointerOf(error);
    if (!problems.has(pointer)) problems.set(pointer, toProblem(error, schema));
  }
  return problems;
}

/** The place of an error; a missing member's error is placed at that member. */
function pointerOf({ keyword, instanceLocation, error }: OutputUnit): string {
  const pointer = decodeURIComponent(instanceLocation.replace(/^#/, ''));
  const name = keyword === 'required' ? /required property "(.*)"/.exec(error)?.[1] : undefined;
  return name === undefined ? pointer : `${pointer}/${escapeKey(name)}`;
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
} as const;

const KINDS = {
  required: 'required',
  dependentRequired: 'required',
  type: 'type',
  enum: 'option',
  const: 'option',
  pattern: 'pattern',
  uniqueItems: 'unique',
  false: 'unwanted',
} as const;

function toProblem({ keyword, keywordLocation }: OutputUnit, schema: JsonObject): FieldProblem {
  const stated = statedAt(schema, keywordLocation);
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
function statedAt(schema: JsonObject, keywordLocation: string): JsonValue | undefined {
  let current: JsonValue | undefined = schema;
  for (const key of keywordLocation.replace(/^#/, '').split('/').slice(1)) {
    const reference: JsonValue | undefined = key === '$ref' ? memberOf(current, key) : undefined;
    current = isText(reference)
      ? referencedSchema(schema, reference)
      : memberOf(current, unescapeKey(decodeURIComponent(key)));
  }
  return current;
}
