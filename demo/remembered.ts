/**
 * Values that the editor remembers. `browser`: for all tabs and the next visit. `tab`: for this tab, across
 * reloads, so that two tabs can show two sessions.
 */
export type RememberedScope = 'browser' | 'tab';

const PREFIX = 'graph-editor.';

/** A remembered value; undefined if there is none or `isValid` rejects it. */
export function recall<Value>(
  scope: RememberedScope,
  name: string,
  isValid: (value: unknown) => value is Value,
): Value | undefined {
  const text = storageOf(scope)?.getItem(PREFIX + name);
  if (text === null || text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isValid(value) ? value : undefined;
  } catch {
    // Written by other code under our name: treated as missing.
    return undefined;
  }
}

/** Remembers a value; undefined removes it. */
export function remember(
  scope: RememberedScope,
  name: string,
  value: string | number | boolean | undefined,
): void {
  const storage = storageOf(scope);
  if (value === undefined) storage?.removeItem(PREFIX + name);
  else storage?.setItem(PREFIX + name, JSON.stringify(value));
}

function storageOf(scope: RememberedScope): Storage | undefined {
  try {
    return scope === 'browser' ? localStorage : sessionStorage;
  } catch {
    // A browser that blocks storage throws on access: the editor then remembers nothing.
    return undefined;
  }
}

/** True for a string. */
export function isString(value: unknown): value is string {
  return typeof value === 'string';
}
