import { pointerKeys } from './json-pointer.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../values/json.js';
import { objectsIn, referencedSchema, schemasAlongside, schemasOfMember } from './schema-reference.js';

/** Stands for a secret wherever a value is shown. */
export const SECRET_TEXT = '•••';

/** A value nested deeper than this counts as secret, because its schema can no longer be followed. */
const MAX_DEPTH = 100;

const HAS_SECRETS = new WeakMap<JsonObject, boolean>();

/**
 * True for a schema of a secret: `format: "password"` (OpenAPI: “a hint to UIs to obscure input”), or `writeOnly`
 * (JSON Schema Validation section 9.4: never part of what is retrieved).
 */
export function isSecret({ format, writeOnly }: JsonObject): boolean {
  return format === 'password' || writeOnly === true;
}

/** True for a schema that has a secret anywhere. */
export function hasSecrets(schema: JsonObject): boolean {
  const known = HAS_SECRETS.get(schema);
  if (known !== undefined) return known;
  let isFound = false;
  for (const part of objectsIn(schema)) {
    isFound = isSecret(part);
    if (isFound) break;
  }
  HAS_SECRETS.set(schema, isFound);
  return isFound;
}

/** True when the schema makes the place of a JSON pointer secret, or a place around it. */
export function isSecretPlace(schema: JsonObject, pointer: string): boolean {
  if (!hasSecrets(schema)) return false;
  let schemas = alongside([schema], schema);
  for (const key of pointerKeys(pointer)) {
    if (schemas.some(isSecret)) return true;
    schemas = alongside(membersOf(schemas, key), schema);
  }
  return schemas.some(isSecret);
}

/**
 * Replaces the secrets of a value by `•••`, so that it can be shown. Where several schemas may apply (`anyOf`, `then`,
 * patterns of names), each one can make a place secret.
 */
export function maskSecrets(value: JsonObject, schema: JsonObject): JsonObject {
  return changed(value, schema, SECRET_TEXT);
}

/** Removes the secrets of a value, so that it can be stored; one in a list becomes null. */
export function withoutSecrets(value: JsonObject, schema: JsonObject): JsonObject {
  return changed(value, schema, undefined);
}

function changed(value: JsonObject, schema: JsonObject, secret: string | undefined): JsonObject {
  if (!hasSecrets(schema)) return value;
  const replaced = replaceSecrets(value, [schema], { root: schema, secret }, 0);
  return isJsonObject(replaced) ? replaced : {};
}

interface Replacement {
  readonly root: JsonObject;
  readonly secret: string | undefined;
}

function replaceSecrets(
  value: JsonValue,
  schemas: readonly JsonObject[],
  replacement: Replacement,
  depth: number,
): JsonValue | undefined {
  if (schemas.length === 0) return value;
  const all = alongside(schemas, replacement.root);
  if (depth > MAX_DEPTH || all.some(isSecret)) return replacement.secret;
  const replaceMember = (member: JsonValue, key: string) =>
    replaceSecrets(member, membersOf(all, key), replacement, depth + 1);
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index: number) => replaceMember(item, String(index)) ?? null);
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const next = replaceMember(member, key);
    return next === undefined ? [] : [[key, next] as const];
  });
  return Object.fromEntries(members);
}

/** Lists the schemas that may apply to the same value, references included; each once. */
function alongside(schemas: readonly JsonObject[], root: JsonObject): readonly JsonObject[] {
  const found = new Set<JsonObject>();
  const rest: JsonObject[] = [...schemas];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const target = referencedSchema(root, next['$ref'] ?? next['$dynamicRef']);
    if (target !== undefined) rest.push(target);
    rest.push(...schemasAlongside(next));
  }
  return [...found];
}

function membersOf(schemas: readonly JsonObject[], key: string): readonly JsonObject[] {
  return schemas.flatMap((schema) => schemasOfMember(schema, key));
}
