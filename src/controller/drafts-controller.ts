import { localDraftStore, memoryDraftStore, type DraftStore } from './draft-store.js';
import { includesVersions, mergedVersions } from './draft-versions.js';
import {
  jsonChars,
  MAX_DRAFT_CHARS,
  parseKept,
  withoutFiles,
  writeKept,
  type KeptDraft,
  type VersionedDraft,
} from './kept-draft.js';
import { KeyedSignals } from './keyed-signals.js';

/** How safe a draft is: kept for another visit, kept but for its files, or in this page's memory only. */
export type DraftKeeping = 'kept' | 'kept-without-files' | 'in-memory';

/** A draft as this page has it. */
interface Entry extends VersionedDraft {
  /** True when it was typed here, and not taken over from another tab. */
  readonly isOwn: boolean;
  /** False when the store has less of it than this page. */
  readonly isWhole: boolean;
  /** What was typed at the same time in another tab. */
  readonly other: VersionedDraft | undefined;
}

const PREFIX = 'graph-sessions:draft:';

/** A draft that nobody came back to for so long is dropped: its session may be gone without a word. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * What people have typed into questions and not sent, by session and question. A draft survives whatever
 * happens to the panel and the page, and is removed once its question is no longer open. Nothing here
 * throws: a store that fails is a draft that is kept in memory, which `keepingOf` says.
 *
 * Tabs that have the same store follow each other: a draft changes here when it is typed on elsewhere.
 * Where two tabs were typed into without having seen each other, each keeps its own and has that of the
 * other as `otherOf`, until a person decides.
 */
export class DraftsController {
  readonly #store: DraftStore;
  /** Names this page in what it writes. No secret, and where the page has no HTTPS there is no other. */
  readonly #tab = Math.random().toString(36).slice(2);
  /** Keys that the store has, as far as this page knows: so that removing none costs nothing. */
  readonly #keys = new Set<string>();
  readonly #entries = new Map<string, Entry>();
  readonly #keeping = new KeyedSignals<string, DraftKeeping>();
  /** Written when other tabs have changed something, and not while one types here. */
  readonly #changes = new KeyedSignals<string, object>();
  readonly #unsubscribe: (() => void) | undefined;

