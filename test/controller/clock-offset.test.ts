import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClockOffset } from '../../src/controller/clock-offset.js';
import { RunController } from '../../src/controller/run/run-controller.js';
import { SessionHistoryController } from '../../src/controller/session-history-controller.js';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import type { SessionSummary } from '../../src/protocol/session-summary.js';

const HOUR_MS = 3_600_000;

/** Asserts a difference, give or take the time that the test takes. */
function assertAbout(ms: number, expected: number): void {
  assert.ok(Math.abs(ms - expected) < 2000, `${ms} ms`);
}

describe('the offset of a wrong clock', () => {
  for (const skewMs of [2 * HOUR_MS, -2 * HOUR_MS, 600_000]) {
    it(`is learned from live messages, the fastest of them: ${skewMs} ms`, () => {
      const offset = new ClockOffset();
      const serverNow = () => Date.now() - skewMs;
      offset.learn(serverNow() - 40_000);
      offset.learn(serverNow());
      offset.learn(serverNow() - 20_000);
      assertAbout(offset.ms, skewMs);
    });

    it(`follows a clock that is corrected: ${skewMs} ms`, () => {
      const offset = new ClockOffset();
      offset.learn(Date.now() - skewMs);
      for (let round = 0; round < 8; round += 1) offset.learn(Date.now());
      assert.equal(offset.ms, 0);
    });
  }

  it('is not the delay of messages', () => {
    const offset = new ClockOffset();
    offset.learn(Date.now() - 3000);
    assert.equal(offset.ms, 0);
  });

  const thought = (index: number, ts: number): { kind: 'event'; event: GraphRunEvent } => ({
    kind: 'event',
    event: { type: 'thoughtEvent', nodeId: 'a', text: 'x', index, ts },
  });

  it('is not learned from replayed events, neither at first nor after a reconnect', () => {
    const run = new RunController();
    run.open('s');
    const past = Date.now() - 9 * HOUR_MS;
    run.apply([
      { kind: 'start', replayTotal: 2 },
      thought(0, past),
      thought(1, past),
      { kind: 'replayComplete' },
    ]);
    assert.equal(run.clockOffsetMs, 0);
    run.apply([{ kind: 'start', replayTotal: 1 }, thought(2, past)]);
    assert.equal(run.clockOffsetMs, 0);
    run.apply([{ kind: 'replayComplete' }]);
    run.apply([thought(3, Date.now() - 2 * HOUR_MS)]);
    assertAbout(run.clockOffsetMs, 2 * HOUR_MS);
  });

  it('is learned from rows that change now, not from a snapshot, an old row or a new title', () => {
    const history = new SessionHistoryController();
    history.setGraph('g');
    const row = (sessionId: string, updatedMs: number): { kind: 'row'; row: SessionSummary } => ({
      kind: 'row',
      row: {
        sessionId,
        status: 'running',
        createdAt: updatedMs / 1000,
        updatedAt: updatedMs / 1000,
        pendingInputs: 0,
      },
    });
    const serverNow = Date.now() - 2 * HOUR_MS;
    history.apply([
      { kind: 'snapshotStart' },
      row('a', serverNow - HOUR_MS),
      row('b', serverNow - 2 * HOUR_MS),
      { kind: 'snapshotComplete', isTruncated: false },
    ]);
    history.apply([row('a', serverNow - HOUR_MS), row('old', serverNow - 5 * HOUR_MS)]);
    assert.equal(history.clockOffsetMs, 0);
    history.apply([row('b', serverNow)]);
    assertAbout(history.clockOffsetMs, 2 * HOUR_MS);
  });

  it('is what a connection says, before anything happens', () => {
    const connection = { phase: 'live', attempt: 0, clockAheadMs: -600_000 } as const;
    const run = new RunController();
    run.open('s');
    run.apply([{ kind: 'connection', connection }]);
    assert.equal(run.clockOffsetMs, -600_000);
    run.apply([{ kind: 'connection', connection: { phase: 'backoff', attempt: 1 } }]);
    assert.equal(run.clockOffsetMs, -600_000);
    const history = new SessionHistoryController();
    history.setGraph('g');
    history.apply([{ kind: 'connection', connection }]);
    assert.equal(history.clockOffsetMs, -600_000);
    history.apply([{ kind: 'connection', connection: { ...connection, clockAheadMs: 3000 } }]);
    assert.equal(history.clockOffsetMs, 0);
  });

  it('follows a clock that is set back at once, and one that is set forward with the next message', (t) => {
    const { now } = Date;
    let setMs = 0;
    t.mock.method(Date, 'now', () => now() + setMs);
    const offset = new ClockOffset();
    offset.learn(now());
    for (let round = 0; round < 8; round += 1) offset.learn(now());
    setMs = -600_000;
    assertAbout(offset.ms, -600_000);
    offset.learn(now());
    assertAbout(offset.ms, -600_000);
    setMs = 600_000;
    offset.learn(now());
    assertAbout(offset.ms, 600_000);
  });
});
