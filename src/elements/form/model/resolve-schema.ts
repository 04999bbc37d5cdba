import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../../protocol/json.js';

/** A schema without indirection at its top. */
export interface ResolvedSchema {
  readonly schema: JsonObject;
  /** True when `null` is a value of it. */
  readonly isNullable: boolean;
}

/** References to references are followed so often; one that refers to itself stays as it is. */
const MAX_STEPS = 8;

/**
 * Follows references within the document, “this or null” and an `allOf` of one: the ways in which
 * generators of schemas wrap a plain one. Anything else is left as it is. `isNamed`: the schema is that of
 * something with a name of its own, which the title of a definition is not.
 */
export function resolveSchema(raw: JsonObject, root: JsonObject, isNamed = false): ResolvedSchema {
  let schema = raw;
  let isNullable = false;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const target = targetOf(schema, root);
    const inner = target ?? onlyOf(schema['allOf']) ?? orNull(schema);
    if (inner === undefined) break;
    isNullable ||= orNull(schema) === inner;
    const { $ref: _ref, allOf: _allOf, anyOf: _anyOf, oneOf: _oneOf, ...own } = schema;
    const { title, ...untitled } = inner;
    const hasTitle = title !== undefined && !(isNamed && target !== undefined);
    schema = { ...untitled, ...(hasTitle ? { title } : {}), ...own };
  }
  const { type, enum: values } = schema;
  return {
    schema,
    isNullable:
      isNullable ||
      (Array.isArray(type) && type.includes('null')) ||
      (Array.isArray(values) && values.includes(null)),
  };
}

function targetOf(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const { $ref } = schema;
  if (!isText($ref) || !$ref.startsWith('#')) return undefined;
  const target = valueAt(root, $ref.slice(1));
  return isJsonObject(target) ? target : undefined;
}

function onlyOf(schemas: JsonValue | undefined): JsonObject | undefined {
  if (!Array.isArray(schemas) || schemas.length !== 1) return undefined;
  const [only]: readonly JsonValue[] = schemas;
  return isJsonObject(only) ? only : undefined;
}

/** The other alternative, where one of two is null. */
function orNull({ anyOf, oneOf }: JsonObject): JsonObject | undefined {
  const alternatives = Array.isArray(anyOf) ? anyOf : oneOf;
  if (!Array.isArray(alternatives)) return undefined;
  const others = alternatives.filter(
    (schema: JsonValue) => !isJsonObject(schema) || schema['type'] !== 'null',
  );
  return others.length < alternatives.length ? onlyOf(others) : undefined;
}

/** The keys of a JSON pointer (RFC 6901). */
export function pointerKeys(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a JSON pointer, or undefined. Sees own members only. */
export function valueAt(value: JsonValue | undefined, pointer: string): JsonValue | undefined {
  let current = value;
  for (const key of pointerKeys(pointer)) current = memberOf(current, key);
  return current;
}

/** An own member of an object, or an item of a list; undefined when there is none. */
export function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    return items[Number(key)];
  }
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A name of a member in words: `maxPrice` and `max_price` are “Max price”. */
export function toWords(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
