import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Graph } from '../../../src/protocol/graph.js';
import { MemoryStore } from '../../../src/server/store/memory-store.js';
import { Gate } from '../../support/gate.js';
import { PuppetRunner, thought } from '../../support/puppet-runner.js';
import { TestServer, storeLocation, STORES } from '../../support/server.js';
import { idsOf, kindsOf, type RawFrame } from '../../support/sse-reader.js';

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}

const isMarker = ({ data }: RawFrame): boolean => data['type'] === 'replayComplete';

for (const kind of STORES) {
  describe(`a session stream over a ${kind} store`, () => {
    it('S1 S2 S3 gives every connection the log, contiguous, and one unnumbered marker', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      const first = await server.stream(id);
      await runner.think(id, 10);
      const second = await server.stream(id, 'protocol=1&after=-1');
      await second.until(isMarker);
      await runner.think(id, 10);
      const third = await server.stream(id, 'protocol=1&after=7');
      await third.until(isMarker);
      await runner.think(id, 5);
      await runner.complete(id);

      const log = await server.log(id);
      for (const [reader, after] of [
        [first, -1],
        [second, -1],
        [third, 7],
      ] as const) {
        const frames = await reader.toEnd();
        const events = frames.filter((frame) => frame.id !== undefined);
        assert.deepEqual(idsOf(frames), range(after + 1, 26));
        assert.deepEqual(
          events.map(({ data }) => data),
          log.slice(after + 1),
        );
        assert.ok(events.every(({ id: frameId, data }) => frameId === String(data['index'])));
        const markers = frames.filter(isMarker);
        assert.equal(markers.length, 1);
        assert.equal(markers[0]?.id, undefined);
        assert.equal(markers[0]?.data['index'], undefined);
        assert.deepEqual(kindsOf(frames).at(-1), 'done');
      }
      assert.equal(idsOf(third.frames.slice(0, third.frames.findIndex(isMarker))).at(-1), 20);
    });

    it('S7 S8 delivers the end of an ended session, then the marker, then done', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const ends = {
        completed: (id: string) => runner.complete(id),
        failed: (id: string) => runner.append(id, { type: 'graphError', sessionId: id, error: 'no' }),
        cancelled: (id: string) => server.cancel(id),
      };
      for (const [status, end] of Object.entries(ends)) {
        const id = await server.create();
        await runner.think(id, 3);
        await end(id);
        for (const after of [-1, 1, 3, 4]) {
          const frames = await (await server.stream(id, `protocol=1&after=${after}`)).toEnd();
          assert.deepEqual(idsOf(frames), range(after + 1, 4));
          assert.deepEqual(kindsOf(frames).slice(-2), ['replayComplete', 'done']);
          assert.deepEqual(frames.at(-2)?.data, {
            type: 'replayComplete',
            lastIndex: 4,
            status,
            pending: [],
          });
          assert.deepEqual(frames.at(-1)?.data, { status, lastIndex: 4 });
        }
      }
    });

    it('S6 loses nothing when many join a running session', async (t) => {
      const runner = new PuppetRunner();
      const server = await TestServer.start(t, { store: await storeLocation(t, kind), runner });
      const id = await server.create();
      const writing = runner.think(id, 300);
      const join = async (): Promise<void> => {
        const reader = await server.stream(id);
        await reader.until(isMarker);
        while ((idsOf(reader.frames).at(-1) ?? -1) < 200) await reader.next();
        reader.close();
        assert.deepEqual(idsOf(reader.frames), range(0, idsOf(reader.frames).at(-1) ?? -1));
        assert.equal(reader.frames.filter(isMarker).length, 1);
      };
      for (let round = 0; round < 8; round += 1) await Promise.all(Array.from({ length: 12 }, join));
      await writing;
    });
  });
}

