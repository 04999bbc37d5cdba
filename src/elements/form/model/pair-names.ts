import { isJsonObject, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { escapeKey, pointerKeys, unescapeKey } from '../../../protocol/schema/json-pointer.js';
import type { ObjectField } from './fields.js';

/**
 * The names of members as typed, by JSON pointer. The keys in these pointers stay the same while a person changes the
 * name, so that a name can be empty or double for a moment, and nothing moves.
 */
export type Names = Readonly<Record<string, string>>;

/** A member that a person names. */
export interface Pair {
  /** Its key in the values of the draft. */
  readonly key: string;
  readonly name: string;
}

/** The members of a group that a person names, in their order; `value` is that of the group in the draft. */
export function pairsIn(
  field: ObjectField,
  value: JsonValue | undefined,
  names: Names = {},
): readonly Pair[] {
  if (field.pairs === undefined) return [];
  const fixed = new Set([...field.fields.map(({ name }) => name), ...field.absentNames]);
  const keys = new Set([
    ...keysBelow(field.pointer, names),
    ...Object.keys(isJsonObject(value) ? value : {}).filter((key) => !fixed.has(key)),
  ]);
  return [...keys].map((key) => ({ key, name: names[pairPointer(field, key)] ?? key }));
}

/** The keys of the members of a place that have a typed name. */
export function keysBelow(pointer: string, names: Names): readonly string[] {
  const start = `${pointer}/`;
  return Object.keys(names).flatMap((other) => {
    const key = other.slice(start.length);
    return other.startsWith(start) && !key.includes('/') ? [unescapeKey(key)] : [];
  });
}

/** The pointer of a member of a group. */
export function pairPointer({ pointer }: ObjectField, key: string): string {
  return `${pointer}/${escapeKey(key)}`;
}

/** The names with those of all members of a group, which keeps their order when their values change. */
export function withPairNames(field: ObjectField, value: JsonValue | undefined, names: Names): Names {
  const own = pairsIn(field, value, names).map(({ key, name }) => [pairPointer(field, key), name] as const);
  return { ...names, ...Object.fromEntries(own) };
}

/** The pointer under which the problems of a member's name are found; no place of a value has it. */
export function namePointer(pointer: string): string {
  return `name:${pointer}`;
}

/** A key for another member of a group. */
export function unusedKey(field: ObjectField, value: JsonValue | undefined, names: Names): string {
  const used = new Set([
    ...field.fields.map(({ name }) => name),
    ...pairsIn(field, value, names).map(({ key }) => key),
  ]);
  let count = 1;
  while (used.has(`new ${count}`)) count += 1;
  return `new ${count}`;
}

/**
 * The values with the names that were typed. A member whose name another one has keeps its key, so that nothing is
 * lost.
 */
export function namedValues(values: JsonObject, names: Names | undefined): JsonObject {
  if (names === undefined || Object.keys(names).length === 0) return values;
  const named = withNames(values, '', names);
  return isJsonObject(named) ? named : values;
}

function withNames(value: JsonValue, pointer: string, names: Names): JsonValue {
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, index: number) => withNames(item, `${pointer}/${index}`, names));
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => {
    const place = `${pointer}/${escapeKey(key)}`;
    return { key, name: names[place] ?? key, member: withNames(member, place, names) };
  });
  const taken = new Set(entries.filter(({ key, name }) => key === name).map(({ name }) => name));
  return Object.fromEntries(
    entries.map(({ key, name, member }) => {
      const isFree = key === name || !taken.has(name);
      if (isFree) taken.add(name);
      return [isFree ? name : key, member];
    }),
  );
}

/** The pointer in the values of a draft, for one in the values that are sent. */
export function draftPointer(sentPointer: string, names: Names | undefined): string {
  if (names === undefined || Object.keys(names).length === 0) return sentPointer;
  return pointerKeys(sentPointer).reduce((pointer, name) => {
    const key = keysBelow(pointer, names).find((other) => names[`${pointer}/${escapeKey(other)}`] === name);
    return `${pointer}/${escapeKey(key ?? name)}`;
  }, '');
}
