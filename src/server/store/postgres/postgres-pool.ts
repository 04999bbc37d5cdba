import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { isConnectionLost, toPostgresStoreError, unavailable } from './postgres-errors.js';

/** How long a connection attempt may take. */
const CONNECT_MS = 5000;
/** The type `bigint`, which the driver returns as a text otherwise. */
const BIGINT_OID = 20;

/** Options of `postgresPool`. */
export interface PostgresPoolOptions {
  readonly maxConnections: number;
  /** Time after which a statement is given up, and its connection with it; undefined: no limit. In milliseconds. */
  readonly statementMs?: number;
}

/**
 * Makes a pool of connections for Kysely. Its errors are those of a store, and a connection that one of them has broken
 * is not used again.
 */
export function postgresPool(
  url: string,
  { maxConnections, statementMs }: PostgresPoolOptions,
): PostgresPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: 'graph-sessions',
    ...(statementMs === undefined ? {} : { query_timeout: statementMs }),
    types: {
      getTypeParser: (oid, format) => (oid === BIGINT_OID ? Number : pg.types.getTypeParser(oid, format)),
    },
  });
  // Of a connection that nothing uses: the next statement gets another one.
  pool.on('error', () => undefined);
  return {
    async connect() {
      try {
        return new PooledConnection(await pool.connect());
      } catch (error) {
        throw unavailable(error);
      }
    },
    end: () => pool.end(),
  };
}

/** A connection in use. */
class PooledConnection implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  #loss: unknown;
  readonly #onLoss = (error: unknown): void => {
    this.#loss ??= error;
  };

  constructor(client: pg.PoolClient) {
    this.#client = client;
    // Between two statements; without a listener it would end the process.
    client.on('error', this.#onLoss);
  }

  query<Row>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>>;
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>;
  query(text: unknown, parameters: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new TypeError('Cursors are not supported.');
    return this.#query(text, parameters);
  }

  async #query(text: string, parameters: readonly unknown[]): Promise<unknown> {
    // What is sent after a loss would wait for a response that never comes.
    if (this.#loss !== undefined) throw unavailable(this.#loss);
    try {
      return await this.#client.query(text, [...parameters]);
    } catch (error) {
      if (isConnectionLost(error)) this.#loss ??= error;
      throw toPostgresStoreError(error);
    }
  }

  release(): void {
    this.#client.off('error', this.#onLoss);
    this.#client.release(this.#loss !== undefined);
  }
}
