import { isText } from '../../../protocol/values/json.js';
import type { Field } from './fields.js';

/** The examples of a field that are suggested while a person types: those of a text of one line; otherwise none. */
export function suggestionsOf(field: Field): readonly string[] {
  if (field.kind !== 'text' || field.isSecret || field.isReadOnly) return [];
  return ['line', 'email', 'uri'].includes(field.entry) ? field.examples.filter(isText) : [];
}
