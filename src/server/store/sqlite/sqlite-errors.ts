import { StoreUnavailableError } from '../session-store.js';

/** Codes of errors that pass: of the disk, of locks, of the place of the file. */
const PASSING = /^SQLITE_(?:FULL|BUSY|LOCKED|PROTOCOL|NOMEM|READONLY|CANTOPEN|IOERR)(?:_[A-Z_]+)?$/;
/** Those among them that say that a page of the file cannot be read: the others may be readable. */
const UNREADABLE = /^SQLITE_IOERR_(?:READ|SHORT_READ|CORRUPTFS|DATA)$/;

/** Converts an error of SQLite: to StoreUnavailableError when the same call may succeed later. */
function toSqliteStoreError(error: unknown): unknown {
  const code = codeOf(error);
  if (!PASSING.test(code) || UNREADABLE.test(code)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(`The database cannot be used: ${reason} (${code}).`, { cause: error });
}

/** Makes a call whose errors are converted, to StoreUnavailableError when the same call may succeed later. */
export function convertingErrors<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw toSqliteStoreError(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
