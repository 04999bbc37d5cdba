import { contentInputKind, isContentProperty, propertiesOf } from '../../../protocol/interactions.js';
import {
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/json.js';
import type {
  ContentField,
  Field,
  FieldBase,
  FieldVariant,
  Form,
  NumberField,
  TextEntry,
  TextField,
  VariantField,
} from './fields.js';
import {
  alternativesOf,
  isNameless,
  mergedObject,
  optionsOf,
  variantLabel,
  type VariantName,
} from './schema-alternatives.js';
import { resolveSchema, toWords } from './resolve-schema.js';

/** Groups nested deeper than this are entered as JSON: a schema may refer to itself. */
const MAX_DEPTH = 5;

/** A form shows so many fields at once; groups after them open when a person chooses to fill them in. */
const MAX_FIELDS = 1000;

/** A text that may be longer than this gets several lines. */
const LINE_LENGTH = 120;

const TYPE_AND_POSITION: VariantName = (type, position) => `${toWords(type)} ${position}`.trim();

interface Place {
  readonly root: JsonObject;
  readonly name: string;
  readonly pointer: string;
  readonly isRequired: boolean;
  /** The label of a field whose schema gives it none. */
  readonly fallbackLabel: string;
  readonly variantName: VariantName;
  readonly depth: number;
  /** The parts of schemas, by identity, that the field stands in: one that comes again refers to itself. */
  readonly within: readonly unknown[];
  /** How many fields were made together with this one. */
  readonly made: { count: number };
}

/**
 * The fields of a schema whose values are objects. Total: what the form has no control for becomes a
 * field for JSON. `title` is the label of a field with neither title nor description, where the schema
 * says so by an empty title.
 */
export function formFields(schema: JsonObject, title: string, variantName = TYPE_AND_POSITION): Form {
  const place = {
    root: schema,
    name: '',
    pointer: '',
    isRequired: true,
    fallbackLabel: title,
    variantName,
    depth: 0,
    within: [],
    made: { count: 0 },
  };
  // An answer is an object, whether its schema says so or not.
  const field = toField({ ...schema, type: 'object' }, place);
  if (isForm(field)) return { ...field, isNullable: false };
  const resolved = resolveSchema(schema, schema).schema;
  return { ...baseOf(resolved, false, place), kind: 'object', fields: fieldsOf(resolved, place, title) };
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

function toField(raw: JsonObject, place: Place): Field {
  place.made.count += 1;
  const { schema, isNullable } = resolveSchema(raw, place.root, place.name !== '');
  const base = baseOf(schema, isNullable, place, raw);
  if (isContentProperty(schema)) return contentField(base, schema);
  const options = optionsOf(schema);
  if (options !== undefined) return { ...base, kind: 'options', options, isMultiple: false };
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
      return { ...base, kind: 'object', fields: fieldsOf(schema, place, base.label) };
    case 'array':
      if (place.depth > MAX_DEPTH || !isJsonObject(schema['items'])) break;
      return listField(base, schema, schema['items'], place);
  }
  const type = typeOf(schema);
  return { ...base, kind: 'json', shape: type === 'object' || type === 'array' ? type : 'any' };
}

/**
 * True where a part of a schema stands in itself, or the form has enough fields without it: drawn at once, a
 * schema of a few lines could have more fields than a page can show.
 */
function isFolded(part: unknown, { within, made }: Place): boolean {
  return within.includes(part) || made.count > MAX_FIELDS;
}

/** A group that is there once a person chooses to fill it in. */
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

/** The place of what a person chooses to add: it begins anew. */
function opened(place: Place): Place {
  return { ...place, within: [], made: { count: 0 } };
}

/** One of the forms of a value, whose fields are made when they are asked for. */
function lazyVariant(label: string, schema: JsonObject, place: Place): FieldVariant {
  let field: Field | undefined;
  return {
    label,
    get field() {
      return (field ??= toField(schema, place));
    },
  };
}

function baseOf(schema: JsonObject, isNullable: boolean, place: Place, raw = schema): FieldBase {
  const title = isText(schema['title']) ? schema['title'].trim() : '';
  const description = isText(schema['description']) ? schema['description'].trim() : '';
  const { name, pointer, isRequired } = place;
  // What a definition says of itself does not name the field that refers to it.
  const isLabel = title === '' && isText(raw['description']);
  return {
    name,
    pointer,
    isRequired,
    isNullable,
    label: title || (isLabel && description) || place.fallbackLabel,
    description: isLabel ? '' : description,
    ...(schema['default'] === undefined ? {} : { defaultValue: schema['default'] }),
  };
}

function textField(base: FieldBase, schema: JsonObject): TextField {
  const { minLength, maxLength, pattern } = schema;
  return {
    ...base,
    kind: 'text',
    entry: entryOf(schema),
    ...(isFiniteNumber(minLength) ? { minLength } : {}),
    ...(isFiniteNumber(maxLength) ? { maxLength } : {}),
    ...(isText(pattern) ? { pattern } : {}),
  };
}

function entryOf({ format, maxLength, minLength, default: preset }: JsonObject): TextEntry {
  switch (format) {
    case 'email':
    case 'uri':
    case 'date':
    case 'time':
    case 'date-time':
      return format;
    case 'url':
      return 'uri';
    case 'textarea':
    case 'multiline':
    case 'markdown':
      return 'multiline';
  }
  const isLong = [maxLength, minLength].some((length) => isFiniteNumber(length) && length > LINE_LENGTH);
  // One line would drop the line breaks.
  return isLong || (isText(preset) && preset.includes('\n')) ? 'multiline' : 'line';
}

function numberField(base: FieldBase, schema: JsonObject): NumberField {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  return {
    ...base,
    kind: 'number',
    isInteger: typeOf(schema) === 'integer',
    ...(isFiniteNumber(minimum) ? { minimum } : {}),
    ...(isFiniteNumber(maximum) ? { maximum } : {}),
    ...(isFiniteNumber(exclusiveMinimum) ? { exclusiveMinimum } : {}),
    ...(isFiniteNumber(exclusiveMaximum) ? { exclusiveMaximum } : {}),
    ...(isFiniteNumber(multipleOf) && multipleOf > 0 ? { multipleOf } : {}),
  };
}

function listField(base: FieldBase, schema: JsonObject, items: JsonObject, place: Place): Field {
  const { minItems, maxItems } = schema;
  const limits = {
    ...(isFiniteNumber(minItems) ? { minItems } : {}),
    ...(isFiniteNumber(maxItems) ? { maxItems } : {}),
  };
  const options =
    schema['uniqueItems'] === true ? optionsOf(resolveSchema(items, place.root).schema) : undefined;
  if (options !== undefined) return { ...base, ...limits, kind: 'options', options, isMultiple: true };
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

/** The forms that a value can have, by `oneOf` or `anyOf`; what the schema says beside them holds for each. */
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
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isJsonObject)) {
    return undefined;
  }
  const schemas = alternatives.map((raw: JsonObject) => resolveSchema(raw, place.root).schema);
  const isGroup = Object.keys(propertiesOf(common)).length > 0;
  // They only say which members go together: that is checked, and nothing to choose from.
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

