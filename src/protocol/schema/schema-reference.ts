import { isJsonObject, isText, type JsonObject, type JsonValue } from '../values/json.js';
import { valueAt } from './json-pointer.js';

/** The anchors of the schemas that were asked for; a question asks for the same ones again and again. */
const ANCHORS = new WeakMap<JsonObject, ReadonlyMap<string, JsonObject>>();

/**
 * Finds the schema that a `$ref` within the document names: by a JSON pointer as a URI fragment (RFC 6901 section 6:
 * percent-encoded), or by an anchor (`$anchor`, before 2019-09 `$id: "#name"`). Undefined for any other reference.
 */
export function referencedSchema(root: JsonObject, reference: JsonValue | undefined): JsonObject | undefined {
  if (!isText(reference) || !reference.startsWith('#')) return undefined;
  const fragment = decodedFragment(reference.slice(1));
  if (fragment === undefined) return undefined;
  const isPointer = fragment === '' || fragment.startsWith('/');
  const found = isPointer ? valueAt(root, fragment) : anchorsOf(root).get(fragment);
  return isJsonObject(found) ? found : undefined;
}

/** Keywords with one schema for the same value. */
const SAME_VALUE = ['if', 'then', 'else'] as const;
/** Keywords that list schemas for the same value. */
const SAME_VALUE_LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
/** Keywords that name schemas for the same value, which apply when it has a member; names of members stand there too. */
const BY_MEMBER = ['dependentSchemas', 'dependencies'] as const;

/**
 * Lists the schemas in a schema that may describe the same value as the schema itself, without what its reference
 * names. `not` is left out: it says what the value is not.
 */
export function schemasAlongside(schema: JsonObject): readonly JsonObject[] {
  const lists = SAME_VALUE_LISTS.flatMap((keyword) => listOf(schema[keyword]));
  const named = BY_MEMBER.flatMap((keyword) => valuesOf(schema[keyword]));
  return [...lists, ...SAME_VALUE.map((keyword) => schema[keyword]), ...named].filter(isJsonObject);
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function valuesOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isJsonObject(value) ? Object.values(value) : [];
}

/**
 * Lists the schemas that may describe a member of an object, or an item of a list. Any pattern of names may match the
 * name.
 */
export function schemasOfMember(schema: JsonObject, key: string): readonly JsonObject[] {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties } = schema;
  const named = isJsonObject(properties) && Object.hasOwn(properties, key) ? [properties[key]] : [];
  const { items, prefixItems, additionalItems, unevaluatedItems } = schema;
  const position = Number(key);
  const tuple = Array.isArray(prefixItems) ? prefixItems : listOf(items);
  const isPosition = Number.isInteger(position);
  const ofItems = isPosition ? [tuple[position], items, additionalItems, unevaluatedItems] : [];
  const others = named.length > 0 ? [] : [additionalProperties, unevaluatedProperties];
  return [...named, ...valuesOf(patternProperties), ...others, ...ofItems].filter(isJsonObject);
}

function decodedFragment(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

function anchorsOf(root: JsonObject): ReadonlyMap<string, JsonObject> {
  const known = ANCHORS.get(root);
  if (known !== undefined) return known;
  const anchors = new Map<string, JsonObject>();
  for (const part of objectsIn(root)) {
    const { $anchor, $dynamicAnchor, $id } = part;
    const ids = [$anchor, $dynamicAnchor, isText($id) && $id.startsWith('#') ? $id.slice(1) : undefined];
    for (const id of ids) if (isText(id) && id !== '' && !anchors.has(id)) anchors.set(id, part);
  }
  ANCHORS.set(root, anchors);
  return anchors;
}

/** Lists all objects in a value, itself included. Works without recursion: a hostile schema is nested deeply. */
export function* objectsIn(value: JsonValue): Generator<JsonObject, void, undefined> {
  const rest: JsonValue[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (isJsonObject(next)) yield next;
    for (const member of Object.values(next)) rest.push(member as JsonValue);
  }
}
