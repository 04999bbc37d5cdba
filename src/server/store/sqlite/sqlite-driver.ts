import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { convertingErrors } from './sqlite-errors.js';

/** A database as Kysely and `libsql` know it. */
type Database = SqliteDatabase & { exec(text: string): unknown };

/** Makes a database for Kysely whose errors are those of a store, see `convertingErrors`. */
export function sqliteDriver(database: Database): SqliteDatabase {
  return {
    close: () => {
      database.close();
    },
    prepare: (text) => {
      const isBegin = text.startsWith('begin');
      const statement = convertingErrors(() => database.prepare(text));
      const driven: SqliteStatement = {
        reader: statement.reader,
        all: (parameters) => convertingErrors(() => statement.all(parameters)),
        run: (parameters) =>
          convertingErrors(() => (isBegin ? runAtOnce(database, text) : statement.run(parameters))),
        iterate: (parameters) => convertingErrors(() => statement.iterate(parameters)),
      };
      return driven;
    },
  };
}

/**
 * Runs a statement and finishes it, whatever its outcome. A prepared one that fails over a lock stays in progress
 * until it is collected (libsql 0.5), and no transaction can be committed meanwhile.
 */
function runAtOnce(database: Database, text: string): { changes: number; lastInsertRowid: number } {
  database.exec(text);
  return { changes: 0, lastInsertRowid: 0 };
}
