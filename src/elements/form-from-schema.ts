import { contentInputKind, isContentProperty, propertiesOf } from '../protocol/interactions.js';
import { isFiniteNumber, isJsonObject, isText, type JsonObject, type JsonValue } from '../protocol/json.js';
import type {
  ContentField,
  Field,
  FieldBase,
  FieldOption,
  FieldVariant,
  Form,
  NumberField,
  TextEntry,
  TextField,
} from './form-fields.js';
import { resolveSchema } from './form-schema.js';

/** Groups nested deeper than this are entered as JSON: a schema may refer to itself. */
const MAX_DEPTH = 5;

/** A text that may be longer than this gets several lines. */
const LINE_LENGTH = 120;

/** What to call a form of a value that has no name, by its type and its position from 1. */
export type VariantName = (type: string, position: number) => string;

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
  return Object.entries(propertiesOf(schema)).map(([name, property]) =>
    toField(isJsonObject(property) ? property : {}, {
      root: parent.root,
      name,
      pointer: `${parent.pointer}/${escapeKey(name)}`,
      isRequired: required.includes(name) || isHinted(property),
      fallbackLabel: isJsonObject(property) && property['title'] === '' ? title : toWords(name),
      variantName: parent.variantName,
      depth: parent.depth + 1,
    }),
  );
}

function toField(raw: JsonObject, place: Place): Field {
  const { schema, isNullable } = resolveSchema(raw, place.root);
  const base = baseOf(schema, isNullable, place);
  if (isContentProperty(schema)) return contentField(base, schema);
  const options = optionsOf(schema);
  if (options !== undefined) return { ...base, kind: 'options', options, isMultiple: false };
  const variants = place.depth > MAX_DEPTH ? undefined : variantsOf(schema, place);
  if (variants !== undefined) return { ...base, kind: 'variant', variants };
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
      return { ...base, kind: 'object', fields: fieldsOf(schema, place, base.label) };
    case 'array':
      if (place.depth > MAX_DEPTH || !isJsonObject(schema['items'])) break;
      return listField(base, schema, schema['items'], place);
  }
  const type = typeOf(schema);
  return { ...base, kind: 'json', shape: type === 'object' || type === 'array' ? type : 'any' };
}

function baseOf(schema: JsonObject, isNullable: boolean, place: Place): FieldBase {
  const title = isText(schema['title']) ? schema['title'].trim() : '';
  const description = isText(schema['description']) ? schema['description'].trim() : '';
  const { name, pointer, isRequired } = place;
  return {
    name,
    pointer,
    isRequired,
    isNullable,
    label: title || description || place.fallbackLabel,
    description: title === '' ? '' : description,
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
      root: place.root,
      name: String(index),
      pointer: `${place.pointer}/${index}`,
      isRequired: true,
      fallbackLabel: `${base.label} ${index + 1}`,
      variantName: place.variantName,
      depth: place.depth + 1,
    });
  return { ...base, ...limits, kind: 'array', itemAt };
}

/** The forms that a value can have, by `oneOf` or `anyOf`; what the schema says beside them holds for each. */
function variantsOf(schema: JsonObject, place: Place): readonly FieldVariant[] | undefined {
  const { oneOf, anyOf, title: _title, description: _description, default: _default, ...common } = schema;
  const alternatives = Array.isArray(oneOf) ? oneOf : anyOf;
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isJsonObject)) {
    return undefined;
  }
  const schemas = alternatives.map((raw: JsonObject) => resolveSchema(raw, place.root).schema);
  const isGroup = Object.keys(propertiesOf(common)).length > 0;
  // They only say which members go together: that is checked, and nothing to choose from.
  if (isGroup && schemas.every(isNameless)) return undefined;
  return schemas.map((alternative, index) => {
    const merged = mergedObject(common, alternative);
    const label = variantLabel(merged, index, place.variantName);
    return {
      label,
      field: toField(merged, { ...place, isRequired: true, fallbackLabel: label, depth: place.depth + 1 }),
    };
  });
}

/** True for a schema that has nothing by which people could tell it apart. */
function isNameless(schema: JsonObject): boolean {
  return schema['title'] === undefined && Object.keys(propertiesOf(schema)).length === 0;
}

function mergedObject(common: JsonObject, schema: JsonObject): JsonObject {
  const merged = { ...common, ...schema };
  const properties = mergedProperties(propertiesOf(common), propertiesOf(schema));
  if (Object.keys(properties).length === 0) return merged;
  const required = [common['required'], schema['required'], constantsOf(properties)].flatMap((names) =>
    Array.isArray(names) ? names : [],
  );
  return { ...merged, properties, required };
}

/** What both say about a member holds. */
function mergedProperties(common: JsonObject, own: JsonObject): JsonObject {
  const merged = Object.entries(own).map(([name, property]) => {
    const shared = Object.hasOwn(common, name) ? common[name] : undefined;
    return [name, isJsonObject(shared) && isJsonObject(property) ? { ...shared, ...property } : property];
  });
  return { ...common, ...(Object.fromEntries(merged) as JsonObject) };
}

/** Members with one possible value: they say which of the forms it is. */
function constantsOf(properties: JsonObject): readonly string[] {
  return Object.entries(properties)
    .filter(([, property]) => isJsonObject(property) && optionsOf(property)?.length === 1)
    .map(([name]) => name);
}

function variantLabel(schema: JsonObject, index: number, variantName: VariantName): string {
  const { title, type } = schema;
  if (isText(title) && title !== '') return title;
  const properties = propertiesOf(schema);
  const [constant] = constantsOf(properties);
  const property = constant === undefined ? undefined : properties[constant];
  const option = isJsonObject(property) ? optionsOf(property)?.[0] : undefined;
  if (option !== undefined) return toWords(option.label);
  const names = Object.keys(properties).map(toWords).join(', ');
  return names || variantName(isText(type) ? type : '', index + 1);
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

/** Both ways to write options: `enum` (with the older `enumNames`), and `oneOf` of titled constants. */
function optionsOf(schema: JsonObject): readonly FieldOption[] | undefined {
  const { enum: values, enumNames, oneOf, anyOf } = schema;
  if (schema['const'] !== undefined) return [toOption(schema['const'], schema['title'])];
  if (Array.isArray(values) && values.length > 0) {
    const names: readonly JsonValue[] = Array.isArray(enumNames) ? enumNames : [];
    return values
      .filter((value: JsonValue) => value !== null)
      .map((value: JsonValue, index: number) => toOption(value, names[index]));
  }
  const constants = Array.isArray(oneOf) ? oneOf : anyOf;
  if (!Array.isArray(constants) || constants.length === 0) return undefined;
  const options = constants.flatMap((option: JsonValue) =>
    isJsonObject(option) && option['const'] !== undefined ? [toOption(option['const'], option['title'])] : [],
  );
  return options.length === constants.length ? options : undefined;
}

function toOption(value: JsonValue, title: JsonValue | undefined): FieldOption {
  return {
    value,
    label: isText(title) && title !== '' ? title : isText(value) ? value : JSON.stringify(value),
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

/** `maxPrice` and `max_price` are “Max price”. */
function toWords(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
