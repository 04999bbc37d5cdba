import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import type { RunningServer } from '../../../src/server/index.js';
import { FAULT_RUNS } from '../../support/fault-runs.js';
import { runThroughCuts, type CutRun, type RecordedCut } from '../../support/recorded-fetch.js';
import {
  baseUrlOf,
  finishedSession,
  recordStreams,
  startTestServer,
  type Recording,
} from '../../support/recorded-session.js';

const KINDS = ['clean', 'reset', 'halfOpen'] as const;

/** Waits for the end of a run, and checks that the whole log came once and nothing stayed behind. */
async function endsWithLog(run: CutRun, log: readonly GraphRunEvent[], what: string): Promise<void> {
  const error = await run.ended;
  assert.equal(error, undefined, what);
  assert.deepEqual(run.events, log, what);
  assert.equal(run.messages.filter(({ kind }) => kind === 'start').length, 1, `${what}: one start`);
  assert.deepEqual(
    run.cursors.map((cursor, position) => cursor >= (run.cursors[position - 1] ?? -1)),
    run.cursors.map(() => true),
    `${what}: the cursor never goes back`,
  );
  const { timerCount, listenerCount } = run.environment;
  assert.deepEqual([timerCount, listenerCount], [0, 0], `${what}: timers and listeners left`);
}

describe('a session whose connection is cut (answers recorded from the real server, without sockets)', () => {
  let server: RunningServer;
  let log: readonly GraphRunEvent[];
  let recording: Recording;
  let length: number;
  before(async () => {
    server = await startTestServer();
    const baseUrl = baseUrlOf(server);
    const session = await finishedSession(new HttpGraphRunService({ baseUrl }));
    ({ log } = session);
    recording = await recordStreams(baseUrl, session.sessionId, log);
    length = recording.get(-1)?.length ?? 0;
  });
  after(() => server.close());

  it('the run has two answered questions and 12 events', () => {
    assert.equal(log.length, 12);
    assert.equal(log.filter(({ type }) => type === 'inputResolved').length, 2);
  });

  for (const kind of KINDS) {
    it(`C1 cut at every byte (${kind}): exactly the log`, async (test) => {
      for (let bytes = 0; bytes <= length; bytes += 1) {
        await endsWithLog(runThroughCuts(recording, [{ bytes, kind }]), log, `${kind} after ${bytes} bytes`);
      }
      test.diagnostic(`${length + 1} cuts`);
    });
  }

  it('C1 P1 byte by byte, and cut at every 16th byte: exactly the log', async (test) => {
    let count = 0;
    for (let bytes = 0; bytes <= length; bytes += 16) {
      const cut: RecordedCut = { bytes, kind: KINDS[count % 3] ?? 'clean', sliceBytes: 1 };
      await endsWithLog(runThroughCuts(recording, [cut]), log, `slices, ${cut.kind} after ${bytes} bytes`);
      count += 1;
    }
    test.diagnostic(`${count} cuts`);
  });

  it('C2 two cuts, at every 60th byte of the first and the second connection: exactly the log', async (test) => {
    let count = 0;
    for (let first = 0; first <= length; first += 60) {
      for (let second = 0; second <= length; second += 60) {
        const [one, two] = [KINDS[count % 3] ?? 'clean', KINDS[(count >> 2) % 3] ?? 'clean'];
        const run = runThroughCuts(recording, [
          { bytes: first, kind: one },
          { bytes: second, kind: two },
        ]);
        await endsWithLog(run, log, `${one} after ${first}, ${two} after ${second}`);
        count += run.cursors.length - 1;
      }
    }
    test.diagnostic(`${count} cuts`);
  });

  it('C2 any number of cuts anywhere: exactly the log', { timeout: 600_000 }, async (test) => {
    const cut: fc.Arbitrary<RecordedCut> = fc.record({
      // Many short connections: a run has as many cuts as it takes to get through.
      bytes: fc.oneof(fc.nat(length + 100), fc.nat(600)),
      kind: fc.constantFrom(...KINDS),
      sliceBytes: fc.oneof(fc.constantFrom(1, 7), fc.integer({ min: 1, max: 5000 })),
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 20 }), async (cuts) => {
        const run = runThroughCuts(recording, cuts);
        await endsWithLog(run, log, JSON.stringify(cuts));
        count += run.cursors.length - 1;
      }),
      { numRuns: FAULT_RUNS },
    );
    test.diagnostic(`${FAULT_RUNS} seeds, ${count} cuts`);
  });
});