  /** @param store default: the browser's local storage where there is one, else memory. */
  constructor(store: DraftStore = localDraftStore() ?? memoryDraftStore()) {
    this.#store = store;
    const oldest = Date.now() - MAX_AGE_MS;
    for (const key of attempt(() => store.keys()) ?? []) {
      if (!key.startsWith(PREFIX)) continue;
      this.#keys.add(key);
      const kept = this.#readKept(key);
      if (kept === undefined || kept.savedAt < oldest) this.#remove(key);
    }
    this.#unsubscribe = store.subscribe?.((key) => {
      for (const changed of key === undefined ? this.#keys : [key]) this.#follow(changed);
    });
  }

  /** Follows other tabs no longer. What is typed here is kept as before. */
  dispose(): void {
    this.#unsubscribe?.();
  }

  /**
   * The draft of a question, as it was given to `set`; undefined when there is none. A signal for what is
   * typed in other tabs only: what is typed here the card owns.
   */
  get(sessionId: string, interactionId: string): unknown {
    return this.#entryOf(keyOf(sessionId, interactionId))?.draft;
  }

  /** The same, if it was typed here: not what another tab has. */
  ownOf(sessionId: string, interactionId: string): unknown {
    const entry = this.#entries.get(keyOf(sessionId, interactionId));
    return entry?.isOwn === true ? entry.draft : undefined;
  }

  /** What was typed into the same question in another tab at the same time; undefined: nothing. A signal. */
  otherOf(sessionId: string, interactionId: string): unknown {
    return this.#entryOf(keyOf(sessionId, interactionId))?.other?.draft;
  }

  /**
   * Keeps a draft: plain JSON. `isDecided` says that a person has seen what `otherOf` gives, and wants this
   * instead, in all tabs.
   */
  set(sessionId: string, interactionId: string, draft: unknown, isDecided = false): void {
    const key = keyOf(sessionId, interactionId);
    const before = this.#entries.get(key);
    const found = otherThan(before, this.#readKept(key)) ?? before?.other;
    const isSettled = isDecided || found === undefined || isSameDraft(found.draft, draft);
    const other = isSettled ? undefined : found;
    const known = mergedVersions(before?.versions ?? {}, (isSettled && found?.versions) || {});
    const versions = { ...known, [this.#tab]: (known[this.#tab] ?? 0) + 1 };
    const keeping = this.#write(key, { draft, versions, ...(other === undefined ? {} : { other }) });
    this.#keys.add(key);
    this.#entries.set(key, { draft, versions, other, isOwn: true, isWhole: keeping === 'kept' });
    this.#keeping.apply([[key, keeping]]);
    if (other !== before?.other) this.#changes.apply([[key, {}]]);
  }

  /** How safe a draft is; undefined when none was given here. A signal. */
  keepingOf(sessionId: string, interactionId: string): DraftKeeping | undefined {
    return this.#keeping.get(keyOf(sessionId, interactionId));
  }

  /** The questions of a session that have a draft. */
  interactionIdsOf(sessionId: string): readonly string[] {
    const { length } = keyOf(sessionId, '');
    return this.#keysOf(sessionId).map((key) => decodeURIComponent(key.slice(length)));
  }

  /** Forgets the draft of a question that is no longer open. */
  remove(sessionId: string, interactionId: string): void {
    const key = keyOf(sessionId, interactionId);
    if (this.#keys.has(key)) this.#remove(key);
  }

  /** Forgets the drafts of a session: all of them, or all but those of some questions. */
  removeOf(sessionId: string, kept: ReadonlySet<string> = new Set()): void {
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

  #entryOf(key: string): Entry | undefined {
    this.#changes.get(key);
    const entry = this.#entries.get(key);
    if (entry !== undefined) return entry;
    // Another tab may have written it since this page began.
    const kept = this.#readKept(key);
    return kept === undefined ? undefined : this.#take(key, kept);
  }

  #take(key: string, { draft, versions, other }: KeptDraft): Entry {
    const entry: Entry = { draft, versions, other, isOwn: false, isWhole: true };
    this.#keys.add(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Another tab has changed what the store has. */
  #follow(key: string): void {
    const kept = key.startsWith(PREFIX) ? this.#readKept(key) : undefined;
    const own = this.#entries.get(key);
    if (kept === undefined || (own !== undefined && includesVersions(own.versions, kept.versions))) return;
    const isTypedOn = own === undefined || includesVersions(kept.versions, own.versions);
    // What only this page has whole must not be replaced by what is left of it.
    if (isTypedOn && (own === undefined || own.isWhole)) {
      this.#take(key, kept);
      this.#keeping.apply([], [key]);
    } else if (own !== undefined) {
      this.#entries.set(key, meeting(own, kept));
    }
    this.#changes.apply([[key, {}]]);
  }

  #write(key: string, { draft, versions, other }: Omit<KeptDraft, 'savedAt'>): DraftKeeping {
    const isLarge = jsonChars(draft) > MAX_DRAFT_CHARS;
    const stored = { versions, draft: isLarge ? withoutFiles(draft) : draft };
    if (isLarge && jsonChars(stored) > MAX_DRAFT_CHARS) {
      attempt(() => this.#store.remove(key));
      return 'in-memory';
    }
    const hasRoom = other !== undefined && jsonChars({ stored, other }) <= MAX_DRAFT_CHARS;
    const isWritten =
      attempt(() => {
        this.#store.write(key, writeKept({ savedAt: Date.now(), ...stored, ...(hasRoom ? { other } : {}) }));
        return true;
      }) ?? false;
    if (!isWritten) return 'in-memory';
    return isLarge ? 'kept-without-files' : 'kept';
  }

  #readKept(key: string): KeptDraft | undefined {
    const text = attempt(() => this.#store.read(key));
    return text === undefined ? undefined : parseKept(text);
  }

  #remove(key: string): void {
    this.#keys.delete(key);
    this.#entries.delete(key);
    this.#keeping.apply([], [key]);
    this.#changes.apply([], [key]);
    attempt(() => this.#store.remove(key));
  }
}

/** What the store has and this page has not seen; undefined: nothing. */
function otherThan(own: Entry | undefined, kept: KeptDraft | undefined): VersionedDraft | undefined {
  if (own === undefined || kept === undefined) return undefined;
  if (includesVersions(own.versions, kept.versions)) return undefined;
  return { draft: kept.draft, versions: kept.versions };
}

/** The own draft beside one that was typed elsewhere at the same time. */
function meeting(own: Entry, { draft, versions }: KeptDraft): Entry {
  return isSameDraft(own.draft, draft)
    ? { ...own, versions: mergedVersions(own.versions, versions) }
    : { ...own, other: { draft, versions } };
}

function isSameDraft(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Both ids are the server's and may hold anything. */
function keyOf(sessionId: string, interactionId: string): string {
  return `${PREFIX}${encodeURIComponent(sessionId)}:${encodeURIComponent(interactionId)}`;
}

/** The result, or undefined where the store throws: it is full, or the browser does not allow it. */
function attempt<Result>(task: () => Result): Result | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}
