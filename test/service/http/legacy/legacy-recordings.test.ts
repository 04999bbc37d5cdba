import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { isTerminalEvent, type GraphRunEvent } from '../../../../src/protocol/events.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';
import { HttpGraphRunService } from '../../../../src/service/http/http-graph-run-service.js';
import { FakeEnvironment } from '../../../support/fake-environment.js';
import { follow } from '../../../support/follow.js';
import { originFrames } from '../../../support/origin-format.js';
import { contentOf } from '../../../support/origin-runs.js';
import { OriginServer, type OriginServerOptions } from '../../../support/origin-server.js';
import type { OriginEvent } from '../../../support/origin-session.js';

const DIRECTORY = new URL('../../../fixtures/origin/', import.meta.url);
const UNLOGGED = new Set(['thoughtEvent', 'graphCancelled']);
const STATUSES: Readonly<Record<string, string>> = { graphComplete: 'completed', graphError: 'failed' };

/** A recorded stream and the session behind it. */
interface Recording {
  readonly name: string;
  readonly bytes: Buffer;
  /** The events of the stream, in order, without the marker. */
  readonly events: readonly OriginEvent[];
  readonly log: readonly OriginEvent[];
  readonly status: string;
}

function read(name: string): Buffer {
  return readFileSync(new URL(name, DIRECTORY));
}

function eventsOf(bytes: Buffer): readonly OriginEvent[] {
  return originFrames(bytes.toString())
    .filter(({ event, data }) => event === 'event' && data['type'] !== 'replayComplete')
    .map(({ data: { index: _index, ...content } }) => content as OriginEvent);
}

/** The rest of a recording that was cut is in another one. */
const TRUTHS: Readonly<Record<string, string>> = {
  'reconnect-once.first.sse': 'reconnect-once.truth.sse',
  'thoughts-drift.first.sse': 'thoughts-drift.truth.sse',
};

function recordingOf(name: string): Recording {
  const bytes = read(name);
  const events = eventsOf(bytes);
  const log = eventsOf(read(TRUTHS[name] ?? name)).filter(({ type }) => !UNLOGGED.has(type));
  const status = STATUSES[log.at(-1)?.type ?? ''] ?? 'cancelled';
  return { name, bytes, events, log, status };
}

const NAMES = readdirSync(DIRECTORY).filter((name) => name.endsWith('.sse'));
// Recordings with a cursor are for the emulator; lists have tests of their own.
const OTHERS = /\.(after-?\d+|second|lasteventid)\.sse$|monitor(?!\.live)/;
const RECORDINGS = NAMES.filter((name) => !OTHERS.test(name)).map(recordingOf);

async function startOrigin(t: TestContext, options: OriginServerOptions): Promise<OriginServer> {
  const server = await OriginServer.start(options);
  t.after(() => server.close());
  return server;
}

function addSession(server: OriginServer, { log, status }: Recording): string {
  const session = server.addSession();
  session.log.push(...log);
  session.status = status;
  session.close();
  return session.sessionId;
}

function expectWhole(events: readonly GraphRunEvent[], { name, log }: Recording): void {
  const logged = events.filter(({ synthetic, type }) => synthetic !== true && !UNLOGGED.has(type));
  assert.deepEqual(logged.map(contentOf), log, name);
  assert.equal(events.findIndex(isTerminalEvent), events.length - 1, `${name}: one end, and it comes last`);
  assert.deepEqual(
    events.map(({ index }) => index),
    events.map((_, index) => index),
  );
}

/** Returns the offsets of the end of every frame, and of the middle of every other one. */
function cutsOf({ bytes }: Recording): readonly number[] {
  const cuts: number[] = [];
  for (let at = bytes.indexOf('\r\n\r\n'); at >= 0; at = bytes.indexOf('\r\n\r\n', at + 1)) {
    cuts.push(at + 4, Math.floor((at + (cuts.at(-1) ?? 0)) / 2));
  }
  return cuts;
}

