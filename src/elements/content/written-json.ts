import { parseJson } from '../../protocol/values/json.js';

/** A number of a JSON text, as it is written: `1.10`, `1e400`, `12345678901234567890`. */
export class WrittenNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A member of an object of a JSON text. */
export type WrittenMember = readonly [key: string, value: WrittenJson];

/** An object of a JSON text: all its members in the order of the text, two with the same key as well. */
export class WrittenObject {
  readonly members: readonly WrittenMember[];

  constructor(members: readonly WrittenMember[]) {
    this.members = members;
  }
}

/** The value of a JSON text, with everything that parsing to numbers and objects would change. */
export type WrittenJson = string | boolean | null | WrittenNumber | WrittenObject | readonly WrittenJson[];

/** A container whose end has not been read. */
interface OpenContainer {
  readonly values: WrittenJson[];
  /** The keys of an object, in its order; undefined for a list. */
  readonly keys: string[] | undefined;
}

/** Parses a JSON text as it is written; undefined for invalid JSON. Takes linear time, without recursion. */
export function parseWrittenJson(text: string): WrittenJson | undefined {
  if (parseJson(text) === undefined) return undefined;
  let current: OpenContainer = { values: [], keys: undefined };
  const outer: OpenContainer[] = [];
  // The text is valid, so its characters are enough; a match of an expression per token takes twice as long.
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    if (character === '{' || character === '[') {
      outer.push(current);
      current = { values: [], keys: character === '{' ? [] : undefined };
      at += 1;
    } else if (character === '}' || character === ']') {
      const value = closed(current);
      current = outer.pop() ?? current;
      current.values.push(value);
      at += 1;
    } else if (BETWEEN.includes(character)) at += 1;
    else {
      const end = character === '"' ? endOfString(text, at) : endOfWord(text, at);
      const token = text.slice(at, end);
      // In an object, keys and values alternate.
      if (current.keys !== undefined && current.keys.length === current.values.length)
        current.keys.push(stringOf(token));
      else current.values.push(scalar(token));
      at = end;
    }
  }
  return current.values[0];
}

/** Characters between tokens. */
const BETWEEN = ' \t\r\n,:';

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** The end of a number, `true`, `false` or `null`. */
function endOfWord(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && !ENDS_WORD.includes(text[end] ?? '')) end += 1;
  return end;
}

const ENDS_WORD = `${BETWEEN}]}`;

function closed({ values, keys }: OpenContainer): WrittenJson {
  if (keys === undefined) return values;
  return new WrittenObject(keys.map((key, position) => [key, values[position] ?? null]));
}

function scalar(token: string): WrittenJson {
  switch (token) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'null':
      return null;
    default:
      return token.startsWith('"') ? stringOf(token) : new WrittenNumber(token);
  }
}

function stringOf(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  const value = parseJson(token);
  return typeof value === 'string' ? value : '';
}
