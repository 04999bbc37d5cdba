/**
 * A store of drafts: texts by key. Any method may throw, as local storage does if it is full or disabled; the
 * drafts are then kept in memory, and the card says so.
 */
export interface DraftStore {
  /** The text of a key; undefined if there is none. */
  read(key: string): string | undefined;
  write(key: string, text: string): void;
  remove(key: string): void;
  /** All keys, including those of other code. */
  keys(): readonly string[];
  /**
   * Calls `listener` after another page has written or removed a text: with its key, or without a key if any
   * text may have changed. Returns a function that unsubscribes. Absent if no other page uses the store.
   */
  subscribe?(listener: (key?: string) => void): () => void;
}

/** Creates a store that lasts as long as the page: for hosts that must not store what people type. */
export function memoryDraftStore(): DraftStore {
  const texts = new Map<string, string>();
  return {
    read: (key) => texts.get(key),
    write: (key, text) => void texts.set(key, text),
    remove: (key) => void texts.delete(key),
    keys: () => [...texts.keys()],
  };
}

/** Creates a store in the browser's local storage, which survives a closed tab; undefined if there is none. */
export function localDraftStore(): DraftStore | undefined {
  const storage = localStorageOf();
  if (storage === undefined) return undefined;
  return {
    read: (key) => storage.getItem(key) ?? undefined,
    write: (key, text) => storage.setItem(key, text),
    remove: (key) => storage.removeItem(key),
    keys: () =>
      Array.from({ length: storage.length }, (_, position) => storage.key(position) ?? '').filter(
        (key) => key !== '',
      ),
    subscribe: (listener) => {
      const listeners = new AbortController();
      const { signal } = listeners;
      const onStorage = ({ storageArea, key }: StorageEvent) => {
        if (storageArea === storage) listener(key ?? undefined);
      };
      // A page in the back/forward cache receives no storage events.
      const onReturn = ({ persisted }: PageTransitionEvent) => {
        if (persisted) listener();
      };
      addEventListener('storage', onStorage, { signal });
      addEventListener('pageshow', onReturn, { signal });
      return () => listeners.abort();
    },
  };
}

/** The local storage of a page (a server may have a global of that name); if cookies are blocked, even reading it throws. */
function localStorageOf(): Storage | undefined {
  const { document } = globalThis as { readonly document?: unknown };
  if (document === undefined) return undefined;
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
