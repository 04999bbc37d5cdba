import { plainName } from '../../../protocol/values/plain-name.js';
import { propertiesOf } from '../../../protocol/questions/interactions.js';
import { isJsonObject, isText, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { splitConditions, withConditions } from './conditions.js';

/**
 * Makes the name of a variant that has none, from its type, and its position, counted from 1, unless it is the only one
 * of its type.
 */
export type VariantName = (type: string, position?: number) => string;

/**
 * The options of a schema, undefined when it lists none. Reads both notations: `enum` (with the lists of names and
 * descriptions that generators write next to it), and `oneOf` of titled constants. `null` without a name is “no answer”
 * and no option, unless `hasNull`.
 */
export function optionsOf(schema: JsonObject, hasNull = false): readonly FieldOption[] | undefined {
  const { enum: values, oneOf, anyOf } = schema;
  if (schema['const'] !== undefined) return [toOption(schema['const'])];
  if (Array.isArray(values) && values.length > 0) {
    const names = firstList(schema, ['enumNames', 'x-enumNames', 'x-enum-varnames']);
    const descriptions = firstList(schema, ['enumDescriptions', 'x-enum-descriptions']);
    // A name belongs to the value at its place.
    const options = values.map((value: JsonValue, index: number) =>
      toOption(value, names[index], descriptions[index]),
    );
    return distinct(options).filter(
      ({ value }, index) => value !== null || hasNull || isNamed(names[index]) || values.length === 1,
    );
  }
  const constants = Array.isArray(oneOf) ? oneOf : anyOf;
  if (!Array.isArray(constants) || constants.length === 0) return undefined;
  const options = constants.flatMap((option: JsonValue) =>
    isJsonObject(option) && option['const'] !== undefined
      ? [toOption(option['const'], option['title'], option['description'])]
      : [],
  );
  return options.length === constants.length ? distinct(options) : undefined;
}

function firstList(schema: JsonObject, keywords: readonly string[]): readonly JsonValue[] {
  const lists = keywords.map((keyword) => schema[keyword]);
  return lists.find((list): list is readonly JsonValue[] => Array.isArray(list)) ?? [];
}

/** The options with names that tell them apart: `1` and `"1"`, or the value after a title that two have. */
export function distinct(options: readonly FieldOption[]): readonly FieldOption[] {
  const counts = new Map<string, number>();
  for (const { label } of options) counts.set(label, (counts.get(label) ?? 0) + 1);
  return options.map((option) => {
    const { label, value } = option;
    if (label === '' || counts.get(label) === 1) return option;
    const exact = JSON.stringify(value);
    return { ...option, label: label === value || label === exact ? exact : `${label} (${exact})` };
  });
}

function toOption(value: JsonValue, title?: JsonValue, description?: JsonValue): FieldOption {
  return {
    value,
    label: [title, value].find(isNamed) ?? (isText(value) ? '' : JSON.stringify(value)),
    ...(isNamed(description) ? { description: description.trim() } : {}),
  };
}

function isNamed(title: JsonValue | undefined): title is string {
  return isText(title) && title.trim() !== '';
}

/** The schemas of the variants that a value can have, as written. */
export function alternativesOf({ oneOf, anyOf }: JsonObject): JsonValue | undefined {
  return Array.isArray(oneOf) ? oneOf : anyOf;
}

/** The types of a value as a schema lists them, apart from null; each integer is a number. */
export function listedTypes({ type }: JsonObject): readonly string[] {
  if (!Array.isArray(type)) return [];
  const types = [...new Set(type.filter(isText))].filter((name) => name !== 'null');
  return types.filter((name) => name !== 'integer' || !types.includes('number'));
}

/** True for a schema with nothing that would let people distinguish it from others. */
export function isNameless(schema: JsonObject): boolean {
  return schema['title'] === undefined && Object.keys(propertiesOf(schema)).length === 0;
}

/** A variant merged with the keywords that its schema states next to the variants. */
export function mergedObject(common: JsonObject, schema: JsonObject): JsonObject {
  const [shared, own] = [splitConditions(common), splitConditions(schema)];
  const conditions = [...shared.conditions, ...own.conditions];
  const plain: JsonObject = { ...shared.plain, ...own.plain };
  const { allOf } = plain;
  const merged = withConditions(plain, [
    ...(Array.isArray(allOf) ? allOf.filter(isJsonObject) : []),
    ...conditions,
  ]);
  const properties = mergedProperties(propertiesOf(common), propertiesOf(schema));
  if (Object.keys(properties).length === 0) return merged;
  const required = [common['required'], schema['required']].flatMap((names) =>
    Array.isArray(names) ? names : [],
  );
  return { ...merged, properties: identified(properties, required), required };
}

/** The members of a variant, of which one is always there that identifies it: a constant that is required or a default. */
function identified(properties: JsonObject, required: readonly JsonValue[]): JsonObject {
  const constants = constantsOf(properties).map((name) => ({ name, property: properties[name] }));
  const isKnown = constants.some(
    ({ name, property }) =>
      required.includes(name) || (isJsonObject(property) && property['default'] !== undefined),
  );
  if (isKnown) return properties;
  const preset = constants.flatMap(({ name, property }) => {
    const value = isJsonObject(property) ? optionsOf(property)?.[0]?.value : undefined;
    return value === undefined ? [] : [[name, { ...(property as JsonObject), default: value }] as const];
  });
  return { ...properties, ...(Object.fromEntries(preset) as JsonObject) };
}

/** Both descriptions of a member apply; the variant's own wins. */
function mergedProperties(common: JsonObject, own: JsonObject): JsonObject {
  const merged = Object.entries(own).map(([name, property]) => {
    const shared = Object.hasOwn(common, name) ? common[name] : undefined;
    return [name, isJsonObject(shared) && isJsonObject(property) ? { ...shared, ...property } : property];
  });
  return { ...common, ...(Object.fromEntries(merged) as JsonObject) };
}

/** The members with one possible value: they identify the variant. */
function constantsOf(properties: JsonObject): readonly string[] {
  return Object.entries(properties)
    .filter(([, property]) => isJsonObject(property) && optionsOf(property, true)?.length === 1)
    .map(([name]) => name);
}

/**
 * The label of one of several variants: its title, the values that it is limited to, its identifying constant, the names
 * of its members, or what `variantName` makes.
 */
export function variantLabel(
  schema: JsonObject,
  all: readonly JsonObject[],
  variantName: VariantName,
): string {
  const { title } = schema;
  const own = isText(title) ? plainName(title) : '';
  if (own !== '') return own;
  const values = valueNames(schema);
  if (values !== '') return values;
  const properties = propertiesOf(schema);
  const [constant] = constantsOf(properties);
  const property = constant === undefined ? undefined : properties[constant];
  const option = isJsonObject(property) ? optionsOf(property)?.[0] : undefined;
  if (option !== undefined && option.label !== '') return toWords(option.label);
  const names = Object.keys(properties).map(toWords).join(', ');
  if (names !== '') return names;
  const type = onlyType(schema);
  const isOnly =
    type !== '' && all.filter((other) => onlyType(other) === type && isUnnamed(other)).length === 1;
  return isOnly ? variantName(type) : variantName(type, all.indexOf(schema) + 1);
}

/** Values of a variant that name it: more than these would be no name. */
const NAMING_VALUES = 3;

/** The values that a variant is limited to, as its name; empty for one that lists none. */
function valueNames(schema: JsonObject): string {
  const labels = (optionsOf(schema) ?? []).map(({ label }) => label).filter((label) => label !== '');
  const named = labels.slice(0, NAMING_VALUES).join(', ');
  return labels.length > NAMING_VALUES ? `${named}, …` : named;
}

/** True for a variant that has nothing but its type to be called by. */
function isUnnamed(schema: JsonObject): boolean {
  return isNameless(schema) && valueNames(schema) === '';
}

function onlyType(schema: JsonObject): string {
  if (isText(schema['type'])) return schema['type'];
  const [type = '', ...others] = listedTypes(schema);
  return others.length === 0 ? type : '';
}

/** The name of a member in words: `maxPrice` and `max_price` are “Max price”. */
export function toWords(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** One of the values of an `OptionsField`. */
export interface FieldOption {
  /** Empty for a blank text without a name: the view has words for it. */
  readonly label: string;
  readonly value: JsonValue;
  /** What it means; absent when the schema does not say it. */
  readonly description?: string;
}
