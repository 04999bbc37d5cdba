import { isJsonObject, isSameJson, type JsonValue } from '../../protocol/values/json.js';
import { pointerKeys } from '../../protocol/schema/json-pointer.js';

/** Wraps a document that may be missing after an operation: JSON has no value for “nothing”. */
interface Place {
  readonly value: JsonValue | undefined;
}

/**
 * Applies a JSON Patch (RFC 6902) to a document, which it does not change. Returns undefined for a patch that cannot be
 * applied: as a whole, or not at all.
 */
export function applyJsonPatch(
  document: JsonValue,
  operations: JsonValue | undefined,
): JsonValue | undefined {
  if (!Array.isArray(operations)) return undefined;
  let value: JsonValue = document;
  for (const operation of operations as readonly JsonValue[]) {
    const next = applyOperation(value, operation);
    if (next === undefined) return undefined;
    value = next;
  }
  return value;
}

function applyOperation(document: JsonValue, operation: JsonValue): JsonValue | undefined {
  if (!isJsonObject(operation)) return undefined;
  const { op, value } = operation;
  const path = keysOf(operation['path']);
  const from = keysOf(operation['from']);
  if (path === undefined) return undefined;
  switch (op) {
    case 'add':
      return value === undefined ? undefined : change(document, path, { value }, 'insert');
    case 'replace':
      return value === undefined ? undefined : change(document, path, { value }, 'replace');
    case 'remove':
      return change(document, path, { value: undefined }, 'replace');
    case 'test': {
      const found = read(document, path);
      return found !== undefined && value !== undefined && isSameJson(found, value) ? document : undefined;
    }
    case 'copy':
    case 'move': {
      const found = from === undefined ? undefined : read(document, from);
      if (from === undefined || found === undefined) return undefined;
      // A value cannot be moved into itself.
      if (op === 'move' && isInside(path, from)) return undefined;
      const rest =
        op === 'copy' || from.length === 0
          ? document
          : change(document, from, { value: undefined }, 'replace');
      return rest === undefined ? undefined : change(rest, path, { value: found }, 'insert');
    }
    default:
      return undefined;
  }
}

function keysOf(pointer: JsonValue | undefined): readonly string[] | undefined {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) return undefined;
  return pointerKeys(pointer);
}

function isInside(keys: readonly string[], outer: readonly string[]): boolean {
  return keys.length > outer.length && outer.every((key, at) => key === keys[at]);
}

function read(document: JsonValue, keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const key of keys) {
    if (Array.isArray(value)) value = (value as readonly JsonValue[])[indexOf(key) ?? -1];
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** An index of an array: digits without a leading zero. */
function indexOf(key: string): number | undefined {
  return /^(0|[1-9]\d{0,8})$/.test(key) ? Number(key) : undefined;
}

/** Puts a value at a place, or removes the one there; undefined if there is no such place. */
function change(
  document: JsonValue,
  keys: readonly string[],
  place: Place,
  how: 'insert' | 'replace',
): JsonValue | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return place.value;
  if (Array.isArray(document)) return changeArray(document, key, rest, place, how);
  if (!isJsonObject(document)) return undefined;
  const isInsertion = rest.length === 0 && how === 'insert';
  if (!isInsertion && !Object.hasOwn(document, key)) return undefined;
  const others = Object.entries(document).filter(([name]) => name !== key);
  if (rest.length === 0 && place.value === undefined) return Object.fromEntries(others);
  const member = change(isInsertion ? null : (document[key] ?? null), rest, place, how);
  // From entries, because `__proto__` is a name like any other.
  return member === undefined ? undefined : Object.fromEntries([...others, [key, member]]);
}

function changeArray(
  items: readonly JsonValue[],
  key: string,
  rest: readonly string[],
  place: Place,
  how: 'insert' | 'replace',
): JsonValue | undefined {
  const isInsertion = rest.length === 0 && how === 'insert';
  const at = key === '-' && isInsertion ? items.length : indexOf(key);
  if (at === undefined || at > items.length || (at === items.length && !isInsertion)) return undefined;
  const after = items.slice(isInsertion ? at : at + 1);
  if (rest.length === 0 && place.value === undefined) return [...items.slice(0, at), ...after];
  const item = change(items[at] ?? null, rest, place, how);
  return item === undefined ? undefined : [...items.slice(0, at), item, ...after];
}
