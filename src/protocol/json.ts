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

/** True for a number other than NaN and the infinities. */
export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** The members of an object that are present and of the right type; the others are left out. */
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
 * text. Used to tell a repeated request from a different one.
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isJsonObject(value)) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * Depth of nesting of a JSON value (a scalar is 0), counted without recursion so that a hostile
 * value cannot exhaust the stack. Stops counting beyond `limit`.
 */
export function jsonDepth(value: unknown, limit = Number.POSITIVE_INFINITY): number {
  let depth = 0;
  let level: unknown[] = [value];
  while (depth <= limit) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'object' && item !== null) next.push(...childrenOf(item));
    }
    if (!level.some((item) => typeof item === 'object' && item !== null)) return depth;
    depth += 1;
    level = next;
  }
  return depth;
}

function childrenOf(item: object): unknown[] {
  return Array.isArray(item) ? item : Object.values(item);
}
