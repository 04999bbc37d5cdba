import { MemoryStore } from './memory-store.js';
import type { PostgresLease, PostgresStoreOptions } from './postgres/postgres-store.js';
import type { SessionStore } from './session-store.js';

/** Options of `openStore`. */
export interface OpenStoreOptions {
  /** Called with errors that no caller can receive, such as a damaged row that a list leaves out. */
  readonly onError?: (error: unknown) => void;
  /** How soon the processes on a PostgreSQL database find out that one of them has died; the same for all. */
  readonly lease?: Partial<PostgresLease>;
  /**
   * The URL of the same PostgreSQL database without a pooler in between, for what one in transaction mode cannot carry:
   * notifications, and the migration of the tables. Default: the location.
   */
  readonly listen?: string;
}

/**
 * Opens a store: `memory`; a directory for the SQLite database of the sessions, which is created if it is missing; or
 * the URL of a PostgreSQL database (`postgres://…`). SQLite needs the packages `kysely` and `libsql`, PostgreSQL `kysely`
 * and `pg`; they are optional peers.
 *
 * @throws Error in one sentence when the packages are missing, or the directory or the database cannot be used.
 */
export async function openStore(
  location: string,
  { onError = () => undefined, lease = {}, listen = location }: OpenStoreOptions = {},
): Promise<SessionStore> {
  if (location === 'memory') return new MemoryStore();
  if (isPostgresUrl(location)) return openPostgres(location, onError, { lease, listen });
  const { openSqliteStore } = await importing('on disk', 'libsql', () => import('./sqlite/sqlite-store.js'));
  try {
    return await openSqliteStore(location, onError);
  } catch (error) {
    throw new Error(`The data directory “${location}” cannot be used: ${reasonOf(error)}`, { cause: error });
  }
}

/** True for the URL of a PostgreSQL database. */
export function isPostgresUrl(location: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(location);
}

async function openPostgres(
  url: string,
  onError: (error: unknown) => void,
  options: PostgresStoreOptions,
): Promise<SessionStore> {
  const { openPostgresStore } = await importing(
    'in PostgreSQL',
    'pg',
    () => import('./postgres/postgres-store.js'),
  );
  try {
    return await openPostgresStore(url, onError, options);
  } catch (error) {
    // An error of a store begins with what this sentence says.
    const reason = reasonOf(error).replace(/^The database cannot be used: /, '');
    throw new Error(`The database “${withoutPassword(url)}” cannot be used: ${reason}`, { cause: error });
  }
}

/** The URL as it may be shown. */
function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'postgres://…';
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

/** Imports a store on demand, so that sessions in memory do not need the database packages. */
async function importing<Module>(
  place: string,
  driver: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (isPackageMissing(error)) {
      throw new Error(`Sessions ${place} need two more packages: npm install kysely ${driver}`, {
        cause: error,
      });
    }
    throw new Error(`The packages of the database cannot be loaded: ${reasonOf(error)}`, { cause: error });
  }
}

/** True only if one of the packages is not installed: the import can also fail for want of file handles. */
function isPackageMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return false;
  return /^Cannot find package '(?:kysely|libsql|pg)'/.test(error.message);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
