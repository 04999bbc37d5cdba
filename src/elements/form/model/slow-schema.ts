import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../../protocol/json.js';
import { referencedSchema } from '../../../protocol/schema/schema-reference.js';

/** Checking one place of a value against more schemas than this takes noticeably long. */
const MAX_SCHEMAS = 10_000;

/**
 * True for a schema whose check could freeze the page: one with references that multiply (`a` is `b` and `b`, `b` is `c` and `c` …), never end, or leave the document.
 *
 * @throws RangeError when the schema is nested deeper than the stack.
 */
export function isSlowSchema(schema: JsonObject): boolean {
  const known = new Map<JsonObject, number>();
  const isSlow = (part: JsonValue): boolean => {
    if (Array.isArray(part)) return part.some(isSlow);
    if (!isJsonObject(part)) return false;
    return (
      isElsewhere(part, schema) ||
      schemasAt(part, schema, known) > MAX_SCHEMAS ||
      Object.values(part).some(isSlow)
    );
  };
  return isSlow(schema);
}

/** True for a reference that leads out of the document: only the library can resolve it. */
function isElsewhere({ $ref }: JsonObject, root: JsonObject): boolean {
  return isText($ref) && referencedSchema(root, $ref) === undefined;
}

/** The number of schemas that checking a value against this one involves, without those of its members. */
function schemasAt(schema: JsonValue | undefined, root: JsonObject, known: Map<JsonObject, number>): number {
  if (!isJsonObject(schema)) return 1;
  const before = known.get(schema);
  if (before !== undefined) return before;
  // Placeholder until the count is known: a schema that is reached again from itself never ends.
  known.set(schema, Number.POSITIVE_INFINITY);
  const count = alongside(schema, root).reduce(
    (sum: number, other) => sum + schemasAt(other, root, known),
    1,
  );
  known.set(schema, count);
  return count;
}

/** The schemas that the same value is checked against. */
function alongside(schema: JsonObject, root: JsonObject): readonly JsonValue[] {
  const { $ref, allOf, anyOf, oneOf, not, if: condition, then, else: otherwise, dependentSchemas } = schema;
  const target = referencedSchema(root, $ref);
  return [
    ...[target, not, condition, then, otherwise].flatMap((other) => (other === undefined ? [] : [other])),
    ...[allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : [])),
    ...(isJsonObject(dependentSchemas) ? Object.values(dependentSchemas) : []),
  ];
}
