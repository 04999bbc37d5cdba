import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { objectsIn, referencedSchema, schemasAlongside } from '../../../protocol/schema/schema-reference.js';

/** Keywords that make other schemas apply, or members required, depending on the value. */
const CONDITIONAL = ['if', 'then', 'else', 'dependentSchemas', 'dependentRequired', 'dependencies'] as const;

/** A schema and its conditions: schemas that have no other keywords than conditional ones. */
export interface SplitSchema {
  readonly plain: JsonObject;
  readonly conditions: readonly JsonObject[];
}

/**
 * Splits the conditions off a schema: its own, and an `allOf` of conditions alone. The schemas in them are those of the
 * schema, by identity.
 */
export function splitConditions(schema: JsonObject): SplitSchema {
  const { allOf } = schema;
  const others: readonly JsonObject[] | undefined =
    Array.isArray(allOf) && allOf.every(isCondition) ? allOf : undefined;
  const own = pickConditional(schema);
  if (own === undefined && others === undefined) return { plain: schema, conditions: [] };
  const plain = Object.entries(schema).filter(
    ([keyword]) => !isConditional(keyword) && (keyword !== 'allOf' || others === undefined),
  );
  return {
    plain: Object.fromEntries(plain),
    conditions: [...(own === undefined ? [] : [own]), ...(others ?? [])],
  };
}

/** The schema with these conditions as its `allOf`. */
export function withConditions(plain: JsonObject, conditions: readonly JsonObject[]): JsonObject {
  return conditions.length === 0 ? plain : { ...plain, allOf: conditions };
}

/** True for a schema of conditional keywords alone. */
export function isCondition(schema: JsonValue): schema is JsonObject {
  if (!isJsonObject(schema)) return false;
  const keywords = Object.keys(schema);
  return keywords.length > 0 && keywords.every(isConditional);
}

function isConditional(keyword: string): boolean {
  return CONDITIONAL.some((conditional) => conditional === keyword);
}

function pickConditional(schema: JsonObject): JsonObject | undefined {
  const own = Object.entries(schema).filter(([keyword]) => isConditional(keyword));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

const HAS_CONDITIONS = new WeakMap<JsonObject, boolean>();

/** True for a schema with a condition anywhere in it. */
export function hasConditions(schema: JsonObject): boolean {
  const known = HAS_CONDITIONS.get(schema);
  if (known !== undefined) return known;
  let isFound = false;
  for (const part of objectsIn(schema)) {
    isFound = CONDITIONAL.some((keyword) => part[keyword] !== undefined);
    if (isFound) break;
  }
  HAS_CONDITIONS.set(schema, isFound);
  return isFound;
}

/** The names of all members that conditions may bring, whether they apply or not. */
export function conditionalNames(conditions: readonly JsonObject[], root: JsonObject): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<JsonObject>();
  const rest: JsonObject[] = [...conditions];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { properties, required, if: condition } = next;
    if (isJsonObject(properties)) for (const name of Object.keys(properties)) names.add(name);
    const { dependentRequired, dependencies } = next;
    for (const list of [required, ...valuesOf(dependentRequired), ...valuesOf(dependencies)]) {
      if (Array.isArray(list)) for (const name of list.filter(isText)) names.add(name);
    }
    const target = referencedSchema(root, next['$ref']);
    if (target !== undefined) rest.push(target);
    rest.push(...schemasAlongside(next).filter((schema) => schema !== condition));
  }
  return names;
}

function valuesOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isJsonObject(value) ? Object.values(value) : [];
}
