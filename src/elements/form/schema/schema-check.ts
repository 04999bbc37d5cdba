import type { dereference, Schema, SchemaDraft, validate } from '@cfworker/json-schema';
import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { checkCost } from './check-cost.js';
import { problemsOf } from './check-problems.js';
import { checkableSchema, type CheckableSchema } from './checkable-schema.js';
import { relaxSchema } from './relax-schema.js';
import type { FieldProblems } from './field-problem.js';

/** Says whether a value fits a part of a schema; undefined when that cannot be determined. */
export type Fits = (part: JsonValue, value: JsonValue) => boolean | undefined;

/** Checks values against schemas, including the rules that no single field of a form can check. */
export interface SchemaCheck {
  /** The problems of a value, by JSON pointer; none where a rule cannot be checked: then the server decides. */
  readonly problems: (schema: JsonObject, value: JsonValue) => FieldProblems;
  /**
   * The test for parts of a schema on parts of a value, or on others whose texts are no longer; for texts of about the
   * same length it is the same function.
   */
  readonly fitsIn: (schema: JsonObject, value: JsonValue) => Fits;
}

/** Checking a value against more schemas than this takes noticeably long. */
const MAX_COST = 30_000;

interface Library {
  readonly validate: typeof validate;
  readonly dereference: typeof dereference;
}

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
    (library) => checkWith(library),
    () => {
      // Loading may succeed for the next form.
      loading = undefined;
      return undefined;
    },
  );
  return loading;
}

function checkWith(library: Library): SchemaCheck {
  const prepared = new WeakMap<JsonObject, Map<number, Prepared>>();
  const fitsOf = new WeakMap<CheckableSchema, Fits>();

  function prepare(schema: JsonObject, value: JsonValue): Prepared {
    const length = roundedLength(value);
    const known = prepared.get(schema) ?? new Map<number, Prepared>();
    prepared.set(schema, known);
    const before = known.get(length);
    if (before !== undefined) return before;
    const made = preparedFor(library, schema, length);
    known.set(length, made);
    return made;
  }

  return {
    problems: (schema, value) => {
      // The schema may be broken: two parts have one address, or it is nested deeper than the stack. That must not
      // prevent a person from answering.
      const none: FieldProblems = new Map();
      return orElse(none, () => {
        const { checkable, lookup, draft, targetOf } = prepare(schema, value);
        if (checkCost(checkable.schema, value, targetOf) > MAX_COST) return none;
        const { errors } = library.validate(value, checkable.schema as Schema, draft, lookup, false);
        return problemsOf(errors, checkable.schema, targetOf);
      });
    },
    fitsIn: (schema, value) => {
      const { checkable, lookup, draft, targetOf } = orElse(undefined, () => prepare(schema, value)) ?? {};
      if (checkable === undefined || targetOf === undefined) return () => undefined;
      const known = fitsOf.get(checkable);
      if (known !== undefined) return known;
      const fits: Fits = (part, at) => {
        if (!isJsonObject(part)) return typeof part === 'boolean' ? part : undefined;
        const copy = checkable.copies.get(part);
        if (copy === undefined) return undefined;
        return orElse(undefined, () => {
          if (checkCost(copy, at, targetOf) > MAX_COST) return undefined;
          const isFit = library.validate(at, copy as Schema, draft, lookup).valid;
          return isFit && checkable.loose.has(copy) ? undefined : isFit;
        });
      };
      fitsOf.set(checkable, fits);
      return fits;
    },
  };
}

/** A schema as the library needs it, for texts up to one length. */
interface Prepared {
  readonly checkable: CheckableSchema;
  readonly draft: SchemaDraft;
  readonly lookup: Record<string, Schema | boolean>;
  readonly targetOf: (copy: JsonObject) => JsonValue | undefined;
}

function preparedFor(library: Library, schema: JsonObject, length: number): Prepared {
  const draft = schemaDraftOf(schema);
  const checkable = checkableSchema(schema, length, draft === '7');
  const lookup = library.dereference(checkable.schema as Schema);
  const targetOf = (copy: JsonObject) => {
    const { $ref, __absolute_ref__: address } = copy as Schema;
    return $ref === undefined ? undefined : (lookup[address ?? $ref] as JsonValue | undefined);
  };
  relaxSchema(checkable, targetOf);
  return { checkable, lookup, targetOf, draft };
}

function orElse<Result>(otherwise: Result, work: () => Result): Result {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** The length of the longest text in a value, in characters, rounded up to a power of two: few schemas are prepared. */
function roundedLength(value: JsonValue): number {
  let longest = 1;
  const rest: JsonValue[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (isText(next)) longest = Math.max(longest, next.length);
    if (isJsonObject(next)) for (const key of Object.keys(next)) longest = Math.max(longest, key.length);
    if (typeof next === 'object' && next !== null) rest.push(...(Object.values(next) as JsonValue[]));
  }
  return 2 ** Math.ceil(Math.log2(longest));
}

/** The version of JSON Schema that a schema is written in. */
function schemaDraftOf({ $schema }: JsonObject): SchemaDraft {
  const address = isText($schema) ? $schema : '';
  // What draft 4 has of its own, boolean bounds, is translated before.
  return /draft-0[467]/.test(address) ? '7' : address.includes('2019-09') ? '2019-09' : '2020-12';
}
