import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConnectionState } from '../../../src/protocol/stream/messages.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeServer, FakeStream, markerFrame, startFrame } from '../../support/fake-server.js';
import { watch } from '../../support/watch.js';

const SERVER_MS = 1_760_000_000_000;
const TEN_MINUTES_MS = 600_000;

describe('a clock that is ahead of the server’s or behind it', () => {
  for (const skewMs of [TEN_MINUTES_MS, -TEN_MINUTES_MS]) {
    it(`is known from the first frame of a session, and again after a heartbeat: ${skewMs} ms`, async () => {
      const environment = new FakeEnvironment({ wallMs: SERVER_MS + skewMs });
      const stream = new FakeStream();
      const server = new FakeServer(() => stream.response);
      const watched = watch(server.client(environment).connectSession('s'));
      stream.send(startFrame(-1, -1, { ts: SERVER_MS }), markerFrame(-1));
      await environment.advance(0);
      assert.deepEqual(watched.connection, { phase: 'live', attempt: 0, clockAheadMs: skewMs });
      // The clock of this machine is put right; a heartbeat that changes nothing is no news.
      const before = watched.messages.length;
      stream.send({ comment: `hb ${SERVER_MS}` }, { comment: 'hb' }, { comment: 'hb x' });
      await environment.advance(0);
      assert.equal(watched.messages.length, before);
      stream.send({ comment: `hb ${SERVER_MS + skewMs}` });
      await environment.advance(0);
      assert.deepEqual(watched.connection, { phase: 'live', attempt: 0, clockAheadMs: 0 });
    });

    it(`is known from the first frame of a list: ${skewMs} ms`, async () => {
      const environment = new FakeEnvironment({ wallMs: SERVER_MS + skewMs });
      const stream = new FakeStream();
      const server = new FakeServer(() => stream.response);
      const states: ConnectionState[] = [];
      const abort = new AbortController();
      const reading = (async () => {
        for await (const messages of server
          .client(environment)
          .monitorSessions('g', { signal: abort.signal }))
          for (const message of messages) if (message.kind === 'connection') states.push(message.connection);
      })();
      stream.send(
        { event: 'monitorStart', data: { graphId: 'g', protocol: 1, revision: 3, ts: SERVER_MS } },
        { event: 'snapshotComplete', data: { revision: 3 } },
      );
      await environment.advance(0);
      assert.deepEqual(states.at(-1), { phase: 'live', attempt: 0, clockAheadMs: skewMs });
      stream.send({ comment: `hb ${SERVER_MS + 2 * skewMs}` });
      await environment.advance(0);
      assert.deepEqual(states.at(-1), { phase: 'live', attempt: 0, clockAheadMs: -skewMs });
      abort.abort();
      await reading;
    });
  }

  it('is not known where the server writes no time', async () => {
    const environment = new FakeEnvironment();
    const stream = new FakeStream();
    const server = new FakeServer(() => stream.response);
    const watched = watch(server.client(environment).connectSession('s'));
    stream.send(startFrame(-1, -1), markerFrame(-1), { comment: 'hb 5' });
    await environment.advance(0);
    assert.deepEqual(watched.connection, { phase: 'live', attempt: 0 });
  });
});
