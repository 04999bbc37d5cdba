import {
  isFiniteNumber,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/values/json.js';

/** A list with more places than this is entered as JSON. */
const MAX_PLACES = 100;

/** The schemas of the items of a list. */
export interface ListParts {
  /** Those of the first items, one each; empty for a list whose items share one. */
  readonly places: readonly JsonValue[];
  /** The schema of the items after these. */
  readonly rest: JsonObject;
  /** True when a person can add items after the places. */
  readonly isExtensible: boolean;
  /** True when there can be items after the places. */
  readonly isOpen: boolean;
}

/**
 * Reads `prefixItems` with `items`, or what these were before draft 2020-12: a list of `items` with `additionalItems`.
 * Undefined when the schema does not describe the items of a list, or more places than a form can show.
 */
export function listParts(schema: JsonObject): ListParts | undefined {
  const { prefixItems, items, additionalItems, minItems } = schema;
  const [places, rest] = Array.isArray(prefixItems)
    ? [prefixItems, items]
    : Array.isArray(items)
      ? [items, additionalItems]
      : [[], items];
  const isTuple = places.length > 0;
  if ((!isTuple && !isJsonObject(rest)) || places.length > MAX_PLACES) return undefined;
  // Items of any kind are allowed after the places unless the schema forbids it; few mean that as an offer.
  const isNeeded = isFiniteNumber(minItems) && minItems > places.length && rest !== false;
  return {
    places,
    rest: isJsonObject(rest) ? rest : {},
    isExtensible: isJsonObject(rest) || isNeeded,
    isOpen: rest !== false,
  };
}

/** True for a schema that describes the items of a list. */
export function describesItems({ prefixItems, items }: JsonObject): boolean {
  return Array.isArray(prefixItems) || Array.isArray(items) || isJsonObject(items);
}
