import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { hasPostgres } from '../../scripts/postgres-server.mjs';

/** The server of all tests: `npm test` starts one for all files, and a file that is run alone starts its own. */
const GIVEN_URL = process.env['TEST_POSTGRES_URL'];

/** True when tests can use PostgreSQL on this machine. */
export const HAS_POSTGRES = GIVEN_URL !== undefined || hasPostgres();

/** A PostgreSQL server of a test file. */
export interface OwnPostgres {
  readonly url: string;
  /** Stops it (fast) and keeps its data. */
  interrupt(): Promise<void>;
  /** Starts it again. */
  resume(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

let starting: Promise<OwnPostgres> | undefined;
const databases: string[] = [];

// Not after each test: those close their servers in the same way, and in the order in which they were opened.
after(async () => {
  for (const name of databases) {
    await query(await serverUrl(), `drop database if exists ${name} with (force)`);
  }
  await (await starting)?.stop();
});

/** Starts a server in a process of its own. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const script = fileURLToPath(new URL('../../scripts/postgres-process.mjs', import.meta.url));
  const child = fork(script, { execArgv: [], stdio: 'ignore' });
  const [url]: unknown[] = await once(child, 'message');
  assert.ok(typeof url === 'string' && url !== '', 'there is no PostgreSQL for this platform');
  const send = async (command: string) => {
    const done = once(child, 'message');
    child.send(command);
    const [answer]: unknown[] = await done;
    assert.equal(answer, command);
  };
  return {
    url,
    interrupt: () => send('interrupt'),
    resume: () => send('resume'),
    async stop() {
      const exited = once(child, 'exit');
      await send('stop');
      await exited;
    },
  };
}

/** Creates an empty database, which is dropped after the last test of the file. Returns its URL. */
export async function temporaryDatabase(): Promise<string> {
  const root = await serverUrl();
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  await query(root, `create database ${name} template template0`);
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
