import type { FirstStrings } from './first-english.js';

/** Returns the name of a key (a value of `KeyboardEvent.key`) in the language; a letter or sign is its own name. */
export function keyName(key: string, { keyNames }: FirstStrings): string {
  return Object.hasOwn(keyNames, key) ? keyNames[key as keyof typeof keyNames] : key;
}
