import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { openStore } from '../../../../src/server/store/open-store.js';
import { StoreUnavailableError } from '../../../../src/server/store/session-store.js';
import { DatabaseProxy, isCommit, type RequestCut } from '../../../support/database-proxy.js';
import { HAS_POSTGRES, query, startOwnPostgres, temporaryDatabase } from '../../../support/postgres.js';
import { ONE_NODE, PuppetRunner, thought } from '../../../support/puppet-runner.js';
import { TestServer } from '../../../support/server.js';

/** Connections that are cut: more in the run that kills. */
const CUTS = process.env['npm_lifecycle_event'] === 'test:kills' ? 250 : 40;
const NEW = { graphId: 'g', graph: ONE_NODE };

async function textsOf(server: TestServer, id: string): Promise<readonly unknown[]> {
  return (await server.log(id)).slice(1).map(({ text }) => text);
}

describe('a PostgreSQL store', { skip: !HAS_POSTGRES }, () => {
  it('writes everything once, and in order, although connections break at commits', async (t) => {
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
    const created = await Promise.all(
      Array.from({ length: 5 }, (_, index) => server.post('/new', NEW, { 'Idempotency-Key': `"${index}"` })),
    );
    assert.deepEqual(
      created.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    );
    proxy.cut = () => undefined;
    const [count] = await query(url, 'select count(*)::int as sessions from graph_sessions.sessions');
    assert.deepEqual(count, { sessions: 6 }, 'one session for each creation');
  });

  it('is opened by a process that is older than the database', async () => {
    const url = await temporaryDatabase();
    await (await openStore(url)).close();
    await query(url, `insert into graph_sessions.kysely_migration values ('9999-later', '2030')`);
    const store = await openStore(url);
    assert.equal(await store.find('s'), undefined);
    await store.close();
  });

  it('knows no session whose id no text can hold', async (t) => {
    const server = await TestServer.start(t, {
      store: await temporaryDatabase(),
      runner: new PuppetRunner(),
    });
    const { status, body } = await server.get('/a%00b/status');
    assert.deepEqual([status, body['code']], [404, 'session-not-found']);
    const refused = await server.post('/new', { ...NEW, graphId: 'a\u0000b' });
    assert.deepEqual([refused.status, refused.body['code']], [400, 'invalid-request']);
  });

  it('keeps texts that JSON can hold and the database cannot', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { store: await temporaryDatabase(), runner });
    const id = await server.create();
    const text = 'NUL \u0000, half a pair \uD800, and \u{1F600}';
    await runner.append(id, thought(text));
    assert.deepEqual(await textsOf(server, id), [text]);
  });

  it('says in one sentence, without the password, why it cannot be opened', async () => {
    await assert.rejects(openStore('postgres://ada:secret@127.0.0.1:1/app'), (error: Error) => {
      assert.match(
        error.message,
        /^The database “postgres:\/\/127\.0\.0\.1:1\/app” cannot be used: .*ECONNREFUSED/,
      );
      assert.ok(!error.message.includes('secret'));
      return true;
    });
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

  it('keeps the events of runs waiting, each for once and in order; callers get 503, streams stay', async (t) => {
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
