import { isJsonObject, type JsonObject } from '../../../protocol/values/json.js';
import type { Field } from './fields.js';
import type { Place } from './plain-fields.js';
import type { VariantName } from '../schema/schema-alternatives.js';

/** Kinds of fields that are the same for each value and in each form around them. */
const PLAIN = new Set<Field['kind']>(['text', 'number', 'boolean']);

/** A field, and the numbers of fields and of options made with it. */
interface KnownField {
  readonly schema: JsonObject;
  readonly variantName: VariantName;
  readonly field: Field;
  readonly count: number;
  readonly options: number;
}

type KnownFields = WeakMap<JsonObject, Map<string, KnownField>>;

/** The fields of a document that do not depend on a value, by their schema. */
const PLAIN_FIELDS = new WeakMap<JsonObject, KnownFields>();

/** The groups by the test that decided their conditions and by their value, which is never changed. */
const GROUPS = new WeakMap<object, KnownFields>();

/**
 * The field that `make` makes of a schema, or the one that it made before: a form whose fields depend on its values is
 * made again with each key that a person presses, and most of its fields are the same then.
 */
export function knownField(
  schema: JsonObject,
  place: Place,
  make: (schema: JsonObject, place: Place) => Field,
): Field {
  const { deciding, root, value, made, variantName } = place;
  if (deciding === undefined) return make(schema, place);
  const key = `${deciding.branches} ${place.pointer}\n${place.namedPointer}\n${place.isRequired} ${place.isReadOnly} ${place.isGiven}\n${place.fallbackLabel}`;
  const plain = fieldsOf(PLAIN_FIELDS, root, schema);
  const group = isJsonObject(value) ? fieldsOf(GROUPS, deciding.fits, value) : undefined;
  const known = plain.get(key) ?? group?.get(key);
  // The conditions around a group may have changed its schema.
  if (known !== undefined && known.schema === schema && known.variantName === variantName) {
    made.count += known.count;
    made.options += known.options;
    return known.field;
  }
  const { count, options } = made;
  const field = make(schema, place);
  const added: KnownField = {
    schema,
    variantName,
    field,
    count: made.count - count,
    options: made.options - options,
  };
  if (PLAIN.has(field.kind)) plain.set(key, added);
  else if (field.kind === 'object') group?.set(key, added);
  return field;
}

function fieldsOf<Of extends object>(
  known: WeakMap<Of, KnownFields>,
  of: Of,
  by: JsonObject,
): Map<string, KnownField> {
  const fields: KnownFields = known.get(of) ?? new WeakMap<JsonObject, Map<string, KnownField>>();
  known.set(of, fields);
  const byKey = fields.get(by) ?? new Map<string, KnownField>();
  fields.set(by, byKey);
  return byKey;
}
