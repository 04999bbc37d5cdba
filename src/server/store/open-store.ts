import { MemoryStore } from './memory-store.js';
import type { SessionStore } from './session-store.js';

/** Options of `openStore`. */
export interface OpenStoreOptions {
  /** Called with errors that no caller can receive, such as a damaged row that a list leaves out. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Opens a store: `memory`, or a directory for the SQLite database of the sessions, which is created if it is
 * missing. SQLite needs the packages `kysely` and `libsql`, which are optional peers.
 *
 * @throws Error in one sentence when the packages are missing or the directory cannot be used.
 */
export async function openStore(
  location: string,
  { onError = () => undefined }: OpenStoreOptions = {},
): Promise<SessionStore> {
  if (location === 'memory') return new MemoryStore();
  const { openSqliteStore } = await importSqliteStore();
  try {
    return await openSqliteStore(location, onError);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The data directory “${location}” cannot be used: ${reason}`, { cause: error });
  }
}

/** Imports the store on demand, so that sessions in memory do not need the database packages. */
async function importSqliteStore() {
  try {
    return await import('./sqlite-store.js');
  } catch (error) {
    throw new Error('Sessions on disk need two more packages: npm install kysely libsql', { cause: error });
  }
}
