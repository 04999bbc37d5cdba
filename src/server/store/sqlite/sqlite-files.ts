import { statSync, type BigIntStats } from 'node:fs';
import { StaleEpochError, StoreUnavailableError } from '../session-store.js';

/** The database and the two files that SQLite keeps next to it while it is open. */
const SUFFIXES = ['', '-wal', '-shm'];

/**
 * The files of an open database. A process can write to a file that was deleted or replaced: everything
 * written is gone when it ends.
 */
export class SqliteFiles {
  readonly #identities: ReadonlyMap<string, string>;

  /** Remembers the files of a database that is open. */
  constructor(path: string) {
    const identities = new Map<string, string>();
    for (const suffix of SUFFIXES) {
      const stats = find(path + suffix);
      if (stats !== undefined) identities.set(path + suffix, identityOf(stats));
    }
    this.#identities = identities;
  }

  /**
   * Checks that the files in this place are those that are open.
   *
   * @throws StoreUnavailableError when one is missing; StaleEpochError when another one is in its place.
   */
  check(): void {
    for (const [path, identity] of this.#identities) {
      const stats = find(path);
      if (stats === undefined) throw new StoreUnavailableError(`The file ${path} is missing.`);
      if (identityOf(stats) !== identity) throw new StaleEpochError(`The file ${path} was replaced.`);
    }
  }
}

/** @throws StoreUnavailableError when the place of the file cannot be looked at. */
function find(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw new StoreUnavailableError(`The file ${path} cannot be found.`, { cause: error });
  }
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}
