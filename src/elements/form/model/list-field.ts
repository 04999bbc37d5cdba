import {
  isFiniteNumber,
  isJsonObject,
  isText,
  pickMembers,
  canonicalJson,
  type JsonObject,
} from '../../../protocol/values/json.js';
import { memberOf } from '../../../protocol/schema/json-pointer.js';
import type { ArrayField, Field, FieldBase, OptionsField } from './fields.js';
import type { ListParts } from './list-parts.js';
import { isListed, MAX_TICKS, opened } from './place-limits.js';
import type { Place } from './plain-fields.js';
import { resolveSchema } from '../schema/resolve-schema.js';
import { optionsOf, type FieldOption } from '../schema/schema-alternatives.js';

/** Makes the field of a schema. */
export type MakeField = (schema: JsonObject, place: Place) => Field;

/** The field of a schema for a list: boxes to tick where its items are few options, otherwise a field for each item. */
export function listField(
  base: FieldBase,
  schema: JsonObject,
  parts: ListParts,
  place: Place,
  makeField: MakeField,
): ArrayField | OptionsField {
  const { places, rest, isExtensible, isOpen } = parts;
  const { minItems, maxItems } = pickMembers(schema, ['minItems', 'maxItems'], isFiniteNumber);
  const options = places.length === 0 ? itemOptions(rest, place) : undefined;
  if (options !== undefined && !holdsDoubles(schema, options.length) && isListed(options, place, MAX_TICKS)) {
    // The options have no fields of their own which would show it.
    const { description: ofItems } = resolveSchema(rest, place.root).schema;
    const description = base.description === '' && isText(ofItems) ? ofItems.trim() : base.description;
    return {
      ...base,
      description,
      ...limitsOf(minItems, maxItems),
      kind: 'options',
      options,
      isMultiple: true,
    };
  }
  const itemPlace = (index: number, around: Place): Place => ({
    ...around,
    name: String(index),
    pointer: `${place.pointer}/${index}`,
    namedPointer: `${place.namedPointer}/${index}`,
    isRequired: true,
    fallbackLabel: `${base.label} ${index + 1}`,
    depth: place.depth + 1,
    value: memberOf(place.value, String(index)),
  });
  const inside = { ...place, within: [...place.within, places] };
  const placed = places.map((item, index) =>
    makeField(isJsonObject(item) ? item : {}, {
      ...itemPlace(index, inside),
      isRequired: index < (minItems ?? 0),
    }),
  );
  const most = isOpen ? maxItems : Math.min(maxItems ?? places.length, places.length);
  // Which of the places are needed is what their fields say.
  const least = minItems !== undefined && minItems > places.length ? minItems : undefined;
  return {
    ...base,
    ...(places.length === 0 ? limitsOf(minItems, maxItems) : limitsOf(least, most)),
    kind: 'array',
    placeCount: places.length,
    isExtensible: isExtensible && (most ?? Number.POSITIVE_INFINITY) > places.length,
    itemAt: (index) => placed[index] ?? makeField(rest, itemPlace(index, opened(place))),
  };
}

/** The options of a list, with null where an item may be null: in a list there is no other way to say it. */
function itemOptions(items: JsonObject, { root }: Place): readonly FieldOption[] | undefined {
  const { schema, isNullable } = resolveSchema(items, root);
  const options = optionsOf(schema, true);
  if (!isNullable || options === undefined || options.some(({ value }) => value === null)) return options;
  return [...options, { value: null, label: 'null' }];
}

function limitsOf(
  minItems: number | undefined,
  maxItems: number | undefined,
): Pick<ArrayField, 'minItems' | 'maxItems'> {
  return {
    ...(minItems === undefined ? {} : { minItems }),
    ...(maxItems === undefined ? {} : { maxItems }),
  };
}

/**
 * True for a list of options that may need one of them twice. Others are boxes to tick, also without `uniqueItems`: the
 * Model Context Protocol writes “several of these” without it.
 */
function holdsDoubles({ uniqueItems, minItems, default: preset }: JsonObject, optionCount: number): boolean {
  if (uniqueItems === true) return false;
  const hasDoubles = Array.isArray(preset) && new Set(preset.map(canonicalJson)).size < preset.length;
  return uniqueItems === false || hasDoubles || (isFiniteNumber(minItems) && minItems > optionCount);
}
