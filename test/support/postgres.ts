import assert from 'node:assert/strict';
import { after } from 'node:test';
import pg from 'pg';
import { forkPostgres } from '../../scripts/forked-postgres.mjs';
import { hasPostgres, type PostgresServer } from '../../scripts/postgres-server.mjs';
import { openStore } from '../../src/server/store/open-store.js';

/** The server of all tests: `npm test` starts one for all files, and a file that is run alone starts its own. */
const GIVEN_URL = process.env['TEST_POSTGRES_URL'];

/** True when tests can use PostgreSQL on this machine. */
export const HAS_POSTGRES = GIVEN_URL !== undefined || hasPostgres();

let starting: Promise<PostgresServer> | undefined;
let template: Promise<string> | undefined;
const databases: string[] = [];
/** URLs of databases that tests have left. */
const left: string[] = [];

// Not after each test: those close their servers in the same way, and in the order in which they were opened.
after(async () => {
  for (const name of databases) {
    await query(await serverUrl(), `drop database if exists ${name} with (force)`);
  }
  await (await starting)?.stop();
});

/** Starts a server of its own. */
export async function startOwnPostgres(): Promise<PostgresServer> {
  const server = await forkPostgres();
  assert.ok(server !== undefined, 'there is no PostgreSQL for this platform');
  return server;
}

/** Something that ends, and then calls back, such as a test. */
export interface Ending {
  after(callback: () => unknown): void;
}

/** Creates an empty database, which is dropped after the last test of the file. Returns its URL. */
export async function temporaryDatabase(): Promise<string> {
  return createDatabase('template0');
}

/**
 * Provides a database with the tables of a store and without rows, for as long as `user` lasts: those of earlier tests of
 * the file are used again, because to create one takes longer than most tests. Returns its URL.
 */
export async function storeDatabase(user: Ending): Promise<string> {
  const url = (await takeLeft()) ?? (await createDatabase(await (template ??= createTemplate())));
  user.after(() => {
    left.push(url);
  });
  return url;
}

/** Takes a database that no server is connected to any longer, and empties it. */
async function takeLeft(): Promise<string | undefined> {
  for (const [position, url] of left.entries()) {
    const [{ count } = { count: 1 }] = (await query(
      url,
      'select count(*)::int as count from pg_stat_activity where datname = current_database()',
    )) as { count: number }[];
    // One is this query.
    if (count > 1) continue;
    left.splice(position, 1);
    await query(
      url,
      `do $$ declare name text; begin
         for name in select tablename from pg_tables
           where schemaname = 'graph_sessions' and tablename not like 'kysely%'
         loop execute format('delete from graph_sessions.%I', name); end loop;
       end $$`,
    );
    return url;
  }
  return undefined;
}

async function createTemplate(): Promise<string> {
  const url = await createDatabase('template0');
  await (await openStore(url)).close();
  return new URL(url).pathname.slice(1);
}

async function createDatabase(from: string): Promise<string> {
  const root = await serverUrl();
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  await query(root, `create database ${name} template ${from}`);
  databases.push(name);
  const url = new URL(root);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs statements on a connection of their own, as an operator would. */
export async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result: pg.QueryResult = await client.query(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

async function serverUrl(): Promise<string> {
  if (GIVEN_URL !== undefined) return GIVEN_URL;
  starting ??= startOwnPostgres();
  return (await starting).url;
}
