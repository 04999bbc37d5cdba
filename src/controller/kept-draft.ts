import { isFiniteNumber, isJsonObject, parseJson } from '../protocol/json.js';

/**
 * How long a draft may be, as JSON, to be written to the store: a browser gives about five million
 * characters to all pages of a site together, and writing happens with each key.
 */
export const MAX_DRAFT_CHARS = 200_000;

/** What a draft looks like in the store. */
interface KeptDraft {
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly draft: unknown;
}

/** The text for the store. */
export function writeKept(draft: unknown, savedAt: number): string {
  return JSON.stringify({ savedAt, draft } satisfies KeptDraft);
}

/** What the store has; undefined when it is no draft. */
export function parseKept(text: string): KeptDraft | undefined {
  const value = parseJson(text);
  if (!isJsonObject(value) || !isFiniteNumber(value['savedAt'])) return undefined;
  return { savedAt: value['savedAt'], draft: value['draft'] };
}

/** About how many characters a value has as JSON. Cheaper than writing it: it may hold files of megabytes. */
export function jsonChars(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, member]) => sum + key.length + 4 + jsonChars(member), 2);
}

/** A draft without the bytes of the files in it: pieces of content with `inlineData` are left out. */
export function withoutFiles(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isFile(item)).map(withoutFiles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutFiles(member)]));
}

function isFile(value: unknown): boolean {
  return isJsonObject(value) && value['inlineData'] !== undefined;
}
