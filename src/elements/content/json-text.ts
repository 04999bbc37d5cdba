import { isJsonObject, type JsonValue } from '../../protocol/values/json.js';

/** A text or a value that is still to be written. */
type Unwritten = { readonly text: string } | { readonly value: JsonValue; readonly depth: number };

/** Maximum level of indentation, or the size of the spaces alone would be quadratic. */
const MAX_INDENT = 40;

/**
 * Writes JSON with two spaces per level and stops after `limit` characters (default: none), so that a huge
 * value costs no more than its shown part. Without recursion: a value may be nested deeper than the stack.
 */
export function jsonText(value: JsonValue | undefined, limit = Number.POSITIVE_INFINITY): string {
  const written: string[] = [];
  let length = 0;
  const rest: Unwritten[] = [{ value: value ?? null, depth: 0 }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (length > limit) break;
    const text = 'text' in next ? next.text : write(next.value, next.depth, rest, limit);
    written.push(text);
    length += text.length;
  }
  return written.join('').slice(0, limit);
}

/** Writes a scalar, or the start of a container, whose members it adds to `rest`. */
function write(value: JsonValue, depth: number, rest: Unwritten[], limit: number): string {
  if (typeof value === 'string' && value.length > limit) return JSON.stringify(value.slice(0, limit + 1));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isObject = isJsonObject(value);
  const members: readonly (readonly [string, JsonValue])[] = isObject
    ? Object.entries(value)
    : (value as readonly JsonValue[]).slice(0, limit).map((item) => ['', item] as const);
  const [open, close] = isObject ? ['{', '}'] : ['[', ']'];
  if (members.length === 0) return open + close;
  const inner = `\n${'  '.repeat(Math.min(depth + 1, MAX_INDENT))}`;
  rest.push({ text: `\n${'  '.repeat(Math.min(depth, MAX_INDENT))}${close}` });
  for (let position = members.length - 1; position >= 0; position -= 1) {
    const [key, member] = members[position] ?? ['', null];
    rest.push({ value: member, depth: depth + 1 });
    rest.push({ text: `${position > 0 ? ',' : ''}${inner}${isObject ? `${JSON.stringify(key)}: ` : ''}` });
  }
  return open;
}
