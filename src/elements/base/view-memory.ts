import { orUndefined } from '../../controller/or-undefined.js';

/**
 * What the panel remembers of how it is looked at (the tab of the session, filters), for the next time.
 * Neither method throws. A host may give its own, for instance one that forgets.
 */
export interface PanelMemory {
  /** What was written under a name; undefined when there is nothing. */
  read(name: string): string | undefined;
  write(name: string, text: string): void;
}

const PREFIX = 'graph-sessions.view.';

/** Remembers in the browser's local storage; forgets where there is none. */
export const browserMemory: PanelMemory = {
  read: (name) => inStorage((storage) => storage.getItem(PREFIX + name) ?? undefined),
  write: (name, text) => void inStorage((storage) => storage.setItem(PREFIX + name, text)),
};

/** Undefined without a browser, or when its storage is full or blocked: the panel then opens as it does the first time. */
function inStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  const { document } = globalThis as { readonly document?: unknown };
  return document === undefined ? undefined : orUndefined(() => use(globalThis.localStorage));
}
