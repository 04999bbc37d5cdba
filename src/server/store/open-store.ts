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
    throw new Error(`The data directory “${location}” cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

/** Imports the store on demand, so that sessions in memory do not need the database packages. */
async function importSqliteStore() {
  try {
    return await import('./sqlite-store.js');
  } catch (error) {
    if (isPackageMissing(error)) {
      throw new Error('Sessions on disk need two more packages: npm install kysely libsql', { cause: error });
    }
    throw new Error(`The packages of the database cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
}

/** True only if one of the two packages is not installed: the import can also fail for want of file handles. */
function isPackageMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return false;
  return /^Cannot find package '(?:kysely|libsql)'/.test(error.message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
