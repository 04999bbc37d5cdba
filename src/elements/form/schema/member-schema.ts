import { isJsonObject, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { matchesPattern } from './safe-pattern.js';

/** The patterns of names for which a schema describes the members, with these descriptions. */
export function patternsOf({
  patternProperties,
}: JsonObject): readonly (readonly [pattern: string, schema: JsonValue])[] {
  return isJsonObject(patternProperties) ? Object.entries(patternProperties) : [];
}

/** What the patterns of a schema say about a member of this name. */
export function patternSchemas(schema: JsonObject, name: string): readonly JsonValue[] {
  return patternsOf(schema)
    .filter(([pattern]) => matchesPattern(name, pattern))
    .map(([, member]) => member);
}

/** The schema of a member that has no property of its own; empty when anything goes. */
export function memberSchema(schema: JsonObject, name: string): JsonObject {
  const { additionalProperties = true } = schema;
  const matching = patternSchemas(schema, name);
  return allOf(matching.length > 0 ? matching : [additionalProperties]);
}

/** One schema for several that apply together. */
export function allOf(schemas: readonly JsonValue[]): JsonObject {
  const [only, ...others] = schemas.filter(isJsonObject);
  if (only === undefined) return {};
  return others.length === 0 ? only : { allOf: [only, ...others] };
}
