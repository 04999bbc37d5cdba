import { isFiniteNumber, isJsonObject, parseJson, type JsonObject } from '../protocol/json.js';
import type { DraftVersions } from './draft-versions.js';

/**
 * How long a draft may be, as JSON, to be written to the store: a browser gives about five million
 * characters to all pages of a site together, and writing happens with each key.
 */
export const MAX_DRAFT_CHARS = 200_000;

/** A draft, and what it is made of. */
export interface VersionedDraft {
  readonly draft: unknown;
  readonly versions: DraftVersions;
}

/** What a draft looks like in the store. */
export interface KeptDraft extends VersionedDraft {
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** What was typed at the same time in another tab, as long as nobody has decided between the two. */
  readonly other?: VersionedDraft;
}

/** The text for the store. */
export function writeKept(kept: KeptDraft): string {
  return JSON.stringify(kept);
}

/** What the store has; undefined when it is no draft. */
export function parseKept(text: string): KeptDraft | undefined {
  const value = parseJson(text);
  if (!isJsonObject(value) || !isFiniteNumber(value['savedAt'])) return undefined;
  const { savedAt, other } = value;
  return {
    savedAt,
    ...versionedOf(value),
    ...(isJsonObject(other) ? { other: versionedOf(other) } : {}),
  };
}

function versionedOf({ draft, versions }: JsonObject): VersionedDraft {
  const counts = Object.entries(isJsonObject(versions) ? versions : {});
  return { draft, versions: Object.fromEntries(counts.filter(isCount)) };
}

function isCount(entry: readonly [string, unknown]): entry is [string, number] {
  return isFiniteNumber(entry[1]);
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
