import { isContentProperty } from '../../../protocol/interactions.js';
import {
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/json.js';
import { isQuickPattern } from './safe-pattern.js';

/** A pattern that is quick on texts of this length, in characters, is used on texts of any length. */
const LONG_TEXT = 5000;

/** Keywords that contain values, not schemas. */
const VALUES = new Set(['const', 'enum', 'default', 'examples']);

/** Keywords that contain schemas by name, so that their keys are not keywords. */
const NAMED = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);

/**
 * The schema as the library can check it, in the same places:
 *
 * - Content properties, whose schemas do not describe the content, allow anything.
 * - `format` is left out: the fields check it, and the library's expression for `url` takes twice as long with each
 *   letter.
 * - A pattern that may be slow is left out. The field of a text tries it itself, for the text at hand.
 * - Draft 4 and OpenAPI 3.0 are translated: boolean `exclusiveMinimum` and `exclusiveMaximum`, `nullable`.
 */
export function checkableSchema(schema: JsonObject): JsonObject {
  const checkable = toCheckable(schema);
  return isJsonObject(checkable) ? checkable : {};
}

function toCheckable(part: JsonValue): JsonValue {
  if (Array.isArray(part)) return part.map(toCheckable);
  if (!isJsonObject(part)) return part;
  if (isContentProperty(part)) return {};
  const { format: _format, ...schema } = withoutSlowPatterns(withNull(withNumericBounds(part)));
  return Object.fromEntries(
    Object.entries(schema).map(([key, member]) => [key, checkableMember(key, member)]),
  );
}

function checkableMember(key: string, member: JsonValue): JsonValue {
  if (VALUES.has(key)) return member;
  if (!NAMED.has(key) || !isJsonObject(member)) return toCheckable(member);
  return Object.fromEntries(Object.entries(member).map(([name, schema]) => [name, toCheckable(schema)]));
}

/**
 * The bounds as numbers. Before draft 6, `exclusiveMinimum: true` made `minimum` an exclusive bound (JSON Schema
 * Validation draft 4, section 5.1.3).
 */
export function withNumericBounds(schema: JsonObject): JsonObject {
  const bounds = [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const;
  return bounds.reduce((bounded: JsonObject, [inclusive, exclusive]) => {
    const { [inclusive]: limit, [exclusive]: isExclusive, ...rest } = bounded;
    if (typeof isExclusive !== 'boolean') return bounded;
    if (!isFiniteNumber(limit)) return rest;
    return { ...rest, [isExclusive ? exclusive : inclusive]: limit };
  }, schema);
}

/** `nullable` of OpenAPI 3.0 adds null to the type. */
function withNull(schema: JsonObject): JsonObject {
  const { nullable, type } = schema;
  return nullable === true && isText(type) ? { ...schema, type: [type, 'null'] } : schema;
}

function withoutSlowPatterns(schema: JsonObject): JsonObject {
  const { pattern, patternProperties, ...rest } = schema;
  const isSlow = (text: JsonValue | undefined) => isText(text) && !isQuickPattern(text, LONG_TEXT);
  const plain = isSlow(pattern) || pattern === undefined ? rest : { ...rest, pattern };
  if (!isJsonObject(patternProperties)) return plain;
  const quick = Object.entries(patternProperties).filter(([text]) => !isSlow(text));
  if (quick.length === Object.keys(patternProperties).length) return { ...plain, patternProperties };
  // Which members the pattern would have allowed is not known.
  const { additionalProperties: _additional, unevaluatedProperties: _unevaluated, ...open } = plain;
  return { ...open, patternProperties: Object.fromEntries(quick) };
}
