import { orUndefined } from '../../controller/or-undefined.js';

/**
 * Remembers the view of the panel (the tab of a session, the filter) for the next visit. Neither method throws. A host
 * may set its own, for instance one that forgets.
 */
export interface PanelMemory {
  /** Returns the text that was written under a name; undefined without one. */
  read(name: string): string | undefined;
  write(name: string, text: string): void;
}

const PREFIX = 'graph-sessions.view.';

/** Remembers in the browser's local storage; forgets where there is none. */
export const browserMemory: PanelMemory = {
  read: (name) => inStorage((storage) => storage.getItem(PREFIX + name) ?? undefined),
  write: (name, text) => void inStorage((storage) => storage.setItem(PREFIX + name, text)),
};

/** Returns undefined without a browser, or when its storage is full or blocked: the panel then opens as on a first visit. */
function inStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  const { document } = globalThis as { readonly document?: unknown };
  return document === undefined ? undefined : orUndefined(() => use(globalThis.localStorage));
}
