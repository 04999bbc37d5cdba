import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { StartServerOptions } from '../../../src/server/node/start-server.js';
import { HAS_POSTGRES, query, storeDatabase } from '../../support/postgres.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';
import { eventually } from '../../support/watch.js';

const [KEY, OLD_KEY] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const [FIRST, SECOND] = ['first-credential-Zq8', 'second-credential-Wm3'];
const NEW = { graphId: 'g', graph: ONE_NODE };

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

async function start(t: TestContext, store: string, options: Partial<StartServerOptions> = {}) {
  const runner = new PuppetRunner();
  const server = await TestServer.start(t, { store, runner, tokenKeys: [KEY], ...options });
  const create = async (): Promise<string> => {
    const { status, body } = await server.post('/new', NEW, bearer(FIRST));
    assert.equal(status, 200);
    return String(body['sessionId']);
  };
  const answer = (id: string, interactionId: string, token: string) =>
    server.post(`/${id}:resume`, { interactionId, response: { answer: 1 } }, bearer(token));
  return { server, runner, create, answer };
}

/** All rows of all tables, as texts. */
async function wholeDatabase(url: string): Promise<string> {
  const tables = (await query(
    url,
    `select tablename from pg_tables where schemaname = 'graph_sessions'`,
  )) as readonly { readonly tablename: string }[];
  const texts: string[] = [];
  for (const { tablename } of tables) {
    const rows = await query(url, `select t::text as row from graph_sessions.${tablename} as t`);
    texts.push(tablename, JSON.stringify(rows));
  }
  return texts.join('\n');
}

async function countTokens(url: string): Promise<number> {
  return (await query(url, 'select 1 from graph_sessions.tokens')).length;
}

describe('the credential of a session', { skip: !HAS_POSTGRES }, () => {
  it('is there in the server that runs what another one has created', async (t) => {
    const store = await storeDatabase(t);
    const gateway = await start(t, store, { limits: { maxRunning: 0 } });
    const owner = await start(t, store);
    const id = await gateway.create();
    await eventually(() => owner.runner.sessions.has(id));
    assert.equal(owner.runner.session(id).accessToken(), FIRST);
  });

  it('is the newest one when an answer at another server brings it, before the node continues', async (t) => {
    const store = await storeDatabase(t);
    const owner = await start(t, store);
    const other = await start(t, store);
    const id = await owner.create();
    assert.equal(owner.runner.session(id).accessToken(), FIRST);
    const question = await owner.runner.ask(id);
    assert.equal((await other.answer(id, question, SECOND)).status, 200);
    await eventually(() => owner.runner.resumed.includes(question));
    assert.equal(owner.runner.session(id).accessToken(), SECOND);
  });

  it('goes with the session when its server leaves, and with an answer that no server has seen', async (t) => {
    const store = await storeDatabase(t);
    const first = await start(t, store);
    const [running, waiting] = [await first.create(), await first.create()];
    const question = await first.runner.ask(waiting);
    const gateway = await start(t, store, { limits: { maxRunning: 0 } });
    await first.server.close();
    assert.equal((await gateway.answer(waiting, question, SECOND)).status, 200);
    const next = await start(t, store);
    await eventually(() => next.runner.sessions.has(running) && next.runner.resumed.includes(question));
    assert.equal(next.runner.session(running).accessToken(), FIRST);
    assert.equal(next.runner.session(waiting).accessToken(), SECOND);
  });

  it('is in no table, log, export or error as a text, and is erased with the end and the deletion', async (t) => {
    const store = await storeDatabase(t);
    const { server, runner, create } = await start(t, store);
    const ids = [await create(), await create(), await create(), await create()];
    const [completed = '', cancelled = '', deleted = '', kept = ''] = ids;
    for (const id of ids) await runner.think(id, 2);
    assert.equal(await countTokens(store), 4);
    const whole = await wholeDatabase(store);
    assert.ok(whole.includes('tokens') && whole.includes(kept), 'all tables were read');
    const log = JSON.stringify(await server.log(kept));
    const file = await (await fetch(`${server.base}/${kept}/export`)).text();
    assert.ok(file.includes(kept));
    for (const text of [whole, log, file]) assert.ok(!text.includes(FIRST));
    await runner.complete(completed);
    await server.cancel(cancelled);
    await server.delete(deleted);
    const left = await query(store, 'select session_id from graph_sessions.tokens');
    assert.deepEqual(left, [{ session_id: kept }]);
  });

  it('stays in the server that got it without a key, which a start says', async (t) => {
    const store = await storeDatabase(t);
    const runner = new PuppetRunner();
    const notices: string[] = [];
    const onNotice = (text: string): void => void notices.push(text);
    const gateway = await TestServer.start(t, {
      store,
      runner: new PuppetRunner(),
      limits: { maxRunning: 0 },
      onNotice,
    });
    await TestServer.start(t, { store, runner });
    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? '', /^Without a key for credentials \(--token-key-file, .* has none\.$/);
    const { body } = await gateway.post('/new', NEW, bearer(FIRST));
    const id = String(body['sessionId']);
    await eventually(() => runner.sessions.has(id));
    assert.equal(runner.session(id).accessToken(), undefined);
    assert.equal(await countTokens(store), 0);
  });

  it('is missing in a server with another key, which says so without it, and runs the session', async (t) => {
    const store = await storeDatabase(t);
    const gateway = await start(t, store, { limits: { maxRunning: 0 } });
    const owner = await start(t, store, { tokenKeys: [OLD_KEY] });
    const id = await gateway.create();
    await eventually(() => owner.runner.sessions.has(id));
    assert.equal(owner.runner.session(id).accessToken(), undefined);
    const errors = owner.server.errors.splice(0).map(String);
    assert.deepEqual(errors, [
      `Error: The credential of session ${id} cannot be used, and it runs without: it was sealed with a key that this server ` +
        'does not have.',
    ]);
    await owner.runner.complete(id);
    assert.equal((await gateway.server.get(`/${id}/status`)).body['status'], 'completed');
  });

  it('survives the replacement of the key, with both in between', async (t) => {
    const store = await storeDatabase(t);
    const old = await start(t, store, { tokenKeys: [OLD_KEY] });
    const id = await old.create();
    await old.server.close();
    const both = await start(t, store, { tokenKeys: [KEY, OLD_KEY] });
    await eventually(() => both.runner.sessions.has(id));
    assert.equal(both.runner.session(id).accessToken(), FIRST);
    const question = await both.runner.ask(id);
    assert.equal((await both.answer(id, question, SECOND)).status, 200);
    await both.server.close();
    const next = await start(t, store);
    await eventually(() => next.runner.sessions.has(id));
    assert.equal(next.runner.session(id).accessToken(), SECOND);
  });

  it('needs a key that is one, or the server does not start', async (t) => {
    await assert.rejects(
      start(t, await storeDatabase(t), { tokenKeys: ['secret'] }),
      /Token key 1 is not 32/,
    );
  });
});
