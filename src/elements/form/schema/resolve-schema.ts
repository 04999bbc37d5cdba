import { isJsonObject, isSameJson, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { isCondition } from './conditions.js';
import { mergeSchemas } from './merge-schemas.js';
import { withTypeNames } from './type-names.js';
import { referencedSchema } from '../../../protocol/schema/schema-reference.js';

/** A schema without indirection at its top. */
export interface ResolvedSchema {
  readonly schema: JsonObject;
  /** True when `null` is a value of it. */
  readonly isNullable: boolean;
}

/** References to references are followed up to this many times; one that refers to itself stays as it is. */
const MAX_STEPS = 8;

/**
 * Unwraps references within the document, “this or null” and `allOf`: the ways in which schema generators wrap a plain
 * schema, and in which OpenAPI writes inheritance. Anything else stays as it is, also an `allOf` whose schemas cannot be
 * merged. `isNamed` is true for the schema of a property, which has a name of its own and does not take the title of the
 * definition it refers to.
 */
export function resolveSchema(raw: JsonObject, root: JsonObject, isNamed = false): ResolvedSchema {
  return resolve(raw, { root, known: knownOf(root), isNamed, isOpen: new Set() });
}

interface Resolution {
  readonly root: JsonObject;
  readonly known: KnownSchemas;
  readonly isNamed: boolean;
  /** Schemas that are being resolved: one of them within itself stays as it is. */
  readonly isOpen: Set<JsonObject>;
}

/** The resolved schemas of a document. A part that is met again is the same object, so that recursion shows. */
type KnownSchemas = Readonly<Record<'named' | 'other', WeakMap<JsonObject, ResolvedSchema>>>;

const KNOWN = new WeakMap<JsonObject, KnownSchemas>();

function knownOf(root: JsonObject): KnownSchemas {
  const known = KNOWN.get(root) ?? { named: new WeakMap(), other: new WeakMap() };
  KNOWN.set(root, known);
  return known;
}

function resolve(raw: JsonObject, resolution: Resolution): ResolvedSchema {
  const known = resolution.known[resolution.isNamed ? 'named' : 'other'];
  const before = known.get(raw);
  if (before !== undefined) return before;
  if (resolution.isOpen.has(raw)) return { schema: raw, isNullable: false };
  resolution.isOpen.add(raw);
  let schema = withTypeNames(raw);
  let isNullable = false;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    isNullable ||= isNullableAround(schema);
    const next = unwrap(schema, resolution);
    if (next === undefined) break;
    isNullable ||= next.isNullable;
    schema = withTypeNames(next.schema);
  }
  resolution.isOpen.delete(raw);
  const resolved = { schema, isNullable: isNullable || takesNull(schema) };
  known.set(raw, resolved);
  return resolved;
}

/** Takes one wrapping off; undefined when there is none that can be taken off. */
function unwrap(schema: JsonObject, resolution: Resolution): ResolvedSchema | undefined {
  const target = referencedSchema(resolution.root, schema['$ref']);
  if (target !== undefined) {
    const { $ref: _ref, ...own } = schema;
    const { title, ...untitled } = target;
    return merged(own, [title === undefined || resolution.isNamed ? untitled : target], false);
  }
  const { allOf, ...others } = schema;
  if (
    Array.isArray(allOf) &&
    allOf.every(isJsonObject) &&
    allOf.some((part: JsonValue) => !isCondition(part))
  ) {
    const [only]: readonly JsonObject[] = allOf;
    if (allOf.length === 1 && only !== undefined) return merged(others, [only], false);
    const parts = allOf.map((part: JsonObject) => resolve(part, resolution));
    return merged(
      others,
      parts.map((part) => part.schema),
      parts.every((part) => part.isNullable),
    );
  }
  const { anyOf, oneOf, ...own } = schema;
  const alternatives: JsonValue | undefined = Array.isArray(anyOf) ? anyOf : oneOf;
  if (!Array.isArray(alternatives)) return undefined;
  const present = withoutNull(alternatives, resolution.root);
  const isNullable = present.length < alternatives.length;
  const inner = singleSchema(present);
  if (inner !== undefined && !isConstant(inner)) return merged(own, [inner], isNullable);
  if (!isNullable) return undefined;
  return { schema: { ...own, [Array.isArray(anyOf) ? 'anyOf' : 'oneOf']: present }, isNullable: true };
}

function merged(
  own: JsonObject,
  parts: readonly JsonObject[],
  isNullable: boolean,
): ResolvedSchema | undefined {
  let schema: JsonObject | undefined = own;
  for (const part of parts) schema = schema === undefined ? undefined : mergeSchemas(schema, part);
  return schema === undefined ? undefined : { schema, isNullable };
}

/** True for `nullable` of OpenAPI 3.0 next to a reference or a combination of schemas, whatever these allow. */
function isNullableAround({ nullable, ...schema }: JsonObject): boolean {
  return (
    nullable === true && ['$ref', 'allOf', 'anyOf', 'oneOf'].some((keyword) => schema[keyword] !== undefined)
  );
}

/** True when a schema says itself that null is one of its values; `nullable` is that of OpenAPI 3.0. */
function takesNull({ type, enum: values, const: only, nullable, oneOf, anyOf }: JsonObject): boolean {
  if (only !== undefined || Array.isArray(values)) {
    return only === null || (Array.isArray(values) && values.includes(null));
  }
  if (nullable === true || type === 'null' || (Array.isArray(type) && type.includes('null'))) return true;
  return [oneOf, anyOf].some(
    (alternatives) =>
      Array.isArray(alternatives) &&
      alternatives.some((option: JsonValue) => isJsonObject(option) && option['const'] === null),
  );
}

function singleSchema(schemas: readonly JsonValue[]): JsonObject | undefined {
  const [only, ...others] = schemas;
  return others.length === 0 && isJsonObject(only) ? only : undefined;
}

/** The alternatives that are more than null; all of them when they are constants: then null is one to choose. */
function withoutNull(alternatives: readonly JsonValue[], root: JsonObject): readonly JsonValue[] {
  if (alternatives.every(isConstant)) return alternatives;
  const present = alternatives.filter((schema) => !isNothingButNull(schema, root));
  return present.length === 0 ? alternatives : present;
}

function isConstant(schema: JsonValue): boolean {
  return isJsonObject(schema) && schema['const'] !== undefined;
}

function isNothingButNull(stated: JsonValue, root: JsonObject): boolean {
  if (!isJsonObject(stated)) return false;
  const target = referencedSchema(root, stated['$ref']) ?? stated;
  const { type, enum: values, const: only } = withTypeNames(target);
  return type === 'null' || only === null || (Array.isArray(values) && isSameJson(values, [null]));
}
