import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SCENARIO_GRAPHS } from '../../../src/conformance/scenarios.js';
import { readSession } from '../../../src/conformance/watching.js';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import type { RunningServer } from '../../../src/server/index.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FaultProxy, type ConnectionScript, type CutKind } from '../../support/fault-proxy.js';
import { IS_EXHAUSTIVE } from '../../support/fault-runs.js';
import {
  answerQuestion,
  baseUrlOf,
  finishedSession,
  startTestServer,
} from '../../support/recorded-session.js';
import { watch } from '../../support/watch.js';

const KINDS: readonly CutKind[] = ['clean', 'reset', 'halfOpen'];
/** Number of concurrent runs; more would only wait for each other's sockets. */
const PARALLEL = 8;

const everyOffset = (length: number, step: number) =>
  Array.from({ length: Math.ceil(length / step) }, (_, count) => count * step);

describe('a session whose connection is cut (real server, real sockets)', () => {
  let server: RunningServer;
  let proxy: FaultProxy;
  let direct: HttpGraphRunService;
  const environments = new Map<string, FakeEnvironment>();
  /** The fault of the first connection of each run. */
  const scripts = new Map<string, ConnectionScript>();
  const runOf = (target: string) => new URL(target, 'http://x').searchParams.get('run') ?? '';

  before(async () => {
    server = await startTestServer({ limits: { streamsPerSession: 10_000 } });
    direct = new HttpGraphRunService({ baseUrl: baseUrlOf(server) });
    proxy = await FaultProxy.start(server.port);
    proxy.script = ({ target }) => {
      const script = scripts.get(runOf(target)) ?? {};
      scripts.delete(runOf(target));
      return script;
    };
    proxy.onCut = ({ target }) => {
      // Time passes only now: the client has read all that came through, and gets nothing more.
      setImmediate(() => void environments.get(runOf(target))?.advance(60_000));
    };
  });
  after(async () => {
    await proxy.close();
    await server.close();
  });

  /** Watches a session through the proxy; `script` is the fault of the first connection. */
  function watchThrough(
    sessionId: string,
    script: ConnectionScript,
    onMessage?: (message: SessionMessage) => void,
  ) {
    const run = crypto.randomUUID();
    const environment = new FakeEnvironment();
    environments.set(run, environment);
    scripts.set(run, script);
    const service = new HttpGraphRunService({
      baseUrl: baseUrlOf(proxy),
      environment,
      fetch: (input, init) => fetch(`${String(input)}&run=${run}`, init),
    });
    return watch(service.connectSession(sessionId), (message) => {
      onMessage?.(message);
      if (message.kind !== 'connection' || message.connection.phase !== 'backoff') return;
      const ms = (message.connection.retryAtMs ?? 0) - environment.wallNow();
      setImmediate(() => void environment.advance(ms));
    });
  }

  /** Calls `run` for these offsets, several of them concurrently. */
  async function forEachOffset(
    offsets: readonly number[],
    run: (bytes: number) => Promise<void>,
  ): Promise<void> {
    const queue = [...offsets];
    const worker = async () => {
      for (let bytes = queue.pop(); bytes !== undefined; bytes = queue.pop()) await run(bytes);
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  }

  /** Returns the size in bytes of the whole answer to a connection from the beginning, with its headers. */
  async function answerLength(sessionId: string): Promise<number> {
    const { ended } = watchThrough(sessionId, {});
    assert.equal(await ended, undefined);
    const bytes = proxy.connections.at(-1)?.bytesReceived ?? 0;
    assert.ok(bytes > 3000, `${bytes} bytes`);
    return bytes;
  }

  /** Returns some of all offsets, so that a test does not take too long on a busy machine. */
  const PARTS = 4;

  /** Cuts one part of the answer at regular intervals of bytes, with these kinds of cut in turn. */
  async function cutsAt(step: number, kinds: readonly CutKind[], part: number): Promise<number> {
    const { sessionId, log } = await finishedSession(direct);
    const partLength = Math.ceil((await answerLength(sessionId)) / PARTS);
    const offsets = everyOffset(partLength, step).map((bytes) => bytes + part * partLength);
    await forEachOffset(offsets, async (cutAfter) => {
      const cut = kinds[Math.floor(cutAfter / step) % kinds.length] ?? 'clean';
      const watched = watchThrough(sessionId, { cutAfter, cut });
      assert.equal(await watched.ended, undefined, `${cut} after ${cutAfter} bytes`);
      assert.deepEqual(watched.events, log, `${cut} after ${cutAfter} bytes`);
    });
    return offsets.length;
  }

  const rows: readonly (readonly [string, number, readonly CutKind[]])[] = IS_EXHAUSTIVE
    ? KINDS.map((kind) => [`every byte (${kind})`, 1, [kind]] as const)
    : [
        ['every 4th byte (clean and reset in turn)', 4, ['clean', 'reset']],
        ['every 16th byte (half-open)', 16, ['halfOpen']],
      ];
  for (const [where, step, kinds] of rows) {
    for (let part = 0; part < PARTS; part += 1) {
      const name = `C1 cut at ${where} of the answer with its headers, part ${part + 1} of ${PARTS}: exactly the log`;
      it(name, async (test) => {
        test.diagnostic(`${await cutsAt(step, kinds, part)} cuts`);
      });
    }
  }

  it('C1 P1 byte by byte, and cut: exactly the log', async () => {
    const { sessionId, log } = await finishedSession(direct);
    const length = await answerLength(sessionId);
    await forEachOffset(everyOffset(length, 437), async (cutAfter) => {
      const watched = watchThrough(sessionId, { cutAfter, sliceBytes: 1 });
      assert.equal(await watched.ended, undefined);
      assert.deepEqual(watched.events, log);
    });
  });

  it('C1 C2 cut while the run is in progress, and the person answers meanwhile: exactly the log', async (test) => {
    const total = IS_EXHAUSTIVE ? 1000 : 60;
    let count = 0;
    await forEachOffset(everyOffset(total, 1), async (number) => {
      const { sessionId } = await direct.createSession({
        graphId: 'live',
        graph: SCENARIO_GRAPHS.twoQuestions,
      });
      const answers: Promise<void>[] = [];
      const answered = new Set<number>();
      const onMessage = (message: SessionMessage) => {
        if (message.kind === 'connection' && message.connection.phase === 'backoff') {
          scripts.set(run, scriptOf((count += 1)));
        }
        if (message.kind !== 'event' && message.kind !== 'redelivered') return;
        const { event } = message;
        if (event.type !== 'inputRequired' || answered.has(event.index)) return;
        answered.add(event.index);
        answers.push(answerQuestion(direct, sessionId, event));
      };
      // Every connection is cut, each a little later than the one before, so that the run makes progress.
      const scriptOf = (attempt: number): ConnectionScript => ({
        cutAfter: 400 + ((number * 53 + attempt * 397) % 2600),
        cut: KINDS[(number + attempt) % 3] ?? 'clean',
      });
      const watched = watchThrough(sessionId, scriptOf(0), onMessage);
      const run = [...environments.keys()].at(-1) ?? '';
      assert.equal(await watched.ended, undefined);
      await Promise.all(answers);
      const { events } = await readSession(direct, sessionId);
      assert.deepEqual(watched.events, events as readonly GraphRunEvent[]);
      assert.equal(events.at(-1)?.type, 'graphComplete');
      await direct.deleteSession(sessionId);
    });
    test.diagnostic(`${total} runs, ${count} cuts`);
    assert.ok(count >= total / 2, `${count} cuts`);
  });
});
