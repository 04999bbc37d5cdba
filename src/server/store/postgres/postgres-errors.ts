import pg from 'pg';
import { StoreUnavailableError } from '../session-store.js';

/**
 * Classes of SQLSTATE that pass: connections, deadlocks, resources (a full disk, too many connections), an operator who
 * stops the server.
 */
const PASSING = /^(?:08|40|53|57)/;
/** Single ones that pass: a transaction that was idle for too long, a standby before it takes over, a lock. */
const PASSING_CODES: ReadonlySet<string> = new Set(['25P03', '25006', '55P03']);

/** Converts an error of PostgreSQL or of its connection: to StoreUnavailableError when the same call may succeed later. */
export function toPostgresStoreError(error: unknown): unknown {
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : undefined;
  // A mistake of a caller, in the driver: it would come again.
  if (error instanceof TypeError || error instanceof RangeError) return error;
  // Another error that does not come from the database is one of the connection.
  const isPassing = code === undefined || PASSING.test(code) || PASSING_CODES.has(code);
  return isPassing ? unavailable(error) : error;
}

/** True when a connection cannot be used any longer after this error. */
export function isConnectionLost(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC';
}

/** True for the error of a transaction that the server has rolled back in favour of others. */
export function isDeadlock(error: unknown): boolean {
  const cause = error instanceof StoreUnavailableError ? error.cause : undefined;
  return cause instanceof pg.DatabaseError && (cause.code === '40P01' || cause.code === '40001');
}

/** True for the error of a statement that lost its connection: it may have been carried out. */
export function isLoss(error: unknown): boolean {
  return error instanceof StoreUnavailableError && isConnectionLost(error.cause);
}

/** The error for a database that cannot be reached, or not be used now. */
export function unavailable(error: unknown): StoreUnavailableError {
  return new StoreUnavailableError(`The database cannot be used: ${reasonOf(error)}.`, { cause: error });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node reports attempts at several addresses together, and without a message.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error.message;
}
