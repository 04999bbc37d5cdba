import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunController } from '../../../src/controller/run/run-controller.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { writeSessionFile } from '../../../src/protocol/session-file/write-session-file.js';
import { openSessionFile, type SessionFileService } from '../../../src/service/file/open-session-file.js';

const SESSION = {
  sessionId: 's',
  status: 'suspended',
  createdAt: 1,
  updatedAt: 2,
  pendingInputs: 1,
  title: 'Ä',
};

const LOG: readonly GraphRunEvent[] = [
  {
    type: 'graphStart',
    sessionId: 's',
    graph: { title: 'Ä 🫘', nodes: [{ id: 'a', type: 't' }], edges: [] },
    index: 0,
    ts: 1000,
  },
  { type: 'nodeStart', nodeId: 'a', index: 1, ts: 1100 },
  ...Array.from({ length: 5000 }, (_, at): GraphRunEvent => {
    return { type: 'thoughtEvent', nodeId: 'a', text: `grüne Bohnen 🫘 ${at}`, index: at + 2, ts: 1200 + at };
  }),
  {
    type: 'inputRequired',
    nodeId: 'a',
    interactionId: 'i',
    suspendEvent: { waitForInput: {} },
    index: 5002,
    ts: 9000,
  },
];

async function fileOf(): Promise<Blob> {
  const header = { exportedAt: 5, session: SESSION, events: LOG.length, complete: true, redacted: false };
  const pieces: string[] = [];
  for await (const piece of writeSessionFile(header, LOG)) pieces.push(piece);
  return new Blob(pieces);
}

/** Reads a connection to its end into a run. */
async function shown(service: SessionFileService): Promise<RunController> {
  const run = new RunController();
  run.open('s');
  for await (const { messages } of service.connectSession('s')) run.apply(messages);
  return run;
}

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    assert.ok(error instanceof GraphRunError, String(error));
    return error.code;
  }
}

describe('a session file as a service', () => {
  it('replays its log, as often as it is watched, and says that nothing more comes', async () => {
    const service = await openSessionFile(await fileOf());
    for (const run of [await shown(service), await shown(service)]) {
      assert.equal(run.events.length, LOG.length);
      assert.deepEqual(run.events.at(5001), LOG[5001]);
      assert.equal(run.status, 'suspended');
      assert.equal(run.connection.phase, 'terminal');
      assert.equal(run.connection.error, undefined);
      assert.equal(run.interactions.length, 1);
      assert.deepEqual(run.replay, { received: LOG.length, total: LOG.length });
    }
  });

  it('continues after a cursor without repeating an event', async () => {
    const service = await openSessionFile(await fileOf());
    const seen: number[] = [];
    let cursor = '';
    for (let part = 0; part < 2; part += 1) {
      for await (const batch of service.connectSession('s', { cursor })) {
        for (const message of batch.messages) if (message.kind === 'event') seen.push(message.event.index);
        ({ cursor } = batch);
        if (part === 0 && seen.length > 0) break;
      }
    }
    assert.deepEqual(
      seen,
      LOG.map(({ index }) => index),
    );
  });

  it('is one row in the list of every graph, until the list is left', async () => {
    const service = await openSessionFile(await fileOf());
    const abort = new AbortController();
    for await (const messages of service.monitorSessions('any', { signal: abort.signal })) {
      assert.deepEqual(
        messages.map(({ kind }) => kind),
        ['snapshotStart', 'row', 'snapshotComplete', 'connection'],
      );
      const [row] = messages.flatMap((message) => (message.kind === 'row' ? [message.row] : []));
      assert.deepEqual({ ...row, ...SESSION }, row, 'as the header says');
      assert.deepEqual([row?.nodesTotal, row?.waitingSince], [1, 9], 'and as the events say');
      abort.abort();
    }
  });

  it('shows what a cut or damaged file has, and where it ends', async () => {
    const text = await (await fileOf()).text();
    const cut = await shown(await openSessionFile(new Blob([text.slice(0, text.length / 2)])));
    const { length } = cut.events;
    assert.ok(length > 1000 && length < 4000);
    assert.equal(cut.connection.error?.message, `The file ends after event ${length} of 5003.`);
    const lines = text.split('\n');
    lines[10] = '{';
    const damaged = await shown(await openSessionFile(new Blob([lines.join('\n')])));
    assert.equal(
      damaged.connection.error?.message,
      'Line 11 of the file cannot be read; it shows the 9 events before it.',
    );
    assert.equal(damaged.events.length, 9);
  });

  it('cannot be changed, and does not have other sessions', async () => {
    const service = await openSessionFile(await fileOf());
    assert.equal(service.capabilities.readOnly, true);
    for (const change of ['createSession', 'resumeSession', 'cancelSession', 'deleteSession'] as const) {
      assert.equal(await codeOf(() => service[change]()), 'read-only');
    }
    const other = async () => {
      for await (const _ of service.connectSession('t'));
    };
    assert.equal(await codeOf(other), 'session-not-found');
  });

  it('is refused when it is something else, newer or too large', async () => {
    assert.equal(await codeOf(() => openSessionFile(new Blob(['PK\u0003\u0004']))), 'not-a-session-file');
    assert.equal(await codeOf(() => openSessionFile(new Blob([new Uint8Array(5000)]))), 'not-a-session-file');
    assert.equal(await codeOf(() => openSessionFile(new Blob([]))), 'not-a-session-file');
    const large = new Blob(['x']);
    Object.defineProperty(large, 'size', { value: 600_000_000 });
    assert.equal(await codeOf(() => openSessionFile(large)), 'payload-too-large');
  });

  it('stops reading when it is aborted', async () => {
    const reason = new Error('left');
    const signal = AbortSignal.abort(reason);
    await assert.rejects(async () => openSessionFile(await fileOf(), { signal }), reason);
  });
});
