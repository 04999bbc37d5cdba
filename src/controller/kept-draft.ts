import { isFileText } from '../protocol/values/file-text.js';
import { isFiniteNumber, isJsonObject, parseJson, type JsonObject } from '../protocol/values/json.js';

/**
 * Maximum length of a stored draft, as JSON: a browser gives about five million characters to all pages of a
 * site together, and a draft is written with each key.
 */
export const MAX_DRAFT_CHARS = 200_000;

/**
 * How often each tab has changed a draft, by the tab's id (a version vector). Of two drafts that have seen
 * each other, one includes the other; otherwise each has changes that the other lacks.
 */
export type DraftVersions = Readonly<Record<string, number>>;

/** True if the draft of versions `a` was made with all of `b` in view. */
export function includesVersions(a: DraftVersions, b: DraftVersions): boolean {
  return Object.entries(b).every(([tab, count]) => (a[tab] ?? 0) >= count);
}

/** Merges two version vectors: the higher count of each tab. */
export function mergedVersions(a: DraftVersions, b: DraftVersions): DraftVersions {
  const merged: Record<string, number> = { ...a };
  for (const [tab, count] of Object.entries(b)) merged[tab] = Math.max(merged[tab] ?? 0, count);
  return merged;
}

/**
 * True for a draft with `isBlank: true`: it has nothing that a person entered. The card that stores a draft says so,
 * because this cannot be known without the question.
 */
export function isBlankDraft(draft: unknown): boolean {
  return isJsonObject(draft) && draft['isBlank'] === true;
}

/** A draft and its versions. */
export interface VersionedDraft {
  readonly draft: unknown;
  readonly versions: DraftVersions;
}

/** A draft in the store. */
export interface KeptDraft extends VersionedDraft {
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** The draft that was typed in another tab at the same time, until a person has decided between the two. */
  readonly other?: VersionedDraft;
}

/** Serialises a draft for the store. */
export function serialiseKept(kept: KeptDraft): string {
  return JSON.stringify(kept);
}

/** Parses a text of the store; undefined if it is not a draft. */
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

/** Estimates the length of a value as JSON, in characters. Cheaper than writing it: it may hold files of megabytes. */
export function jsonChars(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce((sum, [key, member]) => sum + key.length + 4 + jsonChars(member), 2);
}

/** Copies a draft without its files: content parts with `inlineData`, and texts that hold a file, are left out. */
export function withoutFiles(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isFile(item)).map(withoutFiles);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => !isFileText(member));
  return Object.fromEntries(members.map(([key, member]) => [key, withoutFiles(member)]));
}

function isFile(value: unknown): boolean {
  return isFileText(value) || (isJsonObject(value) && value['inlineData'] !== undefined);
}
