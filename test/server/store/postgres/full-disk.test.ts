import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { StoreUnavailableError } from '../../../../src/server/store/session-store.js';
import { openStore } from '../../../../src/server/store/open-store.js';
import { fillableDisk } from '../../../support/full-disk.js';
import { assertContiguous } from '../../../support/logs.js';
import { HAS_POSTGRES, temporaryDatabase } from '../../../support/postgres.js';
import { PuppetRunner, thought } from '../../../support/puppet-runner.js';
import { TestServer } from '../../../support/server.js';

/** A text that a database cannot compress. */
function text(bytes: number): string {
  return randomBytes((bytes / 4) * 3).toString('base64');
}

describe('a server whose database has a full disk', { skip: !HAS_POSTGRES }, () => {
  it('K16: refuses what people write with 503, lets runs wait, is read, and continues when there is room', async (t) => {
    const url = await temporaryDatabase();
    await (await openStore(url)).close();
    const disk = await fillableDisk(t, url);
    t.diagnostic(`the disk is a ${disk.kind}`);
    const runner = new PuppetRunner();
    const errors: unknown[] = [];
    const server = await TestServer.start(t, { store: url, runner, onError: (error) => errors.push(error) });
    const id = await server.create();
    await runner.append(id, thought('before'));
    const reader = await server.stream(id);
    await reader.untilType('thoughtEvent');
    await disk.fill();
    const texts = Array.from({ length: 30 }, () => text(3000));
    let written = 0;
    const appends = texts.map(async (each) => {
      await runner.append(id, thought(each));
      written += 1;
    });
    // Its first event is larger than what is left of a page.
    const nodes = Array.from({ length: 20 }, (_, index) => ({
      id: `${index}`,
      type: 'any',
      metadata: { title: text(400) },
    }));
    const refused = await server.post('/new', { graphId: 'g', graph: { nodes } });
    assert.deepEqual(
      [refused.status, refused.body['code'], refused.headers.has('Retry-After')],
      [503, 'unavailable', true],
    );
    assert.ok(written < texts.length, 'runs wait');
    assert.equal((await server.log(id)).at(1)?.['text'], 'before');
    assert.equal((await server.get('/:list?graphId=g')).status, 200);
    await disk.empty();
    await Promise.all(appends);
    const log = await server.log(id);
    assertContiguous(log);
    assert.deepEqual(
      log.slice(1).map((event) => event['text']),
      ['before', ...texts],
    );
    await runner.complete(id);
    assert.equal((await reader.toEnd()).at(-1)?.data['status'], 'completed');
    assert.equal((await server.post('/new', { graphId: 'g', graph: { nodes } })).status, 200);
    assert.ok(errors.every((error) => error instanceof StoreUnavailableError));
  });
});
