import { isContentProperty } from '../../../protocol/questions/interactions.js';
import {
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/values/json.js';
import { objectsIn } from '../../../protocol/schema/schema-reference.js';
import { isUsablePattern } from './safe-pattern.js';
import { hasUnknownType, withTypeNames } from './type-names.js';

/** A schema of our own, which may be changed. */
export type OwnSchema = Record<string, JsonValue>;

/** A copy of a schema that the library can check, part by part. */
export interface CheckableSchema {
  readonly schema: OwnSchema;
  /** The copy of each part. */
  readonly copies: ReadonlyMap<JsonObject, OwnSchema>;
  /** The copies that leave out a rule of the original, and so allow more. */
  readonly loose: Set<JsonObject>;
}

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
 * Copies a schema, so that the library can check texts of this length, in characters. `isOld` is true up to draft 7.
 *
 * - Content properties, whose schemas do not describe the content, allow anything.
 * - `format` is left out: the fields check it, and the library's expression for `url` takes twice as long with each
 *   letter.
 * - A pattern that may be slow, or is written in another dialect, is left out. The field of a text tries it itself, for
 *   the text at hand.
 * - A type that there is not is left out: nothing would fit it, so that no answer could be given.
 * - Draft 4 and OpenAPI 3.0 are translated: boolean `exclusiveMinimum` and `exclusiveMaximum`, `nullable`.
 * - Up to draft 7, an `$id` next to a `$ref` has no meaning.
 * - A `$dynamicRef` to a name that only one schema has is a `$ref`.
 *
 * @throws RangeError when the schema is nested deeper than the stack.
 */
export function checkableSchema(schema: JsonObject, length: number, isOld: boolean): CheckableSchema {
  const copies = new Map<JsonObject, OwnSchema>();
  const loose = new Set<JsonObject>();
  const anchors = dynamicAnchors(schema);

  function copyOf(part: JsonObject): OwnSchema {
    if (isContentProperty(part)) return leftOut(part, {});
    const named = withTypeNames(part);
    const known = hasUnknownType(named) ? omit(named, 'type') : named;
    const { format, $dynamicRef, ...stated } = withNull(withNumericBounds(known));
    const rest = withAnchor(isOld && isText(stated['$ref']) ? omit(stated, '$id', 'id') : stated);
    const reference = isText($dynamicRef) ? staticReference($dynamicRef, anchors) : undefined;
    const own = reference === undefined || rest['$ref'] !== undefined ? rest : { ...rest, $ref: reference };
    const isLoose = known !== named || format !== undefined || ($dynamicRef !== undefined && own === rest);
    const quick = withoutPatterns(own, (pattern) => !isUsablePattern(pattern, length));
    const copy: OwnSchema = Object.fromEntries(
      Object.entries(quick).map(([key, member]) => [key, memberCopy(key, member)]),
    );
    if (isLoose || quick !== own) return leftOut(part, copy);
    copies.set(part, copy);
    return copy;
  }

  function leftOut(part: JsonObject, copy: OwnSchema): OwnSchema {
    copies.set(part, copy);
    loose.add(copy);
    return copy;
  }

  function memberCopy(key: string, member: JsonValue): JsonValue {
    if (VALUES.has(key)) return member;
    if (!NAMED.has(key) || !isJsonObject(member)) return anyCopy(member);
    return Object.fromEntries(Object.entries(member).map(([name, part]) => [name, anyCopy(part)]));
  }

  function anyCopy(part: JsonValue): JsonValue {
    if (Array.isArray(part)) return part.map(anyCopy);
    return isJsonObject(part) ? copyOf(part) : part;
  }

  return { schema: copyOf(schema), copies, loose };
}

/** How many schemas have each dynamic anchor. */
function dynamicAnchors(schema: JsonObject): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { $dynamicAnchor } of objectsIn(schema)) {
    if (isText($dynamicAnchor)) counts.set($dynamicAnchor, (counts.get($dynamicAnchor) ?? 0) + 1);
  }
  return counts;
}

/** The library knows `$anchor` alone. */
function withAnchor(schema: JsonObject): JsonObject {
  const { $dynamicAnchor, $anchor } = schema;
  return isText($dynamicAnchor) && $anchor === undefined ? { ...schema, $anchor: $dynamicAnchor } : schema;
}

/** A `$dynamicRef` as a `$ref`; undefined when the schemas around it decide which of several schemas it names. */
function staticReference(reference: string, anchors: ReadonlyMap<string, number>): string | undefined {
  const [, name = ''] = reference.split('#');
  return (anchors.get(name) ?? 0) > 1 ? undefined : reference;
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

/** Keywords with schemas that refuse null, although `nullable` stands next to them. */
const REFUSING = ['$ref', 'allOf', 'anyOf', 'oneOf'] as const;

/** `nullable` of OpenAPI 3.0 adds null to the type, or to what a reference or a combination of schemas allows. */
function withNull(schema: JsonObject): JsonObject {
  const { nullable, type } = schema;
  if (nullable !== true) return schema;
  if (isText(type)) return { ...schema, type: [type, 'null'] };
  const refusing = Object.entries(schema).filter(([keyword]) => REFUSING.some((other) => other === keyword));
  if (refusing.length === 0 || schema['if'] !== undefined) return schema;
  const { $ref: _ref, allOf: _allOf, anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema;
  return { ...rest, if: { type: 'null' }, else: Object.fromEntries(refusing) };
}

/** The schema itself when it has none of these patterns. */
function withoutPatterns(schema: JsonObject, isLeftOut: (pattern: string) => boolean): JsonObject {
  const { pattern, patternProperties, ...rest } = schema;
  const isPatternLeftOut = isText(pattern) && isLeftOut(pattern);
  const plain = isPatternLeftOut ? omit(schema, 'pattern') : schema;
  if (!isJsonObject(patternProperties)) return plain;
  const quick = Object.entries(patternProperties).filter(([text]) => !isLeftOut(text));
  if (quick.length === Object.keys(patternProperties).length) return plain;
  // Which members the pattern would have allowed is not known.
  const { additionalProperties: _additional, unevaluatedProperties: _unevaluated, ...open } = rest;
  return {
    ...open,
    ...(isPatternLeftOut || pattern === undefined ? {} : { pattern }),
    patternProperties: Object.fromEntries(quick),
  };
}

function omit(schema: JsonObject, ...keywords: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)));
}
