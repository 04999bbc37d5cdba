import { Signal } from 'signal-polyfill';
import { localDraftStore, memoryDraftStore, type DraftStore } from './draft-store.js';
import {
  includesVersions,
  isBlankDraft,
  jsonChars,
  MAX_DRAFT_CHARS,
  mergedVersions,
  parseKept,
  withoutFiles,
  serialiseKept,
  type KeptDraft,
  type VersionedDraft,
} from './kept-draft.js';
import { KeyedSignals } from './keyed-signals.js';
import { orUndefined } from './or-undefined.js';
import { uniqueId } from '../protocol/values/unique-id.js';

/** Where a draft is stored: for the next visit, for the next visit without its files, or in this page's memory only. */
export type DraftDurability = 'kept' | 'kept-without-files' | 'in-memory';

/** A draft in this page. */
interface DraftEntry extends VersionedDraft {
  /** True if it was typed here, false if it was taken over from another tab. */
  readonly isOwn: boolean;
  /** False if the store has less of it than this page. */
  readonly isWhole: boolean;
  /** The draft that was typed in another tab at the same time. */
  readonly other: VersionedDraft | undefined;
}

const PREFIX = 'graph-sessions:draft:';

/** Age at which a draft is removed: its session may have been deleted without notice. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The unsent drafts of answers, by session and question. A draft survives the removal of the panel and the
 * unloading of the page, and is removed once its question is no longer open. No method throws: if the store
 * fails, the draft is kept in memory, and `durabilityOf` says so.
 *
 * Tabs with the same store follow each other: a draft changes here when a person continues it in another tab.
 * If two tabs change a draft without having seen each other, each keeps its own and offers the other one as
 * `conflictOf`, until a person decides.
 */
export class DraftsController {
  readonly #store: DraftStore;
  /** Identifies this page in the versions. */
  readonly #tab = uniqueId();
  /** Keys in the store, as far as this page knows: removing a missing one then costs nothing. */
  readonly #keys = new Set<string>();
  readonly #entries = new Map<string, DraftEntry>();
  readonly #durability = new KeyedSignals<string, DraftDurability>();
  /** Written when another tab has changed a draft, not when a person types here. */
  readonly #changes = new KeyedSignals<string, object>();
  /** The keys of the drafts with something that a person entered, and of their sessions. */
  readonly #filled = new KeyedSignals<string, true>();
  readonly #unsubscribe: (() => void) | undefined;

