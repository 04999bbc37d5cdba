import type { TextInputKind } from '../../../protocol/interactions.js';
import type { JsonValue } from '../../../protocol/json.js';

/** What every field of a form has. */
export interface FieldBase {
  /** Key in its object, or position in its list. Empty for the form itself. */
  readonly name: string;
  /** Where its value is: a JSON pointer (RFC 6901) into the form's values. */
  readonly pointer: string;
  readonly label: string;
  /** Empty when the schema has none, or when it serves as the label. */
  readonly description: string;
  /** True when its object is not complete without it. */
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  readonly defaultValue?: JsonValue;
}

/** How a text is entered. */
export type TextEntry = 'line' | 'multiline' | 'email' | 'uri' | 'date' | 'time' | 'date-time';

/** A text; its value is a string. */
export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly entry: TextEntry;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
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

/** One of the values of an `OptionsField`. */
export interface FieldOption {
  readonly label: string;
  readonly value: JsonValue;
}

/** One of some values, or several of them (then the value is a list). */
export interface OptionsField extends FieldBase {
  readonly kind: 'options';
  readonly options: readonly FieldOption[];
  readonly isMultiple: boolean;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A group of fields; its value is an object. */
export interface ObjectField extends FieldBase {
  readonly kind: 'object';
  readonly fields: readonly Field[];
}

/** A list of any length of fields of one kind. */
export interface ArrayField extends FieldBase {
  readonly kind: 'array';
  readonly minItems?: number;
  readonly maxItems?: number;
  /** The field of the item at a position, counted from 0. */
  readonly itemAt: (index: number) => Field;
}

/** One of the forms that the value of a `VariantField` can have. */
export interface FieldVariant {
  readonly label: string;
  /** It stands at the pointer of the `VariantField` itself; made when it is first asked for. */
  readonly field: Field;
}

/** A value that has one of several forms, of which a person chooses one (`oneOf`, `anyOf`). */
export interface VariantField extends FieldBase {
  readonly kind: 'variant';
  readonly variants: readonly FieldVariant[];
  /** True where none is chosen before a person does: it stands in itself, or would be too much to show at once. */
  readonly isFolded: boolean;
}

/** Text and files; its value is an `LLMContent`. */
export interface ContentField extends FieldBase {
  readonly kind: 'content';
  readonly inputKind: TextInputKind;
  /** Types of files to pick, as in the `accept` attribute; empty for all. */
  readonly accept: string;
}

/** A value that the form has no control for; it is entered as JSON. */
export interface JsonField extends FieldBase {
  readonly kind: 'json';
  /** What the JSON has to be, where the schema says so. */
  readonly shape: 'object' | 'array' | 'any';
}

/** What is filled in to give an answer, which is an object: a group of fields, or one of several groups. */
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
  | JsonField;
