/** A value that JSON can carry. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON object; network input is narrowed to this before any field is read. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** True for a plain JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a string. */
export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** True for a string that is not empty. */
export function isFilledText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** True for a number other than NaN and the infinities. */
export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Picks the members of an object that are present and of the right type. */
export function pickMembers<Key extends string, Member>(
  value: JsonObject,
  keys: readonly Key[],
  isValid: (member: unknown) => member is Member,
): { readonly [key in Key]?: Member } {
  const picked: { [key in Key]?: Member } = {};
  for (const key of keys) {
    const member: unknown = Object.hasOwn(value, key) ? value[key] : undefined;
    if (isValid(member)) picked[key] = member;
  }
  return picked;
}

/**
 * Parses JSON text to `unknown`, or returns `undefined` when it is not JSON.
 * (JSON itself has no `undefined`, so the two cannot be confused.)
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Serialises with sorted keys and without insignificant space, so that two equal values give equal
 * text. Used to distinguish a repeated request from a different one. Works without recursion, so that a
 * hostile value cannot exhaust the stack.
 */
export function canonicalJson(value: JsonValue): string {
  return [...canonicalJsonPieces(value)].join('');
}

/** Values that are written, and keys that are sorted, between two pieces. */
const PIECE_VALUES = 2000;

/** A container whose first members are written. */
interface OpenContainer {
  readonly container: readonly JsonValue[] | JsonObject;
  /** Its sorted keys; undefined for a list. */
  readonly keys: readonly string[] | undefined;
  written: number;
}

/** Writes `canonicalJson` in pieces, some of them empty: each takes about a millisecond, however large the value is. */
export function* canonicalJsonPieces(value: JsonValue): Generator<string, undefined> {
  const open: OpenContainer[] = [];
  let piece = '';
  let valuesInPiece = 0;
  let next: JsonValue | undefined = value;
  for (;;) {
    if (next !== undefined) {
      valuesInPiece += 1;
      if (typeof next === 'object' && next !== null) {
        const keys: readonly string[] | undefined = isJsonArray(next) ? undefined : yield* sortedKeys(next);
        open.push({ container: next, keys, written: 0 });
        piece += keys === undefined ? '[' : '{';
      } else piece += JSON.stringify(next);
    }
    const current = open.at(-1);
    if (current === undefined) break;
    const { container, keys, written } = current;
    if (written === (keys ?? (container as readonly JsonValue[])).length) {
      piece += keys === undefined ? ']' : '}';
      open.pop();
      next = undefined;
    } else {
      current.written += 1;
      const key = keys?.[written];
      piece += `${written === 0 ? '' : ','}${key === undefined ? '' : `${JSON.stringify(key)}:`}`;
      next = (container as Readonly<Record<string | number, JsonValue>>)[key ?? written] ?? null;
    }
    if (valuesInPiece < PIECE_VALUES) continue;
    yield piece;
    piece = '';
    valuesInPiece = 0;
  }
  yield piece;
}

/** Sorts the keys of an object, many in parts that are merged; yields an empty piece after each step. */
function* sortedKeys(object: JsonObject): Generator<string, readonly string[]> {
  const keys = Object.keys(object);
  let parts: (readonly string[])[] = [];
  for (let start = 0; start < keys.length; start += PIECE_VALUES) {
    parts.push(keys.slice(start, start + PIECE_VALUES).sort());
    if (keys.length > PIECE_VALUES) yield '';
  }
  while (parts.length > 1) {
    const merged: (readonly string[])[] = [];
    for (let pair = 0; pair < parts.length; pair += 2) {
      merged.push(yield* mergeSorted(parts[pair] ?? [], parts[pair + 1] ?? []));
    }
    parts = merged;
  }
  return parts[0] ?? [];
}

function* mergeSorted(
  first: readonly string[],
  second: readonly string[],
): Generator<string, readonly string[]> {
  const merged: string[] = [];
  let fromSecond = 0;
  for (const key of first) {
    for (let other = second[fromSecond]; other !== undefined && other < key; other = second[fromSecond]) {
      merged.push(other);
      fromSecond += 1;
      if (merged.length % PIECE_VALUES === 0) yield '';
    }
    merged.push(key);
    if (merged.length % PIECE_VALUES === 0) yield '';
  }
  return merged.concat(second.slice(fromSecond));
}

/** True for two values that are equal as JSON; the order of members does not count. Takes linear time, no recursion. */
export function isSameJson(a: JsonValue, b: JsonValue): boolean {
  const pairs: (readonly [JsonValue, JsonValue])[] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [first, second] = pair;
    if (first === second) continue;
    if (typeof first !== 'object' || typeof second !== 'object' || first === null || second === null)
      return false;
    if (isJsonArray(first) || isJsonArray(second)) {
      if (!isJsonArray(first) || !isJsonArray(second) || first.length !== second.length) return false;
      for (const [position, item] of first.entries()) pairs.push([item, second[position] ?? null]);
    } else {
      const entries = Object.entries(first);
      if (entries.length !== Object.keys(second).length) return false;
      for (const [key, item] of entries) {
        if (!Object.hasOwn(second, key)) return false;
        pairs.push([item, second[key] ?? null]);
      }
    }
  }
  return true;
}

/** `Array.isArray` does not narrow lists that are read-only. */
function isJsonArray(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * Counts the levels of nesting of a JSON value (a scalar is 0), without recursion so that a hostile value
 * cannot exhaust the stack. Stops counting beyond `limit`.
 */
export function jsonDepth(value: unknown, limit = Number.POSITIVE_INFINITY): number {
  let depth = 0;
  let level: unknown[] = [value];
  while (depth <= limit) {
    const next: unknown[] = [];
    let hasContainer = false;
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      hasContainer = true;
      // One by one: as the arguments of one call, some 100,000 children would exhaust the stack.
      for (const child of childrenOf(item)) next.push(child);
    }
    if (!hasContainer) return depth;
    depth += 1;
    level = next;
  }
  return depth;
}

function childrenOf(item: object): unknown[] {
  return Array.isArray(item) ? item : Object.values(item);
}