const ACCEPTED_TYPES: Readonly<Record<string, string>> = {
  image: 'image/*',
  mic: 'audio/*',
  videocam: 'video/*',
};

function contentField(base: FieldBase, schema: JsonObject): ContentField {
  const format = isText(schema['format']) ? schema['format'] : '';
  return {
    ...base,
    kind: 'content',
    inputKind: contentInputKind(schema),
    accept: Object.hasOwn(ACCEPTED_TYPES, format) ? (ACCEPTED_TYPES[format] ?? '') : '',
  };
}

/** The type a schema names or implies; `any` when it admits more than the form has one control for. */
function typeOf(schema: JsonObject): string {
  const { type } = schema;
  if (isText(type)) return type;
  if (Array.isArray(type)) {
    const [only, ...others] = type.filter((name: JsonValue) => name !== 'null');
    return isText(only) && others.length === 0 ? only : 'any';
  }
  if (isJsonObject(schema['properties'])) return 'object';
  if (isJsonObject(schema['items'])) return 'array';
  return ['$ref', 'anyOf', 'oneOf', 'allOf', 'not', 'if'].some((key) => schema[key] !== undefined)
    ? 'any'
    : 'string';
}

function isHinted(property: JsonValue | undefined): boolean {
  return (
    isJsonObject(property) &&
    Array.isArray(property['behavior']) &&
    property['behavior'].includes('hint-required')
  );
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
