import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GraphRunEvent } from '../../../src/protocol/events.js';
import type { MonitorMessage } from '../../../src/protocol/stream/messages.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { sessionGone } from '../../../src/protocol/questions/refusals.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';
import { createConnection } from '../../../src/service/connection.js';
import type { SessionConnection } from '../../../src/service/graph-run-service.js';
import { pollList } from '../../../src/service/polled/poll-list.js';
import { pollSession } from '../../../src/service/polled/poll-session.js';
import { WakeUp } from '../../../src/service/polled/wake-up.js';
import { eventually, watch } from '../../support/watch.js';

const START: GraphRunEvent = { type: 'graphStart', sessionId: 's', index: 0 };
const END: GraphRunEvent = { type: 'graphComplete', sessionId: 's', index: 1 };
const unreachable = () => new GraphRunError('network', 'The server could not be reached.');

/** A session whose looks give these events, or fail, one after the other. */
function sessionOf(
  looks: readonly (readonly GraphRunEvent[] | Error)[],
  wakeUp = new WakeUp(),
): { connection: SessionConnection; count: () => number } {
  let count = 0;
  const connection = createConnection((context) =>
    pollSession(context, { pollMs: 60_000, wakeUp }, async function* (log) {
      const events = looks[Math.min(count, looks.length - 1)];
      count += 1;
      if (events === undefined || events instanceof Error) throw events;
      yield* log.publish({ events });
    }),
  );
  return { connection, count: () => count };
}

describe('a session of a backend without push', () => {
  it('is looked at again when something was changed, until it has ended', async () => {
    const wakeUp = new WakeUp();
    const { connection, count } = sessionOf([[START], [START], [START, END]], wakeUp);
    const seen = watch(connection);
    await eventually(() => seen.phases.includes('live'));
    wakeUp.wake();
    await eventually(() => count() === 2);
    wakeUp.wake();
    assert.equal(await seen.ended, undefined);
    assert.deepEqual(seen.events, [START, END]);
    assert.deepEqual(seen.phases, ['connecting', 'replaying', 'live', 'terminal']);
    assert.equal(count(), 3);
  });

  it('waits after a failure, says so, and continues where it was', async () => {
    const wakeUp = new WakeUp();
    const { connection } = sessionOf([[START], unreachable(), [START, END]], wakeUp);
    const seen = watch(connection);
    await eventually(() => seen.phases.includes('live'));
    wakeUp.wake();
    await eventually(() => seen.phases.includes('backoff'));
    assert.equal(seen.connection?.error?.code, 'network');
    connection.retryNow();
    assert.equal(await seen.ended, undefined);
    assert.deepEqual(seen.events, [START, END]);
  });

  it('gives up with the reason when it is gone, and at a defect of its adapter', async () => {
    for (const [thrown, code] of [
      [sessionGone(), 'session-gone'],
      [new TypeError('x is not a function'), 'internal'],
    ] as const) {
      const seen = watch(sessionOf([thrown]).connection);
      const error = await seen.ended;
      assert.ok(error instanceof GraphRunError, String(error));
      assert.equal(error.code, code);
      assert.deepEqual(seen.phases, ['connecting', 'failed']);
    }
  });
});

describe('a session that is deleted while it is read', () => {
  it('ends with a cancellation, not with an error', async () => {
    const wakeUp = new WakeUp();
    const { connection } = sessionOf([[START], sessionGone()], wakeUp);
    const seen = watch(connection);
    await eventually(() => seen.phases.includes('live'));
    wakeUp.wake();
    assert.equal(await seen.ended, undefined);
    assert.deepEqual(
      seen.events.map(({ type }) => type),
      ['graphStart', 'graphCancelled'],
    );
    assert.equal(seen.connection?.phase, 'terminal');
  });
});

describe('a list of a backend without push', () => {
  const row: SessionSummary = {
    sessionId: 's',
    status: 'suspended',
    createdAt: 1,
    updatedAt: 1,
    pendingInputs: 1,
  };

  it('gives its rows once, then what changes, and names its interval, which grows while nothing happens', async () => {
    const wakeUp = new WakeUp();
    let status = 'suspended';
    let looks = 0;
    const connection = createConnection((context) =>
      pollList(context, { pollMs: 1, wakeUp }, async function* (list) {
        looks += 1;
        yield list.publish([{ ...row, status }]);
      }),
    );
    const seen: MonitorMessage[] = [];
    for await (const messages of connection) {
      seen.push(...messages);
      const last = messages.at(-1);
      if (last?.kind === 'connection' && last.connection.pollMs === 5) {
        assert.ok(looks >= 5, `${looks} looks`);
        status = 'completed';
        wakeUp.wake();
      }
      if (last?.kind === 'row' && last.row.status === 'completed') break;
    }
    assert.deepEqual(
      seen.map((message) => (message.kind === 'connection' ? message.connection.pollMs : message.kind)),
      [undefined, 'snapshotStart', 'row', 'snapshotComplete', 1, 5, 'row'],
    );
  });
});
