import { propertiesOf } from '../../../protocol/questions/interactions.js';
import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { conditionalNames, splitConditions } from './conditions.js';
import { chosenAlternative } from './due-alternative.js';
import { withProperties } from './due-properties.js';
import { memberSchema } from './member-schema.js';
import { mergeSchemas } from './merge-schemas.js';
import { resolveSchema } from './resolve-schema.js';
import type { Fits } from './schema-check.js';

/** The decisions about conditions. */
export interface Deciding {
  readonly fits: Fits;
  /** The conditions that add something: those that hold, or for a start none, or all when they contradict each other. */
  readonly branches: 'none' | 'due' | 'all';
}

/** The schema of a group, as it is for one value. */
export interface DueSchema {
  /** The schema with everything that its conditions add for the value. */
  readonly schema: JsonObject;
  /** The members that its conditions may bring, but do not for this value. */
  readonly absentNames: ReadonlySet<string>;
}

/** Conditions of one group up to which they are followed: a schema that refers to itself has no last one. */
const MAX_CONDITIONS = 200;

const NO_NAMES: ReadonlySet<string> = new Set();

/**
 * Adds to the schema of a group what its conditions (`if`, `dependentSchemas`, `dependentRequired`, `dependencies`, also
 * within `allOf`) say for a value. A condition that cannot be determined adds
 * the members of both its branches, none of which is required. `schema` is resolved.
 */
export function dueSchema(
  schema: JsonObject,
  value: JsonObject,
  deciding: Deciding,
  root: JsonObject,
): DueSchema {
  const { plain, conditions } = splitConditions(schema);
  if (conditions.length === 0) return { schema, absentNames: NO_NAMES };
  let due = plain;
  const seen = new Set<JsonObject>();
  const rest = [...conditions];
  for (let next = rest.shift(); next !== undefined && seen.size < MAX_CONDITIONS; next = rest.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { branch, examined, isPossible } of branchesOf(next, value, deciding)) {
      for (const part of partsOf(branch, value, deciding.fits, root)) {
        const { plain: added, conditions: inner } = splitConditions(part);
        due = isPossible ? withPossible(due, added) : withBranch(due, added, examined, root);
        if (!isPossible) rest.push(...inner);
      }
    }
  }
  // What was not looked at may be due.
  if (rest.length > 0) return { schema: due, absentNames: NO_NAMES };
  const properties = propertiesOf(due);
  const names = [...namesOf(conditions, root)].filter((name) => !Object.hasOwn(properties, name));
  return { schema: due, absentNames: new Set(names) };
}

const NAMES = new WeakMap<JsonObject, ReadonlySet<string>>();

function namesOf(conditions: readonly JsonObject[], root: JsonObject): readonly string[] {
  return conditions.flatMap((condition) => {
    const names = NAMES.get(condition) ?? conditionalNames([condition], root);
    NAMES.set(condition, names);
    return [...names];
  });
}

interface Branch {
  readonly branch: JsonValue;
  /** The schema of what the condition looks at: a branch must not take the person's way back. */
  readonly examined: JsonObject;
  /** True when it is not known whether it applies. */
  readonly isPossible: boolean;
}

/** The schemas that a condition makes apply to a value. */
function branchesOf(
  conditional: JsonObject,
  value: JsonObject,
  { fits, branches: which }: Deciding,
): readonly Branch[] {
  const { if: condition, then = true, else: otherwise = true } = conditional;
  if (which === 'none') return [];
  const isOpen = which === 'all';
  const branches: Branch[] = [];
  if (condition !== undefined) {
    const examined = isJsonObject(condition) ? condition : {};
    const isFit = isOpen ? undefined : fits(condition, value);
    const isPossible = !isOpen && isFit === undefined;
    if (isFit !== false) branches.push({ branch: then, examined, isPossible });
    if (isFit !== true) branches.push({ branch: otherwise, examined, isPossible });
  }
  for (const keyword of ['dependentSchemas', 'dependentRequired', 'dependencies'] as const) {
    const byName = conditional[keyword];
    if (!isJsonObject(byName)) continue;
    for (const [name, then] of Object.entries(byName)) {
      if (!isOpen && !Object.hasOwn(value, name)) continue;
      const branch = Array.isArray(then) ? { required: then } : then;
      branches.push({ branch, examined: { properties: { [name]: {} } }, isPossible: false });
    }
  }
  return branches;
}

/** The schemas in a branch: itself, and the alternative of it that fits the value so far. */
function partsOf(branch: JsonValue, value: JsonObject, fits: Fits, root: JsonObject): readonly JsonObject[] {
  if (!isJsonObject(branch)) return [];
  const { schema } = resolveSchema(branch, root);
  const chosen = chosenAlternative(schema, value, fits, root);
  return chosen === undefined ? [schema] : [schema, chosen];
}

/** Keywords of a branch that do not say which fields a group has: the check of the whole answer knows them. */
const NOT_OF_FIELDS = new Set(['oneOf', 'anyOf', 'not', 'enum', 'const', 'title', 'description', 'default']);

function withBranch(
  schema: JsonObject,
  branch: JsonObject,
  examined: JsonObject,
  root: JsonObject,
): JsonObject {
  const { properties: _properties, ...others } = schema;
  const added = Object.entries(branch).filter(
    ([keyword]) => keyword !== 'properties' && !NOT_OF_FIELDS.has(keyword),
  );
  const merged = mergeSchemas(others, Object.fromEntries(added)) ?? others;
  const properties = withProperties(propertiesOf(schema), propertiesOf(branch), examined, root);
  return { ...merged, properties: withRequired(properties, merged) };
}

/** The group with the members that a branch may bring. */
function withPossible(schema: JsonObject, branch: JsonObject): JsonObject {
  return { ...schema, properties: withMissing(propertiesOf(schema), propertiesOf(branch)) };
}

function withMissing(properties: JsonObject, added: JsonObject): JsonObject {
  const missing = Object.entries(added).filter(
    ([name, property]) => property !== false && !Object.hasOwn(properties, name),
  );
  return { ...properties, ...(Object.fromEntries(missing) as JsonObject) };
}

/** The members of a group with those that it only requires: what it says about members without a property counts for them. */
export function withRequired(properties: JsonObject, group: JsonObject): JsonObject {
  const { required } = group;
  if (!Array.isArray(required)) return properties;
  const unknown = required.filter(isText).filter((name) => !Object.hasOwn(properties, name));
  const added = unknown.map((name) => [name, memberSchema(group, name)] as const);
  return { ...properties, ...(Object.fromEntries(added) as JsonObject) };
}
