/**
 * What the editor remembers. `browser`: for all tabs and for next time. `tab`: for this tab, across its
 * reloads, so that two tabs can show two sessions.
 */
export type RememberedScope = 'browser' | 'tab';

const PREFIX = 'graph-editor.';

/** A remembered value; undefined when there is none, or when it is not what `isValid` accepts. */
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
    // Written by something else under our name: as good as nothing.
    return undefined;
  }
}

/** Remembers a value; undefined forgets it. */
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
    // A browser that keeps nothing for this page throws at the mere access: the editor then forgets.
    return undefined;
  }
}

/** True for a string. */
export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** True for a number that is one. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** True for a boolean. */
export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
