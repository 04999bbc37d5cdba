import { propertiesOf } from '../../../protocol/questions/interactions.js';
import {
  isFiniteNumber,
  isJsonObject,
  isText,
  pickMembers,
  type JsonObject,
} from '../../../protocol/values/json.js';
import { escapeKey, memberOf } from '../../../protocol/schema/json-pointer.js';
import type { Field, Pairs, TextField } from './fields.js';
import type { MakeField } from './list-field.js';
import { namePointer } from './pair-names.js';
import { opened } from './place-limits.js';
import { baseOf, textField, type Place } from './plain-fields.js';
import { allOf, memberSchema, patternSchemas, patternsOf } from '../schema/member-schema.js';
import { resolveSchema } from '../schema/resolve-schema.js';

/** Keywords that describe the members which a person names. */
export const PAIR_KEYWORDS = ['additionalProperties', 'patternProperties', 'propertyNames'] as const;

/**
 * True for a group to which a person can add members by name: the schema describes them, or it explicitly allows any
 * and describes no others.
 */
export function hasPairs(schema: JsonObject): boolean {
  const { additionalProperties: additional } = schema;
  if (patternsOf(schema).some(([, member]) => member !== false)) return true;
  const isAny = additional === true || (isJsonObject(additional) && Object.keys(additional).length === 0);
  return isAny ? Object.keys(propertiesOf(schema)).length === 0 : isJsonObject(additional);
}

/** The members that a person names, of a group for which `hasPairs` is true. */
export function pairsOf(schema: JsonObject, place: Place, makeField: MakeField): Pairs {
  const { additionalProperties: additional = true } = schema;
  const schemaOf = (name: string): JsonObject => {
    // Before it has a name, a member is most likely what the only schema describes.
    return additional === false && patternSchemas(schema, name).length === 0
      ? allOf([patternsOf(schema)[0]?.[1] ?? {}])
      : memberSchema(schema, name);
  };
  return {
    ...pickMembers(schema, ['minProperties', 'maxProperties'], isFiniteNumber),
    isAllowed: (name) => {
      const matching = patternSchemas(schema, name);
      return matching.length > 0 ? matching.every((member) => member !== false) : additional !== false;
    },
    nameField: (key) => nameField(schema, key, place),
    valueField: (key, name) => {
      const field = makeField(schemaOf(name), {
        ...opened(place),
        name: key,
        pointer: `${place.pointer}/${escapeKey(key)}`,
        namedPointer: `${place.namedPointer}/${escapeKey(name)}`,
        isRequired: true,
        fallbackLabel: name,
        value: memberOf(place.value, name),
        depth: place.depth + 1,
      });
      return field.kind === 'text' && (field.minLength ?? 0) === 0 ? mayBeEmpty(field) : field;
    },
  };
}

function mayBeEmpty(field: TextField): Field {
  return { ...field, mayBeEmpty: true };
}

function nameField(schema: JsonObject, key: string, place: Place): TextField {
  const { propertyNames, additionalProperties } = schema;
  const stated = isJsonObject(propertyNames) ? resolveSchema(propertyNames, place.root).schema : {};
  const [only, ...others] = patternsOf(schema);
  const isPattern = additionalProperties === false && only !== undefined && others.length === 0;
  const { enum: names } = stated;
  const described = isPattern && stated['pattern'] === undefined ? { ...stated, pattern: only[0] } : stated;
  const base = baseOf(described, false, { ...place, name: key, isRequired: true, fallbackLabel: '' });
  return {
    ...textField(base, described),
    pointer: namePointer(`${place.pointer}/${escapeKey(key)}`),
    entry: 'line',
    isSecret: false,
    isReadOnly: place.isReadOnly,
    ...(Array.isArray(names) ? { examples: names.filter(isText), allowed: names.filter(isText) } : {}),
  };
}
