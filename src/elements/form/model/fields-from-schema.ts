import { isContentProperty, propertiesOf } from '../../../protocol/questions/interactions.js';
import {
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/values/json.js';
import { conditionalNames, splitConditions } from '../schema/conditions.js';
import { dueSchema, withRequired, type Deciding } from '../schema/due-schema.js';
import { objectOf } from './form-values.js';
import { fileField } from './file-value.js';
import { knownField } from './known-fields.js';
import { listField } from './list-field.js';
import { listParts } from './list-parts.js';
import { hasPairs, pairsOf } from './pairs.js';
import { isFolded, isListed, MAX_OPTIONS, opened } from './place-limits.js';
import type { Field, FieldBase, FieldVariant, Form, ObjectField, VariantField } from './fields.js';
import { escapeKey, memberOf } from '../../../protocol/schema/json-pointer.js';
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
import { resolveSchema } from '../schema/resolve-schema.js';
import {
  alternativesOf,
  distinct,
  isNameless,
  listedTypes,
  mergedObject,
  optionsOf,
  toWords,
  variantLabel,
  type FieldOption,
  type VariantName,
} from '../schema/schema-alternatives.js';

/** The answer so far, by which the conditions of a schema are determined. */
export interface AnswerSoFar {
  readonly values: JsonObject;
  /** Undefined as long as conditions cannot be checked: then the form has only the fields that are always there. */
  readonly deciding: Deciding | undefined;
}

/** Groups nested deeper than this are entered as JSON: a schema may refer to itself. */
const MAX_DEPTH = 5;

/** Alternatives up to which a person chooses among them; a value with more is entered as JSON. */
const MAX_VARIANTS = 100;

const TYPE_AND_POSITION: VariantName = (type, position) => `${toWords(type)} ${position ?? ''}`.trim();

/**
 * Makes the form of a schema whose values are objects. Never fails: anything that the form has no control
 * for becomes a field for JSON. `title` is the label of each top-level field whose schema states an empty
 * title and no description. `variantName` names the variants that have no name of their own.
 */
export function formFields(
  schema: JsonObject,
  title: string,
  variantName = TYPE_AND_POSITION,
  answer: AnswerSoFar = { values: {}, deciding: undefined },
): Form {
  const place: Place = {
    root: schema,
    name: '',
    pointer: '',
    namedPointer: '',
    isRequired: true,
    isReadOnly: false,
    isGiven: false,
    fallbackLabel: title,
    variantName,
    depth: 0,
    within: [],
    made: { count: 0, options: 0 },
    value: answer.values,
    deciding: answer.deciding,
  };
  // An answer is an object, even if its schema does not say so.
  const field = toField({ ...schema, type: 'object' }, place);
  if (isForm(field)) return { ...field, isNullable: false };
  const resolved = resolveSchema(schema, schema).schema;
  const form = groupField(baseOf(resolved, false, place), resolved, place, title);
  const { type = 'object' } = resolved;
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'));
  return isObject ? form : { ...form, isUnanswerable: true };
}

function isForm(field: Field): field is Form {
  if (field.kind === 'variant') return field.variants.every((variant) => isForm(variant.field));
  return field.kind === 'object';
}

/** A group with the fields that are due for its value. `schema` is resolved. */
function groupField(base: FieldBase, schema: JsonObject, place: Place, title: string): ObjectField {
  const { deciding, root, value } = place;
  const due =
    deciding === undefined
      ? { schema, absentNames: new Set<string>() }
      : dueSchema(schema, objectOf(value), deciding, root);
  return {
    ...base,
    kind: 'object',
    fields: fieldsOf(due.schema, { ...place, within: [...place.within, propertiesOf(schema)] }, title),
    absentNames: due.absentNames,
    ...(hasPairs(due.schema) ? { pairs: pairsOf(due.schema, place, toField) } : {}),
    isPartial: isPartial(due.schema),
  };
}

function fieldsOf(schema: JsonObject, parent: Place, title: string): readonly Field[] {
  const required: readonly JsonValue[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const isRequired = new Set(required);
  const properties = withRequired(propertiesOf(schema), schema);
  return Object.entries(properties)
    .filter(([, property]) => property !== false)
    .map(([name, property]) => {
      const place = {
        ...parent,
        name,
        pointer: `${parent.pointer}/${escapeKey(name)}`,
        namedPointer: `${parent.namedPointer}/${escapeKey(name)}`,
        isRequired: isRequired.has(name) || isHinted(property),
        fallbackLabel: isJsonObject(property) && property['title'] === '' ? title : toWords(name),
        depth: parent.depth + 1,
        value: memberOf(parent.value, name),
      };
      return knownField(isJsonObject(property) ? property : {}, place, toField);
    });
}

function toField(raw: JsonObject, around: Place): Field {
  around.made.count += 1;
  const { schema, isNullable } = resolveSchema(raw, around.root, around.name !== '');
  const base = baseOf(schema, isNullable, around, raw);
  const place = { ...around, isReadOnly: isReadOnly(schema, around), isGiven: isGiven(schema, around) };
  if (isContentProperty(schema)) return contentField(base, schema);
  const options = optionsOf(schema) ?? optionsOfAlternatives(schema, place.root);
  if (options !== undefined && isListed(options, place, MAX_OPTIONS)) {
    return { ...base, kind: 'options', options, isMultiple: false };
  }
  const variants = place.depth > MAX_DEPTH ? undefined : variantsOf(schema, place);
  if (variants !== undefined) return { ...base, kind: 'variant', ...variants };
  switch (typeOf(schema)) {
    case 'string':
      return fileField(base, schema) ?? textField(base, schema);
    case 'number':
    case 'integer':
      return numberField(base, schema);
    case 'boolean':
      return { ...base, kind: 'boolean' };
    case 'object':
      if (place.depth > MAX_DEPTH || !hasMembers(schema, place)) break;
      if (isFolded(propertiesOf(schema), place)) return foldedGroup(base, schema, place);
      return groupField(base, schema, place, base.label);
    case 'array': {
      const parts = place.depth > MAX_DEPTH ? undefined : listParts(schema);
      if (parts === undefined) break;
      if (parts.places.length > 0 && isFolded(parts.places, place)) return foldedGroup(base, schema, place);
      return listField(base, schema, parts, place, toField);
    }
  }
  const type = typeOf(schema);
  return { ...base, kind: 'json', shape: type === 'object' || type === 'array' ? type : 'any' };
}

/** The options of alternatives that are nothing but lists of values: together they are one list to choose from. */
function optionsOfAlternatives(schema: JsonObject, root: JsonObject): readonly FieldOption[] | undefined {
  const alternatives = alternativesOf(schema);
  if (!Array.isArray(alternatives) || alternatives.length < 2) return undefined;
  const lists = alternatives.map((alternative: JsonValue) =>
    isJsonObject(alternative) ? optionsOf(resolveSchema(alternative, root).schema, true) : undefined,
  );
  const options = lists.flatMap((list) => list ?? []);
  const values = new Set(options.map(({ value }) => canonicalJson(value)));
  // A value of two alternatives may be one of none.
  return lists.includes(undefined) || values.size < options.length ? undefined : distinct(options);
}

/** True for a group with fields or named members, now or under a condition. */
function hasMembers(schema: JsonObject, { deciding, root }: Place): boolean {
  if (hasPairs(schema)) return true;
  if (Object.keys(withRequired(propertiesOf(schema), schema)).length > 0) return true;
  return deciding !== undefined && conditionalNames(splitConditions(schema).conditions, root).size > 0;
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
] as const;

function isPartial(schema: JsonObject): boolean {
  return OTHER_MEMBERS.some((keyword) => schema[keyword] !== undefined);
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

/**
 * The variants of a value, from `oneOf`, `anyOf` or a list of types; the other keywords of the schema apply to each of
 * them.
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
    deprecated: _deprecated,
    ...common
  } = schema;
  const stated = alternativesOf(schema);
  const types = stated === undefined ? listedTypes(schema) : [];
  const alternatives = types.length > 1 ? types.map((type): JsonValue => ({ type })) : stated;
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
  if (isGroup && stated !== undefined && schemas.every(isNameless)) return undefined;
  const part = stated ?? schema['type'];
  const isLate = isFolded(part, place);
  const start = isLate ? opened(place) : place;
  const merged = schemas.map((alternative) => mergedObject(common, alternative));
  const variants = merged.map((alternative) => {
    const label = variantLabel(alternative, merged, place.variantName);
    return lazyVariant(label, alternative, {
      ...start,
      isRequired: true,
      fallbackLabel: label,
      depth: place.depth + 1,
      within: [...start.within, part],
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
