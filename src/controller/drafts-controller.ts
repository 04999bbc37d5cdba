import { localDraftStore, memoryDraftStore, type DraftStore } from './draft-store.js';
import { jsonChars, MAX_DRAFT_CHARS, parseKept, withoutFiles, writeKept } from './kept-draft.js';
import { KeyedSignals } from './keyed-signals.js';

/** How safe a draft is: kept for another visit, kept but for its files, or in this page's memory only. */
export type DraftKeeping = 'kept' | 'kept-without-files' | 'in-memory';

const PREFIX = 'graph-sessions:draft:';

/** A draft that nobody came back to for so long is dropped: its session may be gone without a word. */
const MAX_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * What people have typed into questions and not sent, by session and question. A draft survives whatever
 * happens to the panel and the page, and is removed once its question is no longer open. Nothing here
 * throws: a store that fails is a draft that is kept in memory, which `keepingOf` says.
 */
export class DraftsController {
  readonly #store: DraftStore;
  /** Keys that the store has, as far as this page knows: so that looking for none costs nothing. */
  readonly #keys = new Set<string>();
  readonly #drafts = new Map<string, unknown>();
  readonly #keeping = new KeyedSignals<string, DraftKeeping>();

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
  }

  /** The draft of a question, as it was given to `set`; undefined when there is none. Not a signal: the card owns what is typed. */
  get(sessionId: string, interactionId: string): unknown {
    const key = keyOf(sessionId, interactionId);
    if (!this.#drafts.has(key)) {
      // Another tab may have written it since this page began.
      const draft = this.#readKept(key)?.draft;
      if (draft === undefined) return undefined;
      this.#keys.add(key);
      this.#drafts.set(key, draft);
    }
    return this.#drafts.get(key);
  }

  /** Keeps a draft: plain JSON. */
  set(sessionId: string, interactionId: string, draft: unknown): void {
    const key = keyOf(sessionId, interactionId);
    this.#drafts.set(key, draft);
    this.#keys.add(key);
    this.#keeping.apply([[key, this.#write(key, draft)]]);
  }

  /** How safe a draft is; undefined when none was given here. A signal. */
  keepingOf(sessionId: string, interactionId: string): DraftKeeping | undefined {
    return this.#keeping.get(keyOf(sessionId, interactionId));
  }

  /** Forgets the draft of a question that is no longer open. */
  remove(sessionId: string, interactionId: string): void {
    const key = keyOf(sessionId, interactionId);
    if (this.#keys.has(key)) this.#remove(key);
  }

  /** Forgets the drafts of a session: all of them, or all but those of questions that are still open. */
  removeOf(sessionId: string, open: ReadonlySet<string> = new Set()): void {
    if (this.#keys.size === 0) return;
    const prefix = keyOf(sessionId, '');
    const kept = new Set([...open].map((interactionId) => keyOf(sessionId, interactionId)));
    for (const key of this.#keys) {
      if (key.startsWith(prefix) && !kept.has(key)) this.#remove(key);
    }
  }

  #write(key: string, draft: unknown): DraftKeeping {
    const isLarge = jsonChars(draft) > MAX_DRAFT_CHARS;
    const stored = isLarge ? withoutFiles(draft) : draft;
    if (isLarge && jsonChars(stored) > MAX_DRAFT_CHARS) {
      attempt(() => this.#store.remove(key));
      return 'in-memory';
    }
    const isWritten =
      attempt(() => {
        this.#store.write(key, writeKept(stored, Date.now()));
        return true;
      }) ?? false;
    if (!isWritten) return 'in-memory';
    return isLarge ? 'kept-without-files' : 'kept';
  }

  #readKept(key: string): ReturnType<typeof parseKept> {
    const text = attempt(() => this.#store.read(key));
    return text === undefined ? undefined : parseKept(text);
  }

  #remove(key: string): void {
    this.#keys.delete(key);
    this.#drafts.delete(key);
    this.#keeping.apply([], [key]);
    attempt(() => this.#store.remove(key));
  }
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
