import type { TextInputKind } from '../../../protocol/questions/interactions.js';
import type { JsonValue } from '../../../protocol/values/json.js';
import type { FieldOption } from '../schema/schema-alternatives.js';

/** The members that all kinds of fields share. */
export interface FieldBase {
  /** Key in its object, or position in its list. Empty for the form itself. */
  readonly name: string;
  /** The place of its value: a JSON pointer (RFC 6901) into the form's values. */
  readonly pointer: string;
  readonly label: string;
  /** Empty when the schema has none, or when it serves as the label. */
  readonly description: string;
  /** True when its object is incomplete without it. */
  readonly isRequired: boolean;
  /** True for an item that a person has added to a list, or a member with a name of its own. */
  readonly isItem?: boolean;
  readonly isNullable: boolean;
  /** True for a value that is hidden while it is typed, and neither stored nor shown again. */
  readonly isSecret: boolean;
  /** True for a value that is shown and sent, and that a person cannot change. */
  readonly isReadOnly: boolean;
  readonly isDeprecated: boolean;
  /** Values that the schema gives as examples. */
  readonly examples: readonly JsonValue[];
  readonly defaultValue?: JsonValue;
}

/** The control that a text is entered with. */
export type TextEntry = 'line' | 'multiline' | 'email' | 'uri' | 'date' | 'time' | 'date-time';

/** A text; its value is a string. */
export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly entry: TextEntry;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** True for a required text that can be empty all the same. */
  readonly mayBeEmpty?: boolean;
  /** The only texts that are allowed, when it is typed all the same. */
  readonly allowed?: readonly string[];
}

/** A number. */
export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly isInteger: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

/** Yes or no. */
export interface BooleanField extends FieldBase {
  readonly kind: 'boolean';
}

/** A choice of one of several values, or of any number of them (then the value is a list). */
export interface OptionsField extends FieldBase {
  readonly kind: 'options';
  readonly options: readonly FieldOption[];
  readonly isMultiple: boolean;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/**
 * Members of a group that a person names. `key` is that of the member in the values of a draft, `name` its name, which
 * decides about its value.
 */
export interface Pairs {
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly isAllowed: (name: string) => boolean;
  readonly nameField: (key: string) => TextField;
  readonly valueField: (key: string, name: string) => Field;
}

/** A group of fields; its value is an object. */
export interface ObjectField extends FieldBase {
  readonly kind: 'object';
  readonly fields: readonly Field[];
  /** Members that the schema describes under conditions which do not hold: they are kept, but not sent. */
  readonly absentNames: ReadonlySet<string>;
  /** Absent when a person cannot add members. */
  readonly pairs?: Pairs;
  /** True for the form of a schema whose values are not objects, so that no answer can fit it. */
  readonly isUnanswerable?: boolean;
  /** True when the schema allows or requires members that have no field: they can be entered as JSON. */
  readonly isPartial: boolean;
}

/** A list: first the places, with a field of their own each, then any number of items that share one schema. */
export interface ArrayField extends FieldBase {
  readonly kind: 'array';
  /** The number of places; they are always shown, and their items can be neither removed nor moved. */
  readonly placeCount: number;
  /** True when a person can add items after the places. */
  readonly isExtensible: boolean;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** The field of the item at a position, counted from 0. */
  readonly itemAt: (index: number) => Field;
}

/** One of the shapes that the value of a `VariantField` can have. */
export interface FieldVariant {
  readonly label: string;
  /** Has the pointer of the `VariantField` itself; made on first access. */
  readonly field: Field;
}

/** A value with one of several shapes, which a person chooses (`oneOf`, `anyOf`). */
export interface VariantField extends FieldBase {
  readonly kind: 'variant';
  readonly variants: readonly FieldVariant[];
  /** True when no variant is preselected: the field is recursive, or too large to show at once. */
  readonly isFolded: boolean;
}

/** Text and files; its value is an `LLMContent`. */
export interface ContentField extends FieldBase {
  readonly kind: 'content';
  readonly inputKind: TextInputKind;
  /** The file types to pick from, as in the `accept` attribute; empty for all. */
  readonly accept: string;
}

/** A file; its value is a text. */
export interface FileField extends FieldBase {
  readonly kind: 'file';
  /** How the text holds the file: as a `data:` URL, or as its bytes alone. */
  readonly encoding: 'data-url' | 'base64';
  /** The file types to pick from, as in the `accept` attribute; empty for all. */
  readonly accept: string;
  readonly maxBytes?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** A value that the form has no control for; it is entered as JSON. */
export interface JsonField extends FieldBase {
  readonly kind: 'json';
  /**
   * The required shape of the JSON; `any` when the schema does not restrict it: then a text may be entered without quotes.
   */
  readonly shape: 'object' | 'array' | 'any';
}

/** The fields of a whole answer, which is an object: a group of fields, or one of several groups. */
export type Form = ObjectField | VariantField;

/** One field of a form. */
export type Field =
  | TextField
  | NumberField
  | BooleanField
  | OptionsField
  | ObjectField
  | ArrayField
  | VariantField
  | ContentField
  | FileField
  | JsonField;
