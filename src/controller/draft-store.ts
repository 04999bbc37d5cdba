/**
 * Where drafts are kept: a small store of texts by key. Any method may throw, as that of a browser does
 * when it is full or switched off; drafts are then kept in memory, and people are told.
 */
export interface DraftStore {
  /** The text of a key; undefined when there is none. */
  read(key: string): string | undefined;
  write(key: string, text: string): void;
  remove(key: string): void;
  /** All keys, of whomever. */
  keys(): readonly string[];
  /**
   * Calls back after another page has written or removed a text: with its key, or without one where any
   * may have changed. Gives a function that ends this. Absent where no other page uses the store.
   */
  subscribe?(listener: (key?: string) => void): () => void;
}

/** A store that forgets with the page: for hosts that must not keep what people type. */
export function memoryDraftStore(): DraftStore {
  const texts = new Map<string, string>();
  return {
    read: (key) => texts.get(key),
    write: (key, text) => void texts.set(key, text),
    remove: (key) => void texts.delete(key),
    keys: () => [...texts.keys()],
  };
}

/** Keeps drafts in the browser's local storage, which survives a closed tab; undefined where there is none. */
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
      // A page that was away and comes back was told of nothing meanwhile.
      const onReturn = ({ persisted }: PageTransitionEvent) => {
        if (persisted) listener();
      };
      addEventListener('storage', onStorage, { signal });
      addEventListener('pageshow', onReturn, { signal });
      return () => listeners.abort();
    },
  };
}

/** In pages only (a server may have a global of that name); where cookies are blocked, even asking throws. */
function localStorageOf(): Storage | undefined {
  const { document } = globalThis as { readonly document?: unknown };
  if (document === undefined) return undefined;
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
