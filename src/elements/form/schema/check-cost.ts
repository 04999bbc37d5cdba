import { isJsonObject, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { schemasAlongside, schemasOfMember } from '../../../protocol/schema/schema-reference.js';

/** Pairs of values that the library compares per schema that it checks in the same time. */
const PAIRS = 50;

/**
 * The number of schemas, at most, that a check of a value against a schema involves; Infinity when the schema refers
 * to itself without end. Takes time in proportion to the schemas times the values, also where the check would take
 * exponentially more: each schema and value are counted once. `targetOf` finds the schema that a reference names.
 *
 * @throws RangeError when the value is nested deeper than the stack.
 */
export function checkCost(
  schema: JsonObject,
  value: JsonValue,
  targetOf: (schema: JsonObject) => JsonValue | undefined,
): number {
  const known = new Map<JsonObject, Map<JsonValue, number>>();

  function costOf(part: JsonValue | undefined, at: JsonValue): number {
    if (!isJsonObject(part)) return 1;
    const costs = known.get(part) ?? new Map<JsonValue, number>();
    known.set(part, costs);
    const before = costs.get(at);
    if (before !== undefined) return before;
    // Placeholder until the number is known: a schema that is reached again from itself never ends.
    costs.set(at, Number.POSITIVE_INFINITY);
    const { not, uniqueItems, contains, propertyNames } = part;
    let cost = 1 + sum([targetOf(part), not, ...schemasAlongside(part)], at);
    if (Array.isArray(at) || isJsonObject(at)) {
      for (const [key, member] of Object.entries(at)) {
        const ofMember = Array.isArray(at) ? [contains] : [propertyNames];
        cost += sum([...ofMember, ...schemasOfMember(part, key)], member as JsonValue);
      }
      if (uniqueItems === true && Array.isArray(at)) cost += at.length ** 2 / PAIRS;
    }
    costs.set(at, cost);
    return cost;
  }

  function sum(parts: readonly (JsonValue | undefined)[], at: JsonValue): number {
    let total = 0;
    for (const part of parts) if (part !== undefined) total += costOf(part, at);
    return total;
  }

  return costOf(schema, value);
}
