import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSessionFile } from '../../../src/protocol/session-file/read-session-file.js';
import { Gate } from '../../support/gate.js';
import { PuppetRunner, thought } from '../../support/puppet-runner.js';
import { STORES, storeLocation, TestServer } from '../../support/server.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import type { PageLimits } from '../../../src/server/store/session-store.js';

const SECRET_FORM = {
  inputNode: { schema: { type: 'object', properties: { key: { type: 'string', format: 'password' } } } },
};

async function download(server: TestServer, path: string): Promise<{ response: Response; text: string }> {
  const response = await fetch(server.base + path);
  return { response, text: await response.text() };
}

for (const kind of STORES) {
  describe(`the export of a session over a ${kind} store`, () => {
    it('is a file with its row and exactly the events of its log', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, {
        store: await storeLocation(t, kind),
        runner,
        now: () => 1_700_000_000_000,
      });
      const id = await server.create();
      await server.request('PATCH', `/${id}`, {
        body: '{"title":"Grüne Bohnen"}',
        headers: { 'Content-Type': 'application/json' },
      });
      for (let part = 0; part < 5; part += 1) {
        await runner.append(id, ...Array.from({ length: 300 }, () => thought('·'.repeat(100))));
      }
      const { response, text } = await download(server, `/${id}/export`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'application/jsonl; charset=utf-8');
      const short = id.replaceAll('-', '').slice(0, 8);
      assert.equal(
        response.headers.get('content-disposition'),
        `attachment; filename="Gr_ne Bohnen-${short}.session.jsonl"; filename*=UTF-8''Gr%C3%BCne%20Bohnen-${short}.session.jsonl`,
      );
      const file = await readSessionFile([text]);
      assert.equal(file.problem, undefined);
      const log = await (await fetch(`${server.base}/${id}/events?limit=1000`)).json();
      assert.equal(file.events.length, file.header.events);
      assert.deepEqual(file.events.slice(0, 1000), log.events);
      assert.deepEqual(
        [file.header.session.title, file.header.graphId, file.header.logId, file.header.exportedAt],
        ['Grüne Bohnen', 'g', log.logId, 1_700_000_000_000],
      );
      assert.deepEqual([file.header.complete, file.header.redacted], [true, false]);
    });
  });
}

describe('the export of a session', () => {
  it('has no secret of a schema, and neither what the host leaves out', async (t) => {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, {
      runner,
      redact: (event) => (event.type === 'thoughtEvent' ? undefined : event),
    });
    const id = await server.create();
    await runner.append(id, {
      type: 'inputRequired',
      nodeId: 'n',
      interactionId: 'q',
      suspendEvent: SECRET_FORM,
    });
    await server.resume(id, 'q', { key: 'hunter22' });
    await runner.append(id, thought('private'));
    await runner.append(id, {
      type: 'graphComplete',
      sessionId: id,
      outputs: { n: { context: 'logged in with hunter22' } },
    });
    const { text } = await download(server, `/${id}/export`);
    assert.doesNotMatch(text, /hunter22|private/);
    const { header, problem } = await readSessionFile([text]);
    assert.equal(header.redacted, true);
    assert.equal(problem, undefined);
    const stream = await server.log(id);
    assert.ok(JSON.stringify(stream).includes('hunter22'), 'the log itself is unchanged');
  });

  it('of a session that is deleted meanwhile says that it was cut', async (t) => {
    const reading = new Gate();
    const erased = new Gate();
    let isHeld = false;
    class HeldStore extends MemoryStore {
      override async readEvents(sessionId: string, after: number, limits: PageLimits) {
        if (isHeld && after > 0) {
          isHeld = false;
          reading.open();
          await erased.opened;
        }
        return super.readEvents(sessionId, after, limits);
      }

      override async commit(...[epoch, writes]: Parameters<MemoryStore['commit']>) {
        const outcomes = await super.commit(epoch, writes);
        if (writes.some((write) => write.kind === 'erase' && write.after === -1)) erased.open();
        return outcomes;
      }
    }
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { store: new HeldStore(), runner, limits: { eraseDelayMs: 0 } });
    const id = await server.create();
    await runner.append(id, ...Array.from({ length: 1000 }, () => thought('x'.repeat(500))));
    isHeld = true;
    const response = await fetch(`${server.base}/${id}/export`);
    const pieces: string[] = [];
    const read = (async () => {
      for await (const piece of response.body ?? []) pieces.push(new TextDecoder().decode(piece));
    })();
    await reading.opened;
    const deleting = server.delete(id);
    await assert.rejects(read);
    await deleting;
    assert.equal((await readSessionFile(pieces)).problem?.kind, 'cut');
  });

  it('of a missing session, or of another principal, is not found', async (t) => {
    const server = await TestServer.start(t, {
      runner: new PuppetRunner(),
      authenticate: (token = '') => ({ principal: token }),
    });
    const mine = { Authorization: 'Bearer a' };
    const id = await server.create(undefined, 'g', mine);
    assert.equal((await server.get('/x/export', mine)).status, 404);
    assert.equal((await server.get(`/${id}/export`, { Authorization: 'Bearer b' })).status, 404);
    const head = await fetch(`${server.base}/${id}/export`, { method: 'HEAD', headers: mine });
    assert.deepEqual([head.status, await head.text()], [200, '']);
  });
});
