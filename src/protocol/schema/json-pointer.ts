import { isJsonObject, type JsonValue } from '../values/json.js';

/** The JSON pointer (RFC 6901) of a value as a whole. */
export const ROOT_POINTER = '';

/** The keys of a JSON pointer. */
export function pointerKeys(pointer: string): readonly string[] {
  return pointer.split('/').slice(1).map(unescapeKey);
}

/** A key as it was before `escapeKey`. */
export function unescapeKey(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A key as it is written in a JSON pointer. */
export function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The value at a JSON pointer, or undefined. Sees own members only. */
export function valueAt(value: JsonValue | undefined, pointer: string): JsonValue | undefined {
  let current = value;
  for (const key of pointerKeys(pointer)) current = memberOf(current, key);
  return current;
}

/** An own member of an object, or an item of a list; undefined when there is none. */
export function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    return items[Number(key)];
  }
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
