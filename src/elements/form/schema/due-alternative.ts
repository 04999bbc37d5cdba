import { propertiesOf } from '../../../protocol/questions/interactions.js';
import { isJsonObject, isSameJson, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { resolveSchema } from './resolve-schema.js';
import { alternativesOf } from './schema-alternatives.js';
import type { Fits } from './schema-check.js';

/** Alternatives up to which the fitting one is searched. */
const MAX_ALTERNATIVES = 100;

/** The rules that several alternatives share, by their positions. */
type Common = Map<string, JsonObject>;

const COMMON = new WeakMap<readonly JsonValue[], Common>();

/**
 * The alternative (`oneOf`, `anyOf`) of a condition's schema that the members entered so far decide for; while they leave
 * several, what these have in common: the members to decide with. Undefined without alternatives, and when none is left.
 *
 * Only members with listed values decide, so that fields do not disappear while a person types into them.
 */
export function chosenAlternative(
  schema: JsonObject,
  value: JsonObject,
  fits: Fits,
  root: JsonObject,
): JsonObject | undefined {
  const raw: JsonValue | undefined = alternativesOf(schema);
  if (!Array.isArray(raw) || raw.length > MAX_ALTERNATIVES || !raw.every(isJsonObject)) return undefined;
  const alternatives: readonly JsonObject[] = raw.map(
    (alternative: JsonObject) => resolveSchema(alternative, root).schema,
  );
  const deciding = decidingNames(alternatives, root);
  const left = alternatives.filter((alternative) =>
    Object.entries(propertiesOf(alternative)).every(
      ([name, property]) =>
        !deciding.has(name) || !Object.hasOwn(value, name) || fits(property, value[name] ?? null) !== false,
    ),
  );
  if (left.length === 0) return undefined;
  const known: Common = COMMON.get(raw) ?? new Map<string, JsonObject>();
  COMMON.set(raw, known);
  const key = left.map((alternative) => alternatives.indexOf(alternative)).join();
  const [only] = left;
  const common =
    known.get(key) ??
    (left.length === 1 && only !== undefined
      ? withWayBack(only, alternatives, deciding, root)
      : commonOf(left, deciding, root));
  known.set(key, common);
  return common;
}

/** The members whose values are listed in one alternative and that another one describes too. */
function decidingNames(alternatives: readonly JsonObject[], root: JsonObject): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const listed = new Set<string>();
  for (const alternative of alternatives) {
    for (const [name, property] of Object.entries(propertiesOf(alternative))) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (isJsonObject(property) && valuesOf(resolveSchema(property, root).schema) !== undefined) {
        listed.add(name);
      }
    }
  }
  return new Set([...listed].filter((name) => (counts.get(name) ?? 0) > 1));
}

/** An alternative whose deciding members also take the values of the others: a person may decide otherwise. */
function withWayBack(
  alternative: JsonObject,
  alternatives: readonly JsonObject[],
  deciding: ReadonlySet<string>,
  root: JsonObject,
): JsonObject {
  const properties = Object.entries(propertiesOf(alternative)).map(([name, property]) => [
    name,
    deciding.has(name) ? eitherOf(propertiesNamed(alternatives, name), root) : property,
  ]);
  return { ...alternative, properties: Object.fromEntries(properties) as JsonObject };
}

function propertiesNamed(alternatives: readonly JsonObject[], name: string): readonly JsonObject[] {
  return alternatives.flatMap((alternative) => {
    const properties = propertiesOf(alternative);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isJsonObject(property) ? [property] : [];
  });
}

function commonOf(
  alternatives: readonly JsonObject[],
  deciding: ReadonlySet<string>,
  root: JsonObject,
): JsonObject {
  const names = [...new Set(alternatives.flatMap((alternative) => Object.keys(propertiesOf(alternative))))];
  const isCommon = (name: string) =>
    alternatives.every((alternative) => Object.hasOwn(propertiesOf(alternative), name));
  // Without a member to decide with, all members are shown.
  const isOpen = names.every((name) => !deciding.has(name) || !isCommon(name));
  const shown = names.filter((name) => isOpen || isCommon(name));
  const properties = shown.map((name) => [name, eitherOf(propertiesNamed(alternatives, name), root)]);
  const required = shown.filter((name) =>
    alternatives.every(({ required: list }) => Array.isArray(list) && list.includes(name)),
  );
  return { properties: Object.fromEntries(properties) as JsonObject, required };
}

/** A schema for the values of any of these. */
function eitherOf(schemas: readonly JsonObject[], root: JsonObject): JsonObject {
  const [first = {}, ...others] = schemas;
  if (others.every((other) => isSameJson(first, other))) return first;
  const resolved = schemas.map((schema) => resolveSchema(schema, root).schema);
  const values = resolved.map(valuesOf);
  const listed = values.flatMap((list) => list ?? []);
  if (values.includes(undefined)) return { anyOf: schemas };
  const { const: _const, enum: _enum, ...words } = resolved[0] ?? {};
  return { ...words, enum: listed };
}

/** The values that a schema lists. */
function valuesOf({ const: only, enum: listed }: JsonObject): readonly JsonValue[] | undefined {
  if (only !== undefined) return [only];
  return Array.isArray(listed) ? listed : undefined;
}
