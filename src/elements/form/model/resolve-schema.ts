import { isJsonObject, type JsonObject, type JsonValue } from '../../../protocol/json.js';
import { referencedSchema } from '../../../protocol/schema-reference.js';

/** A schema without indirection at its top. */
export interface ResolvedSchema {
  readonly schema: JsonObject;
  /** True when `null` is a value of it. */
  readonly isNullable: boolean;
}

/** References to references are followed up to this many times; one that refers to itself stays as it is. */
const MAX_STEPS = 8;

/**
 * Unwraps references within the document, “this or null” and an `allOf` of one: the ways in which
 * schema generators wrap a plain schema. Anything else stays as it is. `isNamed` is true for the schema of a
 * property, which has a name of its own and does not take the title of the definition it refers to.
 */
export function resolveSchema(raw: JsonObject, root: JsonObject, isNamed = false): ResolvedSchema {
  let schema = raw;
  let isNullable = false;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const target = referencedSchema(root, schema['$ref']);
    const inner = target ?? singleSchema(schema['allOf']) ?? withoutNull(schema);
    if (inner === undefined) break;
    isNullable ||= withoutNull(schema) === inner;
    const { $ref: _ref, allOf: _allOf, anyOf: _anyOf, oneOf: _oneOf, ...own } = schema;
    const { title, ...untitled } = inner;
    const hasTitle = title !== undefined && !(isNamed && target !== undefined);
    schema = { ...untitled, ...(hasTitle ? { title } : {}), ...own };
  }
  return { schema, isNullable: isNullable || takesNull(schema) };
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

function singleSchema(schemas: JsonValue | undefined): JsonObject | undefined {
  if (!Array.isArray(schemas) || schemas.length !== 1) return undefined;
  const [only]: readonly JsonValue[] = schemas;
  return isJsonObject(only) ? only : undefined;
}

/** The other alternative, when one of two is null. */
function withoutNull({ anyOf, oneOf }: JsonObject): JsonObject | undefined {
  const alternatives = Array.isArray(anyOf) ? anyOf : oneOf;
  if (!Array.isArray(alternatives)) return undefined;
  const others = alternatives.filter(
    (schema: JsonValue) => !isJsonObject(schema) || schema['type'] !== 'null',
  );
  return others.length < alternatives.length ? singleSchema(others) : undefined;
}
