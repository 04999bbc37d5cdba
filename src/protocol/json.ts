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

/** JSON that is still to be written. */
type Unwritten = { readonly text: string } | { readonly value: JsonValue };

/**
 * Serialises with sorted keys and without insignificant space, so that two equal values give equal
 * text. Used to distinguish a repeated request from a different one. Works without recursion, so that a
 * hostile value cannot exhaust the stack.
 */
export function canonicalJson(value: JsonValue): string {
  const written: string[] = [];
  const unwritten: Unwritten[] = [{ value }];
  for (let next = unwritten.pop(); next !== undefined; next = unwritten.pop()) {
    if ('text' in next) written.push(next.text);
    else if (typeof next.value !== 'object' || next.value === null) written.push(JSON.stringify(next.value));
    else pushReversed(unwritten, piecesOf(next.value));
  }
  return written.join('');
}

/** True for two values that are equal as JSON; the order of members does not count. */
export function isSameJson(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function piecesOf(container: readonly JsonValue[] | JsonObject): Unwritten[] {
  const isArray = isJsonArray(container);
  const pieces: Unwritten[] = [{ text: isArray ? '[' : '{' }];
  for (const key of isArray ? container.keys() : Object.keys(container).sort()) {
    if (pieces.length > 1) pieces.push({ text: ',' });
    if (typeof key === 'string') pieces.push({ text: `${JSON.stringify(key)}:` });
    pieces.push({ value: (container as Readonly<Record<string | number, JsonValue>>)[key] ?? null });
  }
  pieces.push({ text: isArray ? ']' : '}' });
  return pieces;
}

/** `Array.isArray` does not narrow lists that are read-only. */
function isJsonArray(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Adds items in reverse order, one by one: as arguments of one `push`, some 100,000 would exhaust the stack. */
function pushReversed<Item>(list: Item[], items: readonly Item[]): void {
  for (let position = items.length - 1; position >= 0; position -= 1) list.push(items[position] as Item);
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
