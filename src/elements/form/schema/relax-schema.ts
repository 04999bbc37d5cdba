import { isJsonObject, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { schemasAlongside } from '../../../protocol/schema/schema-reference.js';
import type { CheckableSchema, OwnSchema } from './checkable-schema.js';

type TargetOf = (copy: JsonObject) => JsonValue | undefined;

/**
 * Relaxes the parts of a checkable schema around those that allow more than the original, so that none refuses what the
 * original allows: `not {}` would refuse everything, and two alternatives of which one became `{}` would both fit.
 * Changes the schema, and adds each part that has a loose one in it to its `loose`. `targetOf` finds the schema that a
 * reference names; a reference without target is left out.
 */
export function relaxSchema({ copies, loose }: CheckableSchema, targetOf: TargetOf): void {
  const parts = [...copies.values()];
  for (const part of parts) {
    if (part['$ref'] === undefined || targetOf(part) !== undefined) continue;
    delete part['$ref'];
    loose.add(part);
  }
  const isIncomplete = new Set(loose);
  spreadLoose(parts, loose, targetOf);
  const isLoose = (value: JsonValue | undefined) => isJsonObject(value) && loose.has(value);
  for (const part of parts) {
    if (!loose.has(part)) continue;
    if (isLoose(part['if'])) isIncomplete.add(part);
    relax(part, isLoose);
  }
  for (const part of parts) {
    if (part['unevaluatedProperties'] === undefined && part['unevaluatedItems'] === undefined) continue;
    if (![...sameValue(part, targetOf)].some((other) => isIncomplete.has(other))) continue;
    // Which members the rule that was left out would have allowed is not known.
    delete part['unevaluatedProperties'];
    delete part['unevaluatedItems'];
  }
}

/** Adds each part that contains or refers to a loose one. */
function spreadLoose(parts: readonly OwnSchema[], loose: Set<JsonObject>, targetOf: TargetOf): void {
  const outer = new Map<JsonValue, OwnSchema[]>();
  for (const part of parts) {
    for (const inner of [targetOf(part), ...Object.values(part).flatMap(schemasIn)]) {
      if (!isJsonObject(inner)) continue;
      const known = outer.get(inner);
      if (known === undefined) outer.set(inner, [part]);
      else known.push(part);
    }
  }
  const rest = [...loose];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    for (const part of outer.get(next) ?? []) {
      if (loose.has(part)) continue;
      loose.add(part);
      rest.push(part);
    }
  }
}

/** The schemas directly in the value of a keyword: itself, those that it lists, those that it names. */
function schemasIn(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? [value, ...Object.values(value)] : [];
}

function relax(part: OwnSchema, isLoose: (value: JsonValue | undefined) => boolean): void {
  const { not, oneOf, anyOf, allOf, contains } = part;
  if (isLoose(not)) delete part['not'];
  // What a loose condition refuses, the original refuses too: `else` stays.
  if (isLoose(part['if'])) delete part['then'];
  if (isLoose(contains)) delete part['maxContains'];
  if (!Array.isArray(oneOf) || !oneOf.some(isLoose)) return;
  delete part['oneOf'];
  if (anyOf === undefined) part['anyOf'] = oneOf;
  else part['allOf'] = [...(Array.isArray(allOf) ? allOf : []), { anyOf: oneOf }];
}

/** The parts that describe the same value as a part, itself included; each once. */
function sameValue(part: JsonObject, targetOf: TargetOf): ReadonlySet<JsonObject> {
  const found = new Set<JsonObject>();
  const rest: (JsonValue | undefined)[] = [part];
  while (rest.length > 0) {
    const next = rest.pop();
    if (!isJsonObject(next) || found.has(next)) continue;
    found.add(next);
    rest.push(targetOf(next), ...schemasAlongside(next));
  }
  return found;
}
