import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'libsql';
import { PuppetRunner } from '../../../support/puppet-runner.js';
import { temporaryDirectory, TestServer } from '../../../support/server.js';

const TEXT_BYTES = 2_000_000;
const LARGE = { nodes: [{ id: 'a', type: 'generate', configuration: { prompt: 'x'.repeat(TEXT_BYTES) } }] };

describe('the plan of a session in SQLite', () => {
  it('is not written again by what the session does later, however large it is', async (t) => {
    const directory = await temporaryDirectory(t);
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { store: directory, runner });
    const { body } = await server.post('/new', { graphId: 'g', graph: LARGE });
    const id = String(body['sessionId']);
    // The pages of the log of SQLite stay until a checkpoint, and are counted by its length.
    const reader = new Database(join(directory, 'sessions.db'));
    t.after(() => reader.close());
    reader.exec('pragma wal_checkpoint(truncate)');
    await runner.think(id, 5);
    const { status } = await server.get(`/${id}/events`);
    assert.equal(status, 200);
    const writtenBytes = statSync(join(directory, 'sessions.db-wal')).size;
    assert.ok(writtenBytes > 0 && writtenBytes < TEXT_BYTES / 4, `${writtenBytes} bytes`);
  });

  it('moves out of the rows of an older database, also after a start that was killed in between', async (t) => {
    const directory = await temporaryDirectory(t);
    const runner = new PuppetRunner();
    const before = await TestServer.start(t, { store: directory, runner });
    const [kept, erased] = [await before.create(), await before.create()];
    await runner.complete(kept);
    await before.close();
    const database = new Database(join(directory, 'sessions.db'));
    // As the steps before this one left it; the row of one session has been copied already.
    database.exec(`
      alter table sessions add column plan text;
      update sessions set plan = (select plan from plans where plans.session_id = sessions.session_id);
      update sessions set plan = null, deleted_ms = 1 where session_id = '${erased}';
      delete from plans where session_id = '${erased}';
      delete from kysely_migration where name >= '0010-plans'`);
    database.close();
    const after = await TestServer.start(t, { store: directory, runner: new PuppetRunner() });
    const { status, body } = await after.post(`/${kept}:rerun`, {});
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal((await after.get(`/${erased}/status`)).body['code'], 'session-deleted');
    await after.close();
    const reopened = new Database(join(directory, 'sessions.db'));
    t.after(() => reopened.close());
    const columns: readonly unknown[] = reopened.prepare('pragma table_info(sessions)').all();
    assert.ok(!JSON.stringify(columns).includes('"plan"'));
  });
});
