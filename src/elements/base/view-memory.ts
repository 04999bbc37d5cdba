import { orUndefined } from '../../controller/or-undefined.js';

/**
 * Remembers the view of the panel (the tab of a session, the filter) for the next visit. Neither method throws. A host
 * may set its own, for instance one that forgets.
 */
export interface PanelMemory {
  /** Returns the text that was written under a name; undefined without one. */
  read(name: string): string | undefined;
  write(name: string, text: string): void;
  /** The memory of one tab of the browser, which lasts until it is closed; without it, the tab starts afresh. */
  readonly ofTab?: Pick<PanelMemory, 'read' | 'write'>;
}

const PREFIX = 'graph-sessions.view.';

/** Remembers in the browser's local storage, and for a tab in its session storage; forgets where there is none. */
export const browserMemory: PanelMemory = {
  ...memoryIn(() => globalThis.localStorage),
  ofTab: memoryIn(() => globalThis.sessionStorage),
};

/** Without a browser, or when its storage is full or blocked, the panel opens as on a first visit. */
function memoryIn(storage: () => Storage): Pick<PanelMemory, 'read' | 'write'> {
  const { document } = globalThis as { readonly document?: unknown };
  if (document === undefined) return { read: () => undefined, write: () => undefined };
  return {
    read: (name) => orUndefined(() => storage().getItem(PREFIX + name) ?? undefined),
    write: (name, text) => void orUndefined(() => storage().setItem(PREFIX + name, text)),
  };
}
