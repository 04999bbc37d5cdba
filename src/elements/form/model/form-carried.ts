import { isJsonObject, type JsonValue } from '../../../protocol/json.js';
import type { Field } from './fields.js';
import { fitOf } from './variant-fit.js';

/**
 * What a form starts with that is chosen instead of another one: its own start, with those members of the
 * value before that it has a field for, and those that no field has shown.
 */
export function carried(
  from: Field | undefined,
  to: Field,
  value: JsonValue | undefined,
  start: JsonValue | undefined,
): JsonValue | undefined {
  if (from?.kind !== 'object' || to.kind !== 'object' || !isJsonObject(value)) return start;
  const members = Object.entries(value).filter(([name, member]) => {
    const field = childOf(to, name);
    return field === undefined ? childOf(from, name) === undefined : fitOf(field, member) >= 1;
  });
  return { ...(isJsonObject(start) ? start : {}), ...Object.fromEntries(members) };
}

/** The texts, as they were typed, of fields that both forms have. */
export function carriedTexts(
  from: Field | undefined,
  to: Field | undefined,
  typed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (from?.kind !== 'object' || to?.kind !== 'object') return {};
  const both = to.fields.filter(({ name, kind }) => childOf(from, name)?.kind === kind);
  return Object.fromEntries(
    both.flatMap(({ pointer }) => (typed[pointer] === undefined ? [] : [[pointer, typed[pointer]]])),
  );
}

function childOf(field: Field, name: string): Field | undefined {
  return field.kind === 'object' ? field.fields.find((child) => child.name === name) : undefined;
}