describe('recordings of an older server', () => {
  let cutCount = 0;

  it('the emulator sends the recorded bytes, with any cursor', async (t) => {
    const server = await startOrigin(t, {});
    const live = originFrames(read('after-on-finished.live.sse').toString());
    const session = server.addSession('g', String(live[0]?.data['sessionId']));
    session.log.push(...eventsOf(read('after-on-finished.live.sse')));
    session.close();
    for (const name of NAMES.filter((candidate) => candidate.startsWith('after-on-finished.after'))) {
      const [, cursor = ''] = /after(-?\d+)\.sse$/.exec(name) ?? [];
      const response = await fetch(`${server.baseUrl}/${session.sessionId}?after=${cursor}`);
      assert.equal(await response.text(), read(name).toString(), name);
    }
  });

  for (const recording of RECORDINGS) {
    it(`X2 ${recording.name}: as it was recorded`, async (t) => {
      const server = await startOrigin(t, {
        recording: (connection) => (connection === 0 ? recording.bytes : undefined),
      });
      const sessionId = addSession(server, recording);
      const environment = new FakeEnvironment();
      const service = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
      const { events } = await follow(service, environment, sessionId);
      expectWhole(events, recording);
      const isDelivered = (type: string) =>
        events.some((event) => event.type === type && event.synthetic !== true);
      for (const { type } of recording.events) assert.ok(isDelivered(type), `${type} was delivered`);
      assert.ok(server.requests.length <= 4, server.requests.join(', '));
      assert.ok(server.requests.every((request) => !/after=(?!-1&)/.test(request)));
      assert.equal(environment.timerCount + environment.listenerCount, 0);
    });

    it(`X2 C1 ${recording.name}: cut at and within every frame`, async (t) => {
      let cut = 0;
      const server = await startOrigin(t, {
        recording: (connection) => (connection === 0 ? recording.bytes : undefined),
        cut: (connection) => (connection === 0 ? cut : undefined),
      });
      for (cut of cutsOf(recording)) {
        const environment = new FakeEnvironment();
        const service = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
        const { events } = await follow(service, environment, addSession(server, recording));
        expectWhole(events, recording);
        cutCount += 1;
      }
    });
  }

  for (const name of ['webpage-thoughts.live.sse', 'cancel.live.sse']) {
    it(`X2 C1 ${name}: cut at every byte`, async (t) => {
      const recording = recordingOf(name);
      let cut = 0;
      const server = await startOrigin(t, {
        recording: (connection) => (connection === 0 ? recording.bytes : undefined),
        cut: (connection) => (connection === 0 ? cut : undefined),
      });
      for (cut = 1; cut <= recording.bytes.length; cut += 1) {
        const environment = new FakeEnvironment();
        const service = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
        const { events } = await follow(service, environment, addSession(server, recording));
        expectWhole(events, recording);
        cutCount += 1;
      }
    });
  }

  it('X2 C1 has cut every recording', (t) => {
    t.diagnostic(`${cutCount} cuts of ${RECORDINGS.length} recordings`);
    assert.ok(RECORDINGS.length >= 36 && cutCount > 3000);
  });

  it('X2 the questions of recorded runs are answered by the events that follow them', async (t) => {
    const recording = recordingOf('two-inputs.live.sse');
    const server = await startOrigin(t, {});
    const environment = new FakeEnvironment();
    const service = new HttpGraphRunService({ baseUrl: server.baseUrl, environment });
    const { events } = await follow(service, environment, addSession(server, recording));
    const asked = events
      .filter((event) => event.type === 'inputRequired')
      .map((event) => event.interactionId);
    const answered = events
      .filter((event) => event.type === 'inputResolved')
      .map((event) => event.interactionId);
    assert.equal(asked.length, 2);
    assert.deepEqual(answered, asked);
    const types = events.map((event) => (event as unknown as JsonObject)['type']);
    assert.equal(types[types.indexOf('inputResolved') + 1], 'nodeEnd');
  });
});
