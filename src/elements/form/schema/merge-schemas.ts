import {
  canonicalJson,
  isFiniteNumber,
  isJsonObject,
  isSameJson,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/values/json.js';
import { splitConditions, withConditions } from './conditions.js';

/** The stricter of two bounds. */
const BOUNDS: Readonly<Record<string, (a: number, b: number) => number>> = {
  minimum: Math.max,
  exclusiveMinimum: Math.max,
  minLength: Math.max,
  minItems: Math.max,
  minProperties: Math.max,
  maximum: Math.min,
  exclusiveMaximum: Math.min,
  maxLength: Math.min,
  maxItems: Math.min,
  maxProperties: Math.min,
};

/** Keywords that cannot be expressed as one when two schemas state them differently. */
const EXCLUSIVE = new Set(['const', 'pattern', 'multipleOf', 'oneOf', 'anyOf', 'not', '$ref', 'allOf']);

/**
 * Merges two schemas that apply to the same value (`allOf`) into one that a form can be made of. Words (titles,
 * descriptions, defaults) are those of the first schema that has them. Undefined when one schema cannot say what the
 * two say. Conditions of both are in the `allOf` of the result.
 */
export function mergeSchemas(first: JsonObject, second: JsonObject): JsonObject | undefined {
  const [one, other] = [splitConditions(first), splitConditions(second)];
  const conditions = [...one.conditions, ...other.conditions];
  const merged = mergePlain(one.plain, other.plain);
  if (merged === undefined || conditions.length === 0) return merged;
  // With an `allOf` that cannot be merged, the two cannot be expressed as one.
  return merged['allOf'] === undefined ? withConditions(merged, conditions) : undefined;
}

function mergePlain(first: JsonObject, second: JsonObject): JsonObject | undefined {
  const merged: Record<string, JsonValue> = { ...first };
  for (const [keyword, stated] of Object.entries(second)) {
    const before = Object.hasOwn(merged, keyword) ? merged[keyword] : undefined;
    const both =
      before === undefined || isSameJson(before, stated) ? stated : mergeKeyword(keyword, before, stated);
    if (both === undefined) return undefined;
    Object.defineProperty(merged, keyword, {
      value: both,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return merged;
}

/** The value of a keyword that two schemas state differently; undefined when there is none. */
function mergeKeyword(keyword: string, first: JsonValue, second: JsonValue): JsonValue | undefined {
  const strictest = Object.hasOwn(BOUNDS, keyword) ? BOUNDS[keyword] : undefined;
  if (strictest !== undefined) {
    return isFiniteNumber(first) && isFiniteNumber(second) ? strictest(first, second) : undefined;
  }
  if (EXCLUSIVE.has(keyword)) return undefined;
  switch (keyword) {
    case 'properties':
      return isJsonObject(first) && isJsonObject(second) ? mergeProperties(first, second) : undefined;
    case 'required':
      return Array.isArray(first) && Array.isArray(second) ? [...new Set([...first, ...second])] : undefined;
    case 'type':
      return mergeTypes(first, second);
    case 'enum':
      return commonValues(first, second);
    case 'items':
      return { allOf: [first, second] };
    default:
      return first;
  }
}

/** A member that both describe has to fit both. */
function mergeProperties(first: JsonObject, second: JsonObject): JsonObject {
  const merged = Object.entries(second).map(([name, property]) => {
    const before = Object.hasOwn(first, name) ? first[name] : undefined;
    return [
      name,
      before === undefined || isSameJson(before, property) ? property : { allOf: [before, property] },
    ];
  });
  return { ...first, ...(Object.fromEntries(merged) as JsonObject) };
}

function mergeTypes(first: JsonValue, second: JsonValue): JsonValue | undefined {
  const types = (value: JsonValue) => (Array.isArray(value) ? value : [value]).filter(isText);
  const others = types(second);
  const common = types(first).flatMap((type) => {
    if (others.includes(type)) return [type];
    // Each integer is a number.
    if (type === 'integer' && others.includes('number')) return [type];
    return type === 'number' && others.includes('integer') ? ['integer'] : [];
  });
  return common.length > 1 ? common : common[0];
}

function commonValues(first: JsonValue, second: JsonValue): JsonValue | undefined {
  if (!Array.isArray(first) || !Array.isArray(second)) return undefined;
  const others = new Set(second.map(canonicalJson));
  const common = first.filter((value: JsonValue) => others.has(canonicalJson(value)));
  return common.length === 0 ? undefined : common;
}
