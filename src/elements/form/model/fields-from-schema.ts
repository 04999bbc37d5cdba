import { isContentProperty, propertiesOf } from '../../../protocol/interactions.js';
import {
  canonicalJson,
  isFiniteNumber,
  isJsonObject,
  pickMembers,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/json.js';
import type { Field, FieldBase, FieldOption, FieldVariant, Form, VariantField } from './fields.js';
import { escapeKey } from '../../../protocol/schema/json-pointer.js';
import {
  baseOf,
  contentField,
  isGiven,
  isReadOnly,
  numberField,
  textField,
  typeOf,
  type Place,
} from './plain-fields.js';
import { resolveSchema } from './resolve-schema.js';
import {
  alternativesOf,
  isNameless,
  mergedObject,
  optionsOf,
  toWords,
  variantLabel,
  type VariantName,
} from './schema-alternatives.js';

/** Groups nested deeper than this are entered as JSON: a schema may refer to itself. */
const MAX_DEPTH = 5;

/** A form shows up to this many fields at once; later groups open when a person chooses to fill them in. */
const MAX_FIELDS = 1000;

/** Options up to which they are listed, and boxes to tick: more are typed, and checked with the schema. */
const MAX_OPTIONS = 1000;
const MAX_TICKS = 200;
/** Options of all fields together up to which they are listed. */
const MAX_LISTED = 5000;
/** Alternatives up to which a person chooses among them; a value with more is entered as JSON. */
const MAX_VARIANTS = 100;

const TYPE_AND_POSITION: VariantName = (type, position) => `${toWords(type)} ${position}`.trim();

/**
 * Makes the form of a schema whose values are objects. Never fails: anything that the form has no control
 * for becomes a field for JSON. `title` is the label of each top-level field whose schema states an empty
 * title and no description. `variantName` names the variants that have no name of their own.
 */
export function formFields(schema: JsonObject, title: string, variantName = TYPE_AND_POSITION): Form {
  const place = {
    root: schema,
    name: '',
    pointer: '',
    isRequired: true,
    isReadOnly: false,
    isGiven: false,
    fallbackLabel: title,
    variantName,
    depth: 0,
    within: [],
    made: { count: 0, options: 0 },
  };
  // An answer is an object, even if its schema does not say so.
  const field = toField({ ...schema, type: 'object' }, place);
  if (isForm(field)) return { ...field, isNullable: false };
  const resolved = resolveSchema(schema, schema).schema;
  return {
    ...baseOf(resolved, false, place),
    kind: 'object',
    fields: fieldsOf(resolved, place, title),
    isPartial: isPartial(resolved),
  };
}

function isForm(field: Field): field is Form {
  if (field.kind === 'variant') return field.variants.every((variant) => isForm(variant.field));
  return field.kind === 'object';
}

function fieldsOf(schema: JsonObject, parent: Place, title: string): readonly Field[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = propertiesOf(schema);
  const within = [...parent.within, properties];
  return Object.entries(properties).map(([name, property]) =>
    toField(isJsonObject(property) ? property : {}, {
      ...parent,
      name,
      pointer: `${parent.pointer}/${escapeKey(name)}`,
      isRequired: required.includes(name) || isHinted(property),
      fallbackLabel: isJsonObject(property) && property['title'] === '' ? title : toWords(name),
      depth: parent.depth + 1,
      within,
    }),
  );
}

function toField(raw: JsonObject, around: Place): Field {
  around.made.count += 1;
  const { schema, isNullable } = resolveSchema(raw, around.root, around.name !== '');
  const base = baseOf(schema, isNullable, around, raw);
  const place = { ...around, isReadOnly: isReadOnly(schema, around), isGiven: isGiven(schema, around) };
  if (isContentProperty(schema)) return contentField(base, schema);
  const options = optionsOf(schema);
  if (options !== undefined && isListed(options, place, MAX_OPTIONS)) {
    return { ...base, kind: 'options', options, isMultiple: false };
  }
  const variants = place.depth > MAX_DEPTH ? undefined : variantsOf(schema, place);
  if (variants !== undefined) return { ...base, kind: 'variant', ...variants };
  switch (typeOf(schema)) {
    case 'string':
      return textField(base, schema);
    case 'number':
    case 'integer':
      return numberField(base, schema);
    case 'boolean':
      return { ...base, kind: 'boolean' };
    case 'object':
      if (place.depth > MAX_DEPTH || Object.keys(propertiesOf(schema)).length === 0) break;
      if (isFolded(propertiesOf(schema), place)) return foldedGroup(base, schema, place);
      return {
        ...base,
        kind: 'object',
        fields: fieldsOf(schema, place, base.label),
        isPartial: isPartial(schema),
      };
    case 'array':
      if (place.depth > MAX_DEPTH || !isJsonObject(schema['items'])) break;
      return listField(base, schema, schema['items'], place);
  }
  const type = typeOf(schema);
  return { ...base, kind: 'json', shape: type === 'object' || type === 'array' ? type : 'any' };
}

/** True for options that are few enough to be listed with the others of the form; counts them. */
function isListed({ length }: readonly FieldOption[], { made }: Place, limit: number): boolean {
  if (length > limit || made.options + length > MAX_LISTED) return false;
  made.options += length;
  return true;
}

/** Keywords by which a schema has members besides those of `properties`. */
const OTHER_MEMBERS = [
  'allOf',
  'anyOf',
  'oneOf',
  'then',
  'else',
  'dependentSchemas',
  'dependencies',
  'patternProperties',
  'propertyNames',
] as const;

function isPartial(schema: JsonObject): boolean {
  const { additionalProperties } = schema;
  return isJsonObject(additionalProperties) || OTHER_MEMBERS.some((keyword) => schema[keyword] !== undefined);
}

/**
 * True for a recursive part of a schema, and for any part once the form has enough fields: without this
 * limit, a schema of a few lines could have more fields than a page can show.
 */
function isFolded(part: unknown, { within, made }: Place): boolean {
  return within.includes(part) || made.count > MAX_FIELDS;
}

/** A group that opens when a person chooses to fill it in. */
function foldedGroup(base: FieldBase, schema: JsonObject, place: Place): VariantField {
  const { title: _title, description: _description, default: _default, ...rest } = schema;
  const inside = { ...opened(place), isRequired: true, fallbackLabel: base.label };
  return {
    ...base,
    kind: 'variant',
    variants: [lazyVariant(base.label, rest, inside)],
    isFolded: true,
  };
}

/**
 * The place of a part that a person chooses to add: recursion and number of fields are counted from zero
 * there.
 */
function opened(place: Place): Place {
  return { ...place, within: [], made: { count: 0, options: 0 } };
}

/** A variant whose fields are made on first access. */
function lazyVariant(label: string, schema: JsonObject, place: Place): FieldVariant {
  let field: Field | undefined;
  return {
    label,
    get field() {
      return (field ??= toField(schema, place));
    },
  };
}

function listField(base: FieldBase, schema: JsonObject, items: JsonObject, place: Place): Field {
  const limits = pickMembers(schema, ['minItems', 'maxItems'], isFiniteNumber);
  const options = optionsOf(resolveSchema(items, place.root).schema);
  if (options !== undefined && !holdsDoubles(schema, options.length) && isListed(options, place, MAX_TICKS)) {
    return { ...base, ...limits, kind: 'options', options, isMultiple: true };
  }
  const itemAt = (index: number) =>
    toField(items, {
      ...opened(place),
      name: String(index),
      pointer: `${place.pointer}/${index}`,
      isRequired: true,
      fallbackLabel: `${base.label} ${index + 1}`,
      depth: place.depth + 1,
    });
  return { ...base, ...limits, kind: 'array', itemAt };
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

/**
 * The variants of a value, from `oneOf` or `anyOf`; the other keywords of the schema apply to each of them.
 */
function variantsOf(
  schema: JsonObject,
  place: Place,
): Pick<VariantField, 'variants' | 'isFolded'> | undefined {
  const {
    oneOf: _oneOf,
    anyOf: _anyOf,
    title: _title,
    description: _description,
    default: _default,
    ...common
  } = schema;
  const alternatives = alternativesOf(schema);
  if (
    !Array.isArray(alternatives) ||
    alternatives.length < 2 ||
    alternatives.length > MAX_VARIANTS ||
    !alternatives.every(isJsonObject)
  ) {
    return undefined;
  }
  const schemas = alternatives.map((raw: JsonObject) => resolveSchema(raw, place.root).schema);
  const isGroup = Object.keys(propertiesOf(common)).length > 0;
  // They only say which members go together: that is validated, and there is nothing to choose.
  if (isGroup && schemas.every(isNameless)) return undefined;
  const isLate = isFolded(alternatives, place);
  const start = isLate ? opened(place) : place;
  const variants = schemas.map((alternative, index) => {
    const merged = mergedObject(common, alternative);
    const label = variantLabel(merged, index, place.variantName);
    return lazyVariant(label, merged, {
      ...start,
      isRequired: true,
      fallbackLabel: label,
      depth: place.depth + 1,
      within: [...start.within, alternatives],
    });
  });
  return { variants, isFolded: isLate };
}

function isHinted(property: JsonValue | undefined): boolean {
  return (
    isJsonObject(property) &&
    Array.isArray(property['behavior']) &&
    property['behavior'].includes('hint-required')
  );
}
