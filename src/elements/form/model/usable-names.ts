import { isJsonObject, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { escapeKey, pointerKeys } from '../../../protocol/schema/json-pointer.js';
import type { FormDraft } from './form-draft.js';
import { keysBelow, namedValues, type Names } from './pair-names.js';

/**
 * The draft with each member under its name, without those whose name is empty or double: which part of a schema
 * describes these, and whether it is secret, is not known.
 */
export function withUsableNames(draft: FormDraft): FormDraft {
  const { names = {}, ...rest } = draft;
  if (Object.keys(names).length === 0) return draft;
  const usable = Object.entries(names).filter(([pointer]) => isUsable(pointer, names));
  const kept = new Set(usable.map(([pointer]) => pointer));
  const isDropped = (pointer: string) =>
    Object.keys(names).some(
      (other) => !kept.has(other) && (pointer === other || pointer.startsWith(`${other}/`)),
    );
  const move = <Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(
      Object.entries(record)
        .filter(([pointer]) => !isDropped(pointer))
        .map(([pointer, value]) => [sentPointer(pointer, names), value]),
    );
  return {
    ...rest,
    values: namedValues(withoutPlaces(rest.values, isDropped), names),
    typed: move(rest.typed),
    ...(rest.chosen === undefined ? {} : { chosen: move(rest.chosen) }),
    names: move(names),
  };
}

function isUsable(pointer: string, names: Names): boolean {
  const name = names[pointer] ?? '';
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  const same = keysBelow(parent, names).filter((key) => names[`${parent}/${escapeKey(key)}`] === name);
  return name.trim() !== '' && same.length === 1;
}

function sentPointer(pointer: string, names: Names): string {
  let place = '';
  let sent = '';
  for (const key of pointerKeys(pointer)) {
    place = `${place}/${escapeKey(key)}`;
    sent = `${sent}/${escapeKey(names[place] ?? key)}`;
  }
  return sent;
}

function withoutPlaces(values: JsonObject, isDropped: (pointer: string) => boolean): JsonObject {
  const copy = (value: JsonValue, pointer: string): JsonValue => {
    if (Array.isArray(value)) {
      return value.map((item: JsonValue, index: number) => copy(item, `${pointer}/${index}`));
    }
    if (!isJsonObject(value)) return value;
    const members = Object.entries(value).map(([key, member]) => {
      return { key, member, place: `${pointer}/${escapeKey(key)}` };
    });
    return Object.fromEntries(
      members
        .filter(({ place }) => !isDropped(place))
        .map(({ key, member, place }) => [key, copy(member, place)]),
    );
  };
  const copied = copy(values, '');
  return isJsonObject(copied) ? copied : {};
}
