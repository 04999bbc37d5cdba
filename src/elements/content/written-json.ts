import { parseJson } from '../../protocol/json.js';

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

/** A scalar, a key, or a bracket of a valid text. */
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\]]/g;
/** The colon behind a string that is a key. */
const COLON = /[ \t\r\n]*:/y;

/** Parses a JSON text as it is written; undefined for invalid JSON. Takes linear time, without recursion. */
export function parseWrittenJson(text: string): WrittenJson | undefined {
  if (parseJson(text) === undefined) return undefined;
  const open: OpenContainer[] = [{ values: [], keys: undefined }];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const current = open.at(-1);
    if (current === undefined) return undefined;
    if (token === '{' || token === '[') open.push({ values: [], keys: token === '{' ? [] : undefined });
    else if (token === '}' || token === ']') {
      open.pop();
      open.at(-1)?.values.push(closed(current));
    } else if (current.keys !== undefined && isKey(text, index + token.length)) {
      current.keys.push(stringOf(token));
    } else current.values.push(scalar(token));
  }
  return open[0]?.values[0];
}

function isKey(text: string, end: number): boolean {
  COLON.lastIndex = end;
  return COLON.test(text);
}

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
