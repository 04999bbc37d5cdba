import { propertiesOf } from '../../../protocol/questions/interactions.js';
import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { referencedSchema, schemasAlongside } from '../../../protocol/schema/schema-reference.js';
import { isCondition } from './conditions.js';
import { resolveSchema } from './resolve-schema.js';

/** Groups within groups up to which a condition is compared with what it brings. */
const MAX_DEPTH = 5;

/**
 * The members of a group with those that a branch of a condition adds. A member of both has to fit both, except one
 * that the condition looks at (`examined`): its other values are a person's way back. A member that the branch
 * forbids is left out.
 */
export function withProperties(
  properties: JsonObject,
  added: JsonObject,
  examined: JsonObject,
  root: JsonObject,
): JsonObject {
  const merged: Record<string, JsonValue> = { ...properties };
  const looksAt = examinedMembers(examined, root);
  for (const [name, property] of Object.entries(added)) {
    const before = Object.hasOwn(merged, name) ? merged[name] : undefined;
    // What takes any value says nothing that a person could need to return to.
    const isOpen = before === undefined || isAny(before);
    const rest = isOpen ? property : withoutExamined(property, looksAt.get(name), root, 0);
    if (rest === undefined) continue;
    if (rest === false) delete merged[name];
    else define(merged, name, before === undefined ? anyAsSchema(rest) : bothOf(before, rest, root));
  }
  return merged;
}

function isAny(schema: JsonValue): boolean {
  return schema === true || (isJsonObject(schema) && Object.keys(schema).length === 0);
}

function anyAsSchema(schema: JsonValue): JsonValue {
  return schema === true ? {} : schema;
}

function define(properties: Record<string, JsonValue>, name: string, value: JsonValue): void {
  Object.defineProperty(properties, name, { value, enumerable: true, writable: true, configurable: true });
}

/** The schema of a member that two schemas describe; that of the first when the two cannot be expressed as one. */
function bothOf(before: JsonValue, added: JsonValue, root: JsonObject): JsonValue {
  if (!isJsonObject(added) || isAny(added)) return before;
  if (!isJsonObject(before) || isAny(before)) return added;
  return remembered(BOTH, before, added, () => {
    const both = { allOf: [before, added] };
    const { allOf } = resolveSchema(both, root).schema;
    return Array.isArray(allOf) && !allOf.every((part: JsonValue) => isCondition(part)) ? before : both;
  });
}

/** The members that a condition looks at, with the schemas that it compares them with. */
function examinedMembers(schema: JsonObject, root: JsonObject): ReadonlyMap<string, readonly JsonObject[]> {
  const members = new Map<string, JsonObject[]>();
  const seen = new Set<JsonObject>();
  const rest: (JsonValue | undefined)[] = [schema];
  while (rest.length > 0) {
    const next = rest.pop();
    if (!isJsonObject(next) || seen.has(next)) continue;
    seen.add(next);
    const { required, $ref, not } = next;
    const named = Array.isArray(required) ? required.filter(isText).map((name) => [name, true] as const) : [];
    for (const [name, property] of [...Object.entries(propertiesOf(next)), ...named]) {
      const known = members.get(name) ?? [];
      members.set(name, isJsonObject(property) ? [...known, property] : known);
    }
    rest.push(referencedSchema(root, $ref), not, ...schemasAlongside(next));
  }
  return members;
}

/** The part of a branch about a member that its condition does not read; undefined for none. */
function withoutExamined(
  property: JsonValue,
  examined: readonly JsonObject[] | undefined,
  root: JsonObject,
  depth: number,
): JsonValue | undefined {
  if (examined === undefined) return property;
  const [first, ...others] = examined;
  if (!isJsonObject(property) || !isJsonObject(property['properties']) || depth > MAX_DEPTH) return undefined;
  if (first === undefined) return property;
  return remembered(REST, property, first, () => {
    const inner = examinedMembers({ allOf: [first, ...others] }, root);
    const properties = Object.entries(propertiesOf(property)).flatMap(([name, member]) => {
      const rest = withoutExamined(member, inner.get(name), root, depth + 1);
      return rest === undefined ? [] : [[name, rest] as const];
    });
    return { ...property, properties: Object.fromEntries(properties) };
  });
}

type Memory = WeakMap<JsonObject, WeakMap<JsonObject, JsonObject>>;

/** Schemas made of two others: the same two make the same one, by identity, so that what is known of it is found. */
const BOTH: Memory = new WeakMap();
const REST: Memory = new WeakMap();

function remembered(memory: Memory, one: JsonObject, two: JsonObject, make: () => JsonObject): JsonObject {
  const known = memory.get(one) ?? new WeakMap<JsonObject, JsonObject>();
  memory.set(one, known);
  const made = known.get(two) ?? make();
  known.set(two, made);
  return made;
}
