import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import pg from 'pg';
import { openStore } from '../../../../src/server/store/open-store.js';
import { importSession } from '../../../../src/server/store/session-copy.js';
import { checkVersion } from '../../../../src/server/store/postgres/postgres-store.js';
import { StoreUnavailableError } from '../../../../src/server/store/session-store.js';
import { DatabaseProxy, isCommit, type RequestCut } from '../../../support/database-proxy.js';
import { HAS_POSTGRES, query, startOwnPostgres, temporaryDatabase } from '../../../support/postgres.js';
import { ONE_NODE, PuppetRunner, thought } from '../../../support/puppet-runner.js';
import { TestServer } from '../../../support/server.js';

/** Connections that are cut: more in the run that kills. */
const CUTS = process.env['npm_lifecycle_event'] === 'test:kills' ? 250 : 20;
const NEW = { graphId: 'g', graph: ONE_NODE };

async function textsOf(server: TestServer, id: string): Promise<readonly unknown[]> {
  return (await server.log(id)).slice(1).map(({ text }) => text);
}

describe('a PostgreSQL store', { skip: !HAS_POSTGRES }, () => {
  it('K4: writes everything once, and in order, although connections break at commits', async (t) => {
    const url = await temporaryDatabase();
    const proxy = await DatabaseProxy.start(t, url);
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { store: proxy.url, runner });
    const id = await server.create();
    const cuts: readonly (RequestCut | undefined)[] = [
      'response',
      'request',
      undefined,
      'response',
      'response',
    ];
    let commits = 0;
    proxy.cut = (request) => (isCommit(request) ? cuts[commits++ % cuts.length] : undefined);
    const texts: string[] = [];
    while (proxy.cuts < CUTS) {
      const text = `${texts.length}`;
      await runner.append(id, thought(text));
      texts.push(text);
    }
    assert.deepEqual(await textsOf(server, id), texts);
    const created = await Promise.all(Array.from({ length: 5 }, (_, index) => server.createOnce(`${index}`)));
    assert.equal(new Set(created).size, 5);
    proxy.cut = () => undefined;
    const [count] = await query(url, 'select count(*)::int as sessions from graph_sessions.sessions');
    assert.deepEqual(count, { sessions: 6 }, 'one session for each creation');
  });

  it('K18: is opened by a process that is older than the database', async () => {
    const url = await temporaryDatabase();
    await (await openStore(url)).close();
    await query(url, `insert into graph_sessions.kysely_migration values ('9999-later', '2030')`);
    const store = await openStore(url);
    assert.equal(await store.find('s'), undefined);
    await store.close();
  });

  it('K20: knows no session whose id no text can hold', async (t) => {
    const server = await TestServer.start(t, {
      store: await temporaryDatabase(),
      runner: new PuppetRunner(),
    });
    const { status, body } = await server.get('/a%00b/status');
    assert.deepEqual([status, body['code']], [404, 'session-not-found']);
    const refused = await server.post('/new', { ...NEW, graphId: 'a\u0000b' });
    assert.deepEqual([refused.status, refused.body['code']], [400, 'invalid-request']);
  });

  it('keeps nothing of an import but its session, which no process owns', async () => {
    const url = await temporaryDatabase();
    const store = await openStore(url);
    const session = {
      sessionId: 's',
      status: 'completed',
      createdAt: 1,
      updatedAt: 1,
      pendingInputs: 0,
    } as const;
    const header = { exportedAt: 1, session, graphId: 'g', events: 1, complete: true, redacted: false };
    const events = [{ type: 'graphStart', sessionId: 's', index: 0, ts: 1 } as const];
    const id = await importSession(store, { header, events }, { principal: 'p' });
    assert.equal((await store.find(id))?.status, 'cancelled');
    await store.close();
    const left = await query(
      url,
      `select (select count(*)::int from graph_sessions.counters where name <> 'epoch') as counters,
         (select count(owner)::int from graph_sessions.sessions) as owners`,
    );
    assert.deepEqual(left, [{ counters: 0, owners: 0 }]);
  });

  it('K20: keeps texts that JSON can hold and the database cannot', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { store: await temporaryDatabase(), runner });
    const id = await server.create();
    const text = 'NUL \u0000, half a pair \uD800, and \u{1F600}';
    await runner.append(id, thought(text));
    assert.deepEqual(await textsOf(server, id), [text]);
  });

  it('says in one sentence, without the password, why it cannot be opened', async () => {
    const url = await temporaryDatabase();
    const wrongPassword = new URL(url);
    wrongPassword.password = 'secret';
    const noDatabase = new URL(url);
    noDatabase.pathname = '/nowhere';
    const noServer = 'postgres://ada:secret@127.0.0.1:1/app';
    for (const [location, reason] of [
      [noServer, /^connect ECONNREFUSED 127\.0\.0\.1:1\.$/],
      [wrongPassword.href, /^password authentication failed for user "postgres"\.$/],
      [noDatabase.href, /^database "nowhere" does not exist\.$/],
    ] as const) {
      const { host, pathname } = new URL(location);
      const start = `The database “postgres://${host}${pathname}” cannot be used: `;
      await assert.rejects(openStore(location), (error: Error) => {
        assert.ok(error.message.startsWith(start), error.message);
        assert.match(error.message.slice(start.length), reason);
        return true;
      });
    }
  });

  it('refuses a server that is too old', () => {
    checkVersion(150_000);
    assert.throws(() => checkVersion(140_012), {
      message: 'It is version 14; PostgreSQL 15 or newer is needed.',
    });
  });

  for (const [which, fail] of [
    ['is read-only', (name: string) => `alter database ${name} set default_transaction_read_only = on`],
    ['has no connection left', (name: string) => `alter database ${name} with connection limit 0`],
  ] as const) {
    it(`that ${which} refuses a creation with 503, and takes it afterwards`, async (t) => {
      const url = await temporaryDatabase();
      const name = new URL(url).pathname.slice(1);
      // Superusers are not limited.
      await query(url, `create role r_${name} login password 'r'; alter database ${name} owner to r_${name}`);
      const limited = new URL(url);
      [limited.username, limited.password] = [`r_${name}`, 'r'];
      const server = await TestServer.start(t, {
        store: limited.href,
        runner: new PuppetRunner(),
        onError: (error) => assert.ok(error instanceof StoreUnavailableError),
      });
      const id = await server.create();
      await query(url, fail(name));
      await query(url, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'r_${name}'`);
      const refused = await server.post('/new', NEW);
      assert.deepEqual([refused.status, refused.headers.has('Retry-After')], [503, true]);
      const operator = new URL(url);
      operator.pathname = '/postgres';
      await query(
        operator.href,
        `alter database ${name} reset all; alter database ${name} with connection limit -1`,
      );
      await query(url, `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'r_${name}'`);
      // The writer looks every second.
      for (let { status } = refused; status !== 200;) ({ status } = await server.post('/new', NEW));
      assert.equal((await server.get(`/${id}/status`)).status, 200);
    });
  }

  for (const [table, column] of [
    ['sessions', 'graph_id'],
    ['sessions', 'log_id'],
    ['sessions', 'status'],
    ['sessions', 'labels'],
    ['sessions', 'summary'],
    ['plans', 'plan'],
    ['events', 'type'],
    ['events', 'json'],
  ] as const) {
    it(`fails for the session alone whose ${table}.${column} is damaged, and deletes it`, async (t) => {
      const url = await temporaryDatabase();
      const before = await TestServer.start(t, { store: url, runner: new PuppetRunner() });
      const [damaged, other] = [await before.create(), await before.create()];
      await before.close();
      await query(
        url,
        `update graph_sessions.${table} set ${column} = 'damaged' where session_id = '${damaged}'`,
      );
      const server = await TestServer.start(t, {
        store: url,
        runner: new PuppetRunner(),
        // What is damaged is reported.
        onError: () => undefined,
      });
      await server.get(`/${damaged}/events`);
      assert.equal((await server.get(`/${other}/events`)).status, 200);
      const monitor = await server.monitor();
      await monitor.until(({ event }) => event === 'snapshotComplete');
      assert.ok(monitor.frames.some(({ data }) => data['sessionId'] === other));
      assert.equal((await server.delete(damaged)).status, 200);
      assert.equal((await server.get(`/${damaged}/status`)).status, 404);
    });
  }

  it('K4: waits for a locked table no longer than a request may, and writes afterwards', async (t) => {
    const url = await temporaryDatabase();
    const server = await TestServer.start(t, {
      store: url,
      runner: new PuppetRunner(),
      onError: (error) => assert.ok(error instanceof StoreUnavailableError),
    });
    const id = await server.create();
    const locker = new pg.Client({ connectionString: url });
    await locker.connect();
    await locker.query('begin; lock table graph_sessions.sessions, graph_sessions.events');
    const answers = await Promise.all([server.post('/new', NEW), server.get(`/${id}/events`)]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 503],
    );
    await locker.query('commit');
    await locker.end();
    assert.equal((await server.get(`/${id}/events`)).status, 200);
    for (let status = 503; status !== 200;) ({ status } = await server.post('/new', NEW));
  });
});

describe('a PostgreSQL server that is restarted', { skip: !HAS_POSTGRES }, () => {
  async function start(t: TestContext) {
    const database = await startOwnPostgres();
    t.after(() => database.stop());
    const runner = new PuppetRunner();
    const errors: unknown[] = [];
    const server = await TestServer.start(t, {
      store: database.url,
      runner,
      onError: (error) => errors.push(error),
    });
    return { database, runner, server, errors };
  }

  it('K5: keeps the events of runs waiting, each for once and in order; callers get 503, streams stay', async (t) => {
    const { database, runner, server, errors } = await start(t);
    const id = await server.create();
    const reader = await server.stream(id);
    await reader.untilType('replayComplete');
    await runner.append(id, thought('before'));
    await reader.untilType('thoughtEvent');
    await database.interrupt();
    const texts = ['0', '1', '2', '3', '4'];
    const appends = texts.map((text) => runner.append(id, thought(text)));
    const refused = await server.post('/new', NEW);
    assert.deepEqual([refused.status, refused.body['code']], [503, 'unavailable']);
    assert.equal((await fetch(`${server.server.url}/healthz`)).status, 503);
    await database.resume();
    await Promise.all(appends);
    assert.deepEqual(await textsOf(server, id), ['before', ...texts]);
    await runner.complete(id);
    assert.equal((await reader.toEnd()).at(-1)?.data['status'], 'completed');
    assert.equal((await server.post('/new', NEW)).status, 200);
    assert.equal((await fetch(`${server.server.url}/healthz`)).status, 200);
    assert.ok(errors.every((error) => error instanceof StoreUnavailableError));
    assert.equal(errors.length <= 2, true, 'it is reported once for each reason');
  });
});
