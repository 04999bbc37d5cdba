import type { OutputUnit, Schema, SchemaDraft } from '@cfworker/json-schema';
import { isContentProperty } from '../../../protocol/interactions.js';
import {
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/json.js';
import { memberOf, valueAt } from './resolve-schema.js';
import type { FieldProblem, FieldProblems } from './validate.js';
import { isSlowSchema } from './slow-schema.js';

/** Checks values against the whole of a schema: also what no single field of a form can know. */
export type SchemaCheck = (schema: JsonObject, values: JsonObject) => FieldProblems;

let loading: Promise<SchemaCheck | undefined> | undefined;

/**
 * Loads the check; needed only where a form is shown. Undefined when it cannot be had (the page has no
 * address for the library): then the fields check themselves, and the server has the last word.
 *
 * The library interprets schemas, so it works under a policy that forbids `eval`.
 */
export function loadSchemaCheck(): Promise<SchemaCheck | undefined> {
  loading ??= import('@cfworker/json-schema').then(
    ({ validate, dereference }) =>
      (schema, values) => {
        try {
          if (isSlowSchema(schema)) return new Map();
          const checked = checkable(schema) as Schema;
          const { errors } = validate(values, checked, draftOf(schema), dereference(checked), false);
          return toProblems(errors, schema);
        } catch {
          // The schema is broken: it refers to nothing, has a pattern in another dialect, or is nested deeper than
          // the stack. That must not keep a person from answering.
          return new Map();
        }
      },
    () => {
      // It may be there for the next form.
      loading = undefined;
      return undefined;
    },
  );
  return loading;
}

function draftOf({ $schema }: JsonObject): SchemaDraft {
  const address = isText($schema) ? $schema : '';
  if (address.includes('draft-04')) return '4';
  return /draft-0[67]/.test(address) ? '7' : address.includes('2019-09') ? '2019-09' : '2020-12';
}

/** A property that takes content has a schema that says something else about it: anything goes there. */
function checkable(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map(checkable);
  if (!isJsonObject(schema)) return schema;
  if (isContentProperty(schema)) return {};
  return Object.fromEntries(Object.entries(schema).map(([key, member]) => [key, checkable(member)]));
}

/** Say only that something below them is wrong, which is said there. */
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

/** Left to the fields, which are less strict about what people type: `10:30` is a time, 0.3 three times 0.1. */
const LEFT_TO_FIELDS = new Set(['format', 'multipleOf']);

function toProblems(errors: readonly OutputUnit[], schema: JsonObject): FieldProblems {
  const problems = new Map<string, FieldProblem>();
  const inAlternatives: string[] = [];
  for (const error of errors) {
    const { keyword, keywordLocation } = error;
    if (OUTER.has(keyword) || LEFT_TO_FIELDS.has(keyword)) continue;
    // Why none of several forms fits is one problem, and not one for each of them.
    if (inAlternatives.some((location) => keywordLocation.startsWith(location))) continue;
    if (keyword === 'anyOf' || keyword === 'oneOf') inAlternatives.push(`${keywordLocation}/`);
    const pointer = pointerOf(error);
    if (!problems.has(pointer)) problems.set(pointer, toProblem(error, schema));
  }
  return problems;
}

/** What is required and missing stands at the member that is missing. */
function pointerOf({ keyword, instanceLocation, error }: OutputUnit): string {
  const pointer = decodeURIComponent(instanceLocation.replace(/^#/, ''));
  const name = keyword === 'required' ? /required property "(.*)"/.exec(error)?.[1] : undefined;
  return name === undefined ? pointer : `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
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

/** What a keyword stands with; a location goes through references, which are followed here. */
function statedAt(schema: JsonObject, keywordLocation: string): JsonValue | undefined {
  let current: JsonValue | undefined = schema;
  for (const key of keywordLocation.replace(/^#/, '').split('/').slice(1)) {
    const reference: JsonValue | undefined = key === '$ref' ? memberOf(current, key) : undefined;
    current = isText(reference)
      ? valueAt(schema, reference.replace(/^#/, ''))
      : memberOf(current, decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  return current;
}
