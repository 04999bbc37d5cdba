import { plainName } from '../../../protocol/values/plain-name.js';
import { contentInputKind } from '../../../protocol/questions/interactions.js';
import {
  isFiniteNumber,
  isJsonObject,
  isText,
  pickMembers,
  type JsonObject,
  type JsonValue,
} from '../../../protocol/values/json.js';
import { isSecretPlace } from '../../../protocol/schema/secrets.js';
import { withNumericBounds } from '../schema/checkable-schema.js';
import type { Deciding } from '../schema/due-schema.js';
import type { ContentField, FieldBase, NumberField, TextEntry, TextField } from './fields.js';
import { describesItems } from './list-parts.js';
import { listedTypes, type VariantName } from '../schema/schema-alternatives.js';

/** A text that may be longer than this, in characters, gets several lines. */
const LINE_LENGTH = 120;

/** The position of a field in its form, and what it inherits from the fields around it. */
export interface Place {
  readonly root: JsonObject;
  readonly name: string;
  /** In the values of the draft. */
  readonly pointer: string;
  /** In the values that are sent: with the names that a person gave. */
  readonly namedPointer: string;
  readonly isRequired: boolean;
  /** True within a part of the schema that is read-only. */
  readonly isReadOnly: boolean;
  /** True within a part of the schema that has a default. */
  readonly isGiven: boolean;
  /** The label of a field whose schema gives it none. */
  readonly fallbackLabel: string;
  readonly variantName: VariantName;
  readonly depth: number;
  /** The schema parts around the field, by identity; a part that occurs in itself is recursive. */
  readonly within: readonly unknown[];
  /** The numbers of fields made together with this one, and of the options listed in them. */
  readonly made: { count: number; options: number };
  /** The value at the place, in the answer so far. */
  readonly value: JsonValue | undefined;
  /** Decides the conditions of the schema; undefined as long as they cannot be checked. */
  readonly deciding: Deciding | undefined;
}

/** The members that all kinds of fields share. `raw` is the schema before its references were followed. */
export function baseOf(schema: JsonObject, isNullable: boolean, place: Place, raw = schema): FieldBase {
  const title = isText(schema['title']) ? schema['title'].trim() : '';
  const description = isText(schema['description']) ? schema['description'].trim() : '';
  const { name, pointer, isRequired } = place;
  const { examples, default: preset } = schema;
  // The description of a definition describes the definition and does not name the field that refers to it.
  const isLabel = title === '' && isText(raw['description']);
  return {
    name,
    pointer,
    isRequired,
    isNullable,
    isSecret: isSecretPlace(place.root, place.namedPointer),
    isReadOnly: isReadOnly(schema, place) && (!isRequired || isGiven(schema, place)),
    isDeprecated: schema['deprecated'] === true,
    examples: Array.isArray(examples) ? examples : [],
    label: plainName(title) || plainName(isLabel ? description : '') || plainName(place.fallbackLabel),
    description: isLabel ? '' : description,
    ...(preset === undefined ? {} : { defaultValue: preset }),
  };
}

/** True for a part of a schema that is read-only. A person has to fill it in all the same where it is required and has no value. */
export function isReadOnly({ readOnly }: JsonObject, place: Place): boolean {
  return readOnly === true || place.isReadOnly;
}

/** True for a part of a schema whose value is known without asking. */
export function isGiven({ default: preset, const: only }: JsonObject, place: Place): boolean {
  return preset !== undefined || only !== undefined || place.isGiven;
}

/** The field of a schema for a text. */
export function textField(base: FieldBase, schema: JsonObject): TextField {
  return {
    ...base,
    kind: 'text',
    entry: entryOf(schema),
    ...pickMembers(schema, ['minLength', 'maxLength'], isFiniteNumber),
    ...pickMembers(schema, ['pattern'], isText),
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
  // A single line would drop the line breaks.
  return isLong || (isText(preset) && preset.includes('\n')) ? 'multiline' : 'line';
}

/** The field of a schema for a number. */
export function numberField(base: FieldBase, schema: JsonObject): NumberField {
  return {
    ...base,
    kind: 'number',
    isInteger: typeOf(schema) === 'integer',
    ...pickMembers(
      withNumericBounds(schema),
      ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
      isFiniteNumber,
    ),
    ...pickMembers(schema, ['multipleOf'], isPositive),
  };
}

function isPositive(value: unknown): value is number {
  return isFiniteNumber(value) && value > 0;
}

const ACCEPTED_TYPES: Readonly<Record<string, string>> = {
  image: 'image/*',
  mic: 'audio/*',
  videocam: 'video/*',
};

/** The field of a schema for text and files. */
export function contentField(base: FieldBase, schema: JsonObject): ContentField {
  const format = isText(schema['format']) ? schema['format'] : '';
  return {
    ...base,
    kind: 'content',
    inputKind: contentInputKind(schema),
    accept: Object.hasOwn(ACCEPTED_TYPES, format) ? (ACCEPTED_TYPES[format] ?? '') : '',
  };
}

/** The type that a schema names or implies; `any` when it allows more types than one control can enter. */
export function typeOf(schema: JsonObject): string {
  const { type } = schema;
  if (isText(type)) return type;
  if (Array.isArray(type)) {
    const [only = 'any', ...others] = listedTypes(schema);
    return others.length === 0 ? only : 'any';
  }
  if (isJsonObject(schema['properties'])) return 'object';
  if (describesItems(schema)) return 'array';
  return TEXT_KEYWORDS.some((key) => schema[key] !== undefined) ? 'string' : 'any';
}

/** Keywords that say something about texts alone. */
const TEXT_KEYWORDS = ['format', 'pattern', 'minLength', 'maxLength', 'contentEncoding', 'contentMediaType'];
