import { isText, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';

/** The types of JSON schema. */
const NAMES = new Set(['null', 'boolean', 'object', 'array', 'number', 'integer', 'string']);

/** A type as JSON schema writes it; some generators (Gemini, old OpenAPI tools) write `STRING`. */
function typeName(stated: JsonValue): JsonValue {
  const name = isText(stated) ? stated.toLowerCase() : '';
  return NAMES.has(name) ? name : stated;
}

/** The schema with its types as JSON schema writes them; the same object when it has them so. */
export function withTypeNames(schema: JsonObject): JsonObject {
  const { type } = schema;
  if (type === undefined) return schema;
  const stated: readonly JsonValue[] = Array.isArray(type) ? type : [type];
  const names = stated.map(typeName);
  if (names.every((name, index) => name === stated[index])) return schema;
  return { ...schema, type: Array.isArray(type) ? names : (names[0] ?? type) };
}

/** True for a schema that states a type which there is not: no value would fit it. */
export function hasUnknownType({ type }: JsonObject): boolean {
  if (type === undefined) return false;
  const names: readonly JsonValue[] = Array.isArray(type) ? type : [type];
  return !names.every((name) => isText(name) && NAMES.has(name));
}