  /** @param store default: the browser's local storage if there is one, else memory. */
  constructor(store: DraftStore = localDraftStore() ?? memoryDraftStore()) {
    this.#store = store;
    const oldest = Date.now() - MAX_AGE_MS;
    for (const key of orUndefined(() => store.keys()) ?? []) {
      if (!key.startsWith(PREFIX)) continue;
      this.#keys.add(key);
      const kept = this.#readKept(key);
      if (kept === undefined || kept.savedAt < oldest) this.#remove(key);
      else this.#mark(key, kept);
    }
    this.#unsubscribe = store.subscribe?.((key) => {
      const changed = key === undefined ? [...this.#keys, ...(orUndefined(() => store.keys()) ?? [])] : [key];
      for (const changedKey of new Set(changed)) this.#follow(changedKey);
    });
  }

  /** Stops following other tabs. Drafts that are typed here are still stored. */
  dispose(): void {
    this.#unsubscribe?.();
  }

  /**
   * The draft of a question, as it was passed to `set`; undefined if there is none. A signal only for changes
   * in other tabs: the card itself owns what is typed here.
   */
  get(sessionId: string, interactionId: string): unknown {
    return this.#entryOf(keyOf(sessionId, interactionId))?.draft;
  }

  /** The draft of a question, if it was typed here and not taken over from another tab. */
  ownOf(sessionId: string, interactionId: string): unknown {
    const entry = this.#entries.get(keyOf(sessionId, interactionId));
    return entry?.isOwn === true ? entry.draft : undefined;
  }

  /** The draft that was typed in another tab at the same time; undefined if there is none. A signal. */
  conflictOf(sessionId: string, interactionId: string): unknown {
    return this.#entryOf(keyOf(sessionId, interactionId))?.other?.draft;
  }

  /**
   * Stores a draft: plain JSON. `overridesOther`: a person has seen the draft of `conflictOf` and prefers this
   * one, in all tabs.
   */
  set(sessionId: string, interactionId: string, draft: unknown, overridesOther = false): void {
    const key = keyOf(sessionId, interactionId);
    const before = this.#entries.get(key);
    const found = unseenDraft(before, this.#readKept(key)) ?? before?.other;
    const isSettled = overridesOther || found === undefined || isSameDraft(found.draft, draft);
    const other = isSettled ? undefined : found;
    const known = mergedVersions(before?.versions ?? {}, (isSettled && found?.versions) || {});
    const versions = { ...known, [this.#tab]: (known[this.#tab] ?? 0) + 1 };
    const durability = this.#write(key, { draft, versions, ...(other === undefined ? {} : { other }) });
    this.#keys.add(key);
    this.#entries.set(key, { draft, versions, other, isOwn: true, isWhole: durability === 'kept' });
    this.#mark(key, { draft, versions, ...(other === undefined ? {} : { other }) });
    this.#durability.apply([[key, durability]]);
    if (other !== before?.other) this.#changes.apply([[key, {}]]);
  }

  /** Where a draft is stored; undefined if none was set here. A signal. */
  durabilityOf(sessionId: string, interactionId: string): DraftDurability | undefined {
    return this.#durability.get(keyOf(sessionId, interactionId));
  }

  /**
   * True if a person has entered something, in any tab, that was not sent: for a question, or for any of a session. A
   * signal.
   */
  hasInput(sessionId: string, interactionId?: string): boolean {
    const key = interactionId === undefined ? sessionKeyOf(sessionId) : keyOf(sessionId, interactionId);
    return this.#filled.get(key) === true;
  }

  /** Ids of the questions of a session that have a draft. */
  interactionIdsOf(sessionId: string): readonly string[] {
    const { length } = keyOf(sessionId, '');
    return this.#keysOf(sessionId).map((key) => decodeURIComponent(key.slice(length)));
  }

  /** Removes the draft of a question that is no longer open. */
  remove(sessionId: string, interactionId: string): void {
    const key = keyOf(sessionId, interactionId);
    if (this.#keys.has(key)) this.#remove(key);
  }

  /** Removes the drafts of a session, except those of the questions in `kept` (ids). */
  removeSession(sessionId: string, kept: ReadonlySet<string> = new Set()): void {
    if (this.#keys.size === 0) return;
    const keptKeys = new Set([...kept].map((interactionId) => keyOf(sessionId, interactionId)));
    for (const key of this.#keysOf(sessionId)) {
      if (!keptKeys.has(key)) this.#remove(key);
    }
  }

  #keysOf(sessionId: string): readonly string[] {
    const prefix = keyOf(sessionId, '');
    return [...this.#keys].filter((key) => key.startsWith(prefix));
  }

  #entryOf(key: string): DraftEntry | undefined {
    this.#changes.get(key);
    const entry = this.#entries.get(key);
    if (entry !== undefined) return entry;
    // Another tab may have written it since this page was loaded.
    const kept = this.#readKept(key);
    return kept === undefined ? undefined : this.#takeOver(key, kept);
  }

  #takeOver(key: string, { draft, versions, other }: KeptDraft): DraftEntry {
    const entry: DraftEntry = { draft, versions, other, isOwn: false, isWhole: true };
    this.#keys.add(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Follows a change that another tab made in the store. */
  #follow(key: string): void {
    if (!key.startsWith(PREFIX)) return;
    const kept = this.#readKept(key);
    const own = this.#entries.get(key);
    // A removed draft was sent or dismissed. What was typed here stays, until this page knows that as well.
    this.#mark(key, kept);
    if (kept === undefined || (own !== undefined && includesVersions(own.versions, kept.versions))) return;
    const isContinued = own === undefined || includesVersions(kept.versions, own.versions);
    // A draft that only this page has complete must not be replaced by its stored remainder.
    if (isContinued && (own === undefined || own.isWhole)) {
      this.#takeOver(key, kept);
      this.#durability.apply([], [key]);
    } else if (own !== undefined) {
      this.#entries.set(key, withConflict(own, kept));
    }
    this.#changes.apply([[key, {}]]);
  }

  #write(key: string, { draft, versions, other }: Omit<KeptDraft, 'savedAt'>): DraftDurability {
    const isLarge = jsonChars(draft) > MAX_DRAFT_CHARS;
    const stored = { versions, draft: isLarge ? withoutFiles(draft) : draft };
    if (isLarge && jsonChars(stored) > MAX_DRAFT_CHARS) {
      orUndefined(() => this.#store.remove(key));
      return 'in-memory';
    }
    const hasRoom = other !== undefined && jsonChars({ stored, other }) <= MAX_DRAFT_CHARS;
    const isWritten =
      orUndefined(() => {
        this.#store.write(
          key,
          serialiseKept({ savedAt: Date.now(), ...stored, ...(hasRoom ? { other } : {}) }),
        );
        return true;
      }) ?? false;
    if (!isWritten) return 'in-memory';
    return isLarge ? 'kept-without-files' : 'kept';
  }

  #readKept(key: string): KeptDraft | undefined {
    const text = orUndefined(() => this.#store.read(key));
    return text === undefined ? undefined : parseKept(text);
  }

  #remove(key: string): void {
    this.#keys.delete(key);
    this.#entries.delete(key);
    this.#durability.apply([], [key]);
    this.#changes.apply([], [key]);
    this.#mark(key, undefined);
    orUndefined(() => this.#store.remove(key));
  }

  #mark(key: string, kept: Omit<KeptDraft, 'savedAt'> | undefined): void {
    const drafts =
      kept === undefined ? [] : [kept.draft, ...(kept.other === undefined ? [] : [kept.other.draft])];
    const session = key.slice(0, key.lastIndexOf(':'));
    if (drafts.some((draft) => !isBlankDraft(draft))) {
      this.#filled.apply([
        [key, true],
        [session, true],
      ]);
    } else if (this.#filled.peek(key) === true) {
      const others = Signal.subtle
        .untrack(() => this.#filled.keys)
        .filter((other) => other !== key && other.startsWith(`${session}:`));
      this.#filled.apply([], others.length === 0 ? [key, session] : [key]);
    }
  }
}

/** The stored draft, if this page has not seen its changes. */
function unseenDraft(own: DraftEntry | undefined, kept: KeptDraft | undefined): VersionedDraft | undefined {
  if (own === undefined || kept === undefined) return undefined;
  if (includesVersions(own.versions, kept.versions)) return undefined;
  return { draft: kept.draft, versions: kept.versions };
}

/** The own draft together with one that was typed elsewhere at the same time. */
function withConflict(own: DraftEntry, { draft, versions }: KeptDraft): DraftEntry {
  return isSameDraft(own.draft, draft)
    ? { ...own, versions: mergedVersions(own.versions, versions) }
    : { ...own, other: { draft, versions } };
}

function isSameDraft(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Key in the store. Both ids come from the server and may contain any character. */
function keyOf(sessionId: string, interactionId: string): string {
  return `${sessionKeyOf(sessionId)}:${encodeURIComponent(interactionId)}`;
}

/** The key without the question. */
function sessionKeyOf(sessionId: string): string {
  return PREFIX + encodeURIComponent(sessionId);
}