describe('a session stream', () => {
  async function start(t: Parameters<typeof TestServer.start>[0], options = {}) {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, ...options });
    return { runner, server, id: await server.create() };
  }

  it('S4 sends the marker right after the boundary although the log grows meanwhile', async (t) => {
    const { runner, server, id } = await start(t, { limits: { pageBytes: 2000, chunkBytes: 500 } });
    await runner.think(id, 500);
    const over = new AbortController();
    const storm = runner.thinkUntil(id, over.signal);
    const reader = await server.stream(id);
    const startFrame = await reader.next();
    const marker = await reader.until(isMarker);
    await reader.until(({ id: frameId }) => frameId !== undefined);
    over.abort();
    await storm;
    await runner.complete(id);
    const frames = await reader.toEnd();
    const position = frames.findIndex(isMarker);
    assert.equal(marker.data['lastIndex'], startFrame?.data['lastIndex']);
    assert.equal(idsOf(frames.slice(0, position)).at(-1), startFrame?.data['lastIndex']);
    assert.deepEqual(
      idsOf(frames),
      range(0, (await server.get(`/${id}/status`)).body['lastIndex'] as number),
    );
    assert.equal(frames.filter(isMarker).length, 1);
  });

  it('S4 sends the marker when there is nothing to replay', async (t) => {
    const { server, id } = await start(t);
    const reader = await server.stream(id, 'protocol=1&after=0');
    await reader.until(isMarker);
    assert.deepEqual(kindsOf(reader.frames), ['start', 'replayComplete']);
    assert.deepEqual(reader.frames[0]?.data['after'], 0);
  });

  it('S5 loses nothing in a storm of events while a slow reader replays 5 MB', async (t) => {
    const { runner, server, id } = await start(t);
    for (let step = 0; step < 50; step += 1) {
      await runner.append(id, ...range(0, 9).map(() => thought('x'.repeat(10_000))));
    }
    const storm = (count: number) => runner.think(id, count, 'y'.repeat(200));
    const reader = await server.stream(id);
    for (let count = 0; count < 300; count += 1) {
      await reader.next();
      // A slow reader: the log grows while it does not read.
      if (count % 50 === 0) await storm(300);
    }
    const end = storm(200).then(() => runner.complete(id));
    assert.deepEqual(idsOf(await reader.toEnd()), range(0, 2501));
    await end;
  });

  it('S9 keeps thoughts over a reconnect', async (t) => {
    const { runner, server, id } = await start(t);
    await runner.think(id, 25);
    const reader = await server.stream(id);
    await reader.until((frame) => frame.id === '12');
    reader.close();
    await runner.think(id, 25);
    await runner.complete(id);
    const frames = await (await server.stream(id, 'protocol=1&after=12')).toEnd();
    assert.deepEqual(idsOf(frames), range(13, 51));
    assert.equal(frames.filter(({ data }) => data['type'] === 'thoughtEvent').length, 38);
  });

  it('S14 responds before the log is read, also for a session that has ended', async (t) => {
    class SlowStore extends MemoryStore {
      gate: Promise<void> | undefined;
      override async readEvents(...args: Parameters<MemoryStore['readEvents']>) {
        await this.gate;
        return super.readEvents(...args);
      }
    }
    const store = new SlowStore();
    const before = await start(t, { store });
    await before.runner.complete(before.id);
    await before.server.close();
    const { server, id } = await start(t, { store });
    const gate = new Gate();
    store.gate = gate.opened;
    for (const sessionId of [id, before.id]) {
      const reader = await server.stream(sessionId);
      assert.equal((await reader.next())?.event, 'start');
    }
    gate.open();
  });

  it('S14 states its position in its first frame', async (t) => {
    const { server, id } = await start(t);
    const reader = await server.stream(id, 'protocol=1');
    const frame = await reader.next();
    assert.equal(frame?.event, 'start');
    assert.equal(frame?.retry, '2000');
    const { logId, ts, ...rest } = frame?.data ?? {};
    assert.ok(Math.abs(Date.now() - Number(ts)) < 60_000, String(ts));
    assert.match(String(logId), /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, {
      sessionId: id,
      graphId: 'g',
      protocol: 1,
      features: ['all-graphs', 'delete-many', 'older-sessions'],
      after: -1,
      firstIndex: 0,
      lastIndex: 0,
      status: 'running',
      heartbeatMs: 15_000,
    });
    const { headers } = reader.response;
    assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(headers.get('cache-control'), 'no-store, no-transform');
    assert.equal(headers.get('x-accel-buffering'), 'no');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('vary'), 'Origin');
    assert.equal(headers.get('graph-session-protocol'), '1');
    assert.equal(headers.get('content-length'), null);
    assert.equal(headers.get('content-encoding'), null);
  });

  it('S15 sends a comment after silence, and none while events flow', async (t) => {
    const { runner, server, id } = await start(t, { limits: { heartbeatMs: 300 } });
    const reader = await server.stream(id);
    for (let beat = 0; beat < 3; beat += 1) {
      const frame = await reader.until(({ comment }) => comment !== undefined);
      const [, ms] = /^: hb (\d+)\n\n$/.exec(frame.text) ?? [];
      assert.ok(Math.abs(Date.now() - Number(ms)) < 60_000, frame.text);
    }
    const before = reader.frames.length;
    const over = new AbortController();
    const flow = runner.thinkUntil(id, over.signal, 5);
    for (let count = 0; count < 100; count += 1) await reader.next();
    over.abort();
    await flow;
    assert.deepEqual(
      reader.frames.slice(before + 1).filter(({ comment }) => comment !== undefined),
      [],
    );
  });

  it('S16 writes frames as clients older than version 1 need them', async (t) => {
    const { runner, server, id } = await start(t);
    await runner.think(id, 2);
    await runner.complete(id);
    const response = await fetch(`${server.base}/${id}`);
    const text = await response.text();
    const [first, ...frames] = text.split('\n\n');
    assert.match(first ?? '', /^retry: 2000\nevent: start\ndata: \{.*\}$/);
    assert.equal(frames.pop(), '', 'the last frame is closed by an empty line');
    for (const frame of frames) {
      assert.match(frame, /^(?:id: \d+\n)?event: (?:event|done)\ndata: \{"[^\r\n]*\}$/);
    }
  });

  it('S17 keeps hostile strings inside their frame', async (t) => {
    const { runner, server, id } = await start(t);
    const texts = [
      '\r',
      '\n',
      '\r\n',
      '\u2028\u2029',
      '\0',
      '\ud800',
      '\udfff',
      '\n\ndata: {}\n\n',
      '\uFEFF',
      '😀',
    ];
    texts.push(...fc.sample(fc.string({ unit: 'binary' }), 300));
    await runner.append(id, ...texts.map(thought));
    await runner.complete(id);
    const frames = await (await server.stream(id)).toEnd();
    assert.deepEqual(
      frames.filter(({ data }) => data['type'] === 'thoughtEvent').map(({ data }) => data['text']),
      texts,
    );
    assert.equal(frames.length, texts.length + 5);
  });

  it('S17 keeps hostile node ids inside their frame', async (t) => {
    const nodeId = 'a\n\nevent: done\ndata: {}\r\u2028__proto__';
    const graph: Graph = { title: 'x\ny', nodes: [{ id: nodeId, type: 'any' }] };
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner });
    const id = await server.create(graph);
    await runner.append(id, { type: 'nodeStart', nodeId });
    await runner.complete(id);
    const frames = await (await server.stream(id)).toEnd();
    assert.deepEqual(kindsOf(frames), [
      'start',
      'graphStart',
      'nodeStart',
      'graphComplete',
      'replayComplete',
      'done',
    ]);
    assert.equal(frames[2]?.data['nodeId'], nodeId);
  });

  it('S18 sends bye at its maximal age and continues without a gap', async (t) => {
    const { runner, server, id } = await start(t, { limits: { streamAgeMs: 150 } });
    const reader = await server.stream(id);
    const over = new AbortController();
    const flow = runner.thinkUntil(id, over.signal).then(() => runner.complete(id));
    const frames = await reader.toEnd();
    over.abort();
    await flow;
    const bye = frames.at(-1);
    assert.equal(bye?.event, 'bye');
    assert.deepEqual(bye?.data, { reason: 'max-age' });
    assert.ok(Number(bye?.retry) >= 0 && Number(bye?.retry) <= 1000);
    const last = idsOf(frames).at(-1) ?? -1;
    assert.deepEqual(idsOf(frames), range(0, last));
    const rest: number[] = [];
    for (let after = last; ; after = rest.at(-1) ?? last) {
      const more = await (await server.stream(id, `protocol=1&after=${after}`)).toEnd();
      rest.push(...idsOf(more));
      if (more.at(-1)?.event === 'done') break;
    }
    assert.deepEqual(rest, range(last + 1, last + rest.length));
  });

  it('S18 drains: bye with a spread hint, and new requests are refused', async (t) => {
    const { runner, server, id } = await start(t);
    await runner.think(id, 3);
    const readers = await Promise.all(range(0, 9).map(() => server.stream(id)));
    for (const reader of readers) await reader.until(isMarker);
    const monitor = await server.monitor();
    await monitor.next();
    const closed = server.server.close();
    const hints = new Set<string>();
    for (const reader of [...readers, monitor]) {
      const bye = (await reader.toEnd()).at(-1);
      assert.deepEqual(bye?.data, { reason: 'drain' });
      assert.ok(Number(bye?.retry) >= 500 && Number(bye?.retry) <= 5000);
      hints.add(bye?.retry ?? '');
    }
    assert.ok(hints.size > 1, 'they must not all come back at once');
    await closed;
    assert.equal(runner.session(id).signal.aborted, true);
  });

  it('S19 evicts the oldest stream of a principal to a session, and keeps the others', async (t) => {
    const { runner, server, id } = await start(t, { limits: { streamsPerSession: 3 } });
    const readers = [];
    for (let count = 0; count < 4; count += 1) {
      const reader = await server.stream(id);
      await reader.until(isMarker);
      readers.push(reader);
    }
    const evicted = await readers[0]?.toEnd();
    assert.deepEqual(evicted?.at(-1)?.data, { reason: 'evicted' });
    await runner.complete(id);
    for (const reader of readers.slice(1)) assert.equal((await reader.toEnd()).at(-1)?.event, 'done');
  });

  it('redelivers questions from before the cursor, and lists the open ones', async (t) => {
    const { runner, server, id } = await start(t);
    const first = await runner.ask(id);
    const second = await runner.ask(id);
    await runner.think(id, 2);
    const reader = await server.stream(id, 'protocol=1&after=1');
    await reader.until(isMarker);
    assert.deepEqual(kindsOf(reader.frames), [
      'start',
      'inputRequired',
      'thoughtEvent',
      'thoughtEvent',
      'inputRequired',
      'replayComplete',
    ]);
    const redelivered = reader.frames[4];
    assert.equal(redelivered?.id, undefined);
    assert.equal(redelivered?.data['index'], 1);
    assert.equal(redelivered?.data['redelivered'], true);
    assert.equal(redelivered?.data['interactionId'], first);
    assert.deepEqual(reader.frames.at(-1)?.data['pending'], [
      { nodeId: 'n', interactionId: first, index: 1 },
      { nodeId: 'n', interactionId: second, index: 2 },
    ]);
  });

  it('ends silently for a reader that leaves: nothing is kept of the stream', async (t) => {
    const { server, id } = await start(t, { limits: { streams: 1 } });
    for (let round = 0; round < 30; round += 1) {
      // The only slot becomes free as soon as the server notices that the reader has gone.
      let response = await fetch(`${server.base}/${id}`);
      while (response.status === 503) {
        await response.body?.cancel();
        response = await fetch(`${server.base}/${id}`);
      }
      assert.equal(response.status, 200);
      await response.body?.cancel();
    }
  });
});

