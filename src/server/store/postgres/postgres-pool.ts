import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { isConnectionLost, toPostgresStoreError, unavailable } from './postgres-errors.js';

/** How long a connection attempt may take, or the wait for a connection that is free. */
const CONNECT_MS = 4000;
/** How much longer than the server this process waits for the end of a statement, which only a dead connection needs. */
const GRACE_MS = 500;
/** The type `bigint`, which the driver returns as a text otherwise. */
const BIGINT_OID = 20;

/** Options of `postgresPool`. */
export interface PostgresPoolOptions {
  readonly maxConnections: number;
  /** Time after which the server gives a statement up, in milliseconds; undefined: no limit. */
  readonly statementMs?: number;
}

/**
 * Makes a pool of connections for Kysely. Its errors are those of a store: StoreUnavailableError for a loss of the
 * connection, and everything else that passes. A connection that broke is not used again, nor are those that are as old:
 * when a line is cut without a sign, each of them would cost a statement its whole time.
 */
export function postgresPool(url: string, options: PostgresPoolOptions): PostgresPool {
  return new ConnectionPool(url, options);
}

class ConnectionPool implements PostgresPool {
  readonly #pool: pg.Pool;
  readonly #statementMs: number | undefined;
  /** When each connection was made, see `#lostAt`. */
  readonly #madeAt = new WeakMap<pg.PoolClient, number>();
  /** When a statement last lost its connection. */
  #lostAt = Number.NEGATIVE_INFINITY;

  constructor(url: string, { maxConnections, statementMs }: PostgresPoolOptions) {
    this.#statementMs = statementMs;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: maxConnections,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      application_name: 'graph-sessions',
      ...(statementMs === undefined ? {} : { query_timeout: statementMs + GRACE_MS }),
      types: {
        getTypeParser: (oid, format) => (oid === BIGINT_OID ? Number : pg.types.getTypeParser(oid, format)),
      },
    });
    // Of a connection that nothing uses: the next statement gets another one.
    this.#pool.on('error', ignore);
  }

  async connect(): Promise<PostgresPoolClient> {
    try {
      return new PooledConnection(await this.#connected(), () => {
        this.#lostAt = performance.now();
      });
    } catch (error) {
      throw unavailable(error);
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  async #connected(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.#pool.connect();
      const madeAt = this.#madeAt.get(client);
      if (madeAt === undefined) return this.#prepared(client);
      if (madeAt > this.#lostAt) return client;
      client.release(true);
    }
  }

  /** Limits the statements of a new connection. Not at its start, where poolers refuse settings. */
  async #prepared(client: pg.PoolClient): Promise<pg.PoolClient> {
    this.#madeAt.set(client, performance.now());
    if (this.#statementMs === undefined) return client;
    // Without a listener, a connection that breaks here would end the process; the statement fails, too.
    client.on('error', ignore);
    try {
      await client.query(`set statement_timeout = ${this.#statementMs}`);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    } finally {
      client.off('error', ignore);
    }
  }
}

function ignore(): void {}

/** A connection in use. */
class PooledConnection implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #onLost: () => void;
  #loss: unknown;
  readonly #onError = (error: unknown): void => this.#lose(error);

  constructor(client: pg.PoolClient, onLost: () => void) {
    this.#client = client;
    this.#onLost = onLost;
    // Between two statements; without a listener it would end the process.
    client.on('error', this.#onError);
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
      if (isConnectionLost(error)) this.#lose(error);
      throw toPostgresStoreError(error);
    }
  }

  #lose(error: unknown): void {
    if (this.#loss !== undefined) return;
    this.#loss = error;
    this.#onLost();
  }

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.release(this.#loss !== undefined);
  }
}