describe('a session stream of a client older than version 1', () => {
  async function start(t: Parameters<typeof TestServer.start>[0], options = {}) {
    const runner = new PuppetRunner();
    const server = await TestServer.start(t, { runner, ...options });
    return { runner, server, id: await server.create() };
  }

  it('gets answered questions under another name, only in the replay', async (t) => {
    const { runner, server, id } = await start(t);
    const answered = await runner.ask(id);
    await server.resume(id, answered);
    const open = await runner.ask(id);
    const reader = await server.stream(id, '');
    await reader.until(isMarker);
    assert.deepEqual(kindsOf(reader.frames), [
      'start',
      'graphStart',
      'inputAnswered',
      'inputResolved',
      'inputRequired',
      'replayComplete',
    ]);
    assert.equal(reader.frames[2]?.id, '1');
    assert.equal(reader.frames[2]?.data['index'], 1);
    assert.equal(reader.frames[4]?.data['interactionId'], open);
    await runner.ask(id);
    assert.equal((await reader.next())?.data['type'], 'inputRequired');
  });

  it('is not asked again a question that was open when the session ended', async (t) => {
    const { runner, server, id } = await start(t);
    await runner.ask(id);
    await server.cancel(id);
    const frames = await (await server.stream(id, '')).toEnd();
    assert.deepEqual(kindsOf(frames), [
      'start',
      'graphStart',
      'inputAnswered',
      'graphCancelled',
      'replayComplete',
      'done',
    ]);
  });

  it('S19b is closed some time after a question; a client of version 1 is not', async (t) => {
    const { runner, server, id } = await start(t, { limits: { promptCloseMs: 50 } });
    const current = await server.stream(id);
    for (let round = 0; round < 5; round += 1) {
      const reader = await server.stream(id, '');
      await reader.until(isMarker);
      const question = await runner.ask(id);
      const bye = (await reader.toEnd()).at(-1);
      assert.deepEqual(bye?.data, { reason: 'prompt' });
      assert.equal(bye?.retry, '15000');
      // Also when the question was part of the replay.
      const again = await server.stream(id, '');
      await again.until(isMarker);
      await server.resume(id, question);
      assert.deepEqual((await again.toEnd()).at(-1)?.data, { reason: 'prompt' });
    }
    await runner.complete(id);
    assert.equal((await current.toEnd()).at(-1)?.event, 'done');
  });

  it('both courtesies can be switched off', async (t) => {
    const { runner, server, id } = await start(t, {
      isInputAnsweredOn: false,
      isPromptCloseOn: false,
      limits: { promptCloseMs: 20, heartbeatMs: 100 },
    });
    await server.resume(id, await runner.ask(id));
    const reader = await server.stream(id, '');
    await reader.until(({ comment }) => comment !== undefined);
    assert.ok(kindsOf(reader.frames).includes('inputRequired'));
  });
});
