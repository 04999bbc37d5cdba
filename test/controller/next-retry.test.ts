import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lostSince, nextRetry } from '../../src/controller/next-retry.js';
import { RunController } from '../../src/controller/run/run-controller.js';
import type { ConnectionState } from '../../src/protocol/stream/messages.js';

const waiting = (retryAtMs?: number): ConnectionState => ({
  phase: 'backoff',
  attempt: 1,
  ...(retryAtMs === undefined ? {} : { retryAtMs }),
});
const live: ConnectionState = { phase: 'live', attempt: 0 };

describe('the retry that a list and its session show together', () => {
  it('is the earlier one', () => {
    assert.equal(nextRetry(waiting(7000), () => [waiting(4000)]).retryAtMs, 4000);
    assert.equal(nextRetry(waiting(4000), () => [waiting(7000)]).retryAtMs, 4000);
    assert.equal(nextRetry(waiting(4000), () => [waiting()]).retryAtMs, undefined);
  });

  it('is that of the list when the session does not wait, and none when the list does not', () => {
    assert.equal(nextRetry(waiting(7000), () => [live]).retryAtMs, 7000);
    assert.equal(
      nextRetry(live, () => [waiting(4000)]),
      live,
    );
    assert.equal(
      nextRetry(undefined, () => [waiting(4000)]),
      undefined,
    );
  });
});

describe('the time at which a connection was lost', () => {
  it('is kept from the loss until it is live again', () => {
    let lost = lostSince(undefined, 'live', 'backoff', 1000);
    assert.equal(lost, 1000);
    lost = lostSince(lost, 'backoff', 'connecting', 2000);
    lost = lostSince(lost, 'connecting', 'replaying', 3000);
    assert.equal(lost, 1000);
    assert.equal(lostSince(lost, 'replaying', 'live', 4000), undefined);
  });

  it('is unknown for one that was never live, and for one that has ended', () => {
    assert.equal(lostSince(undefined, 'connecting', 'backoff', 1000), undefined);
    assert.equal(lostSince(1000, 'backoff', 'terminal', 2000), undefined);
  });

  it('belongs to the session that is watched', () => {
    const run = new RunController();
    run.open('a');
    run.setConnection(live);
    run.setConnection(waiting(9));
    assert.ok((run.lostMs ?? 0) > 0);
    run.open('b');
    assert.equal(run.lostMs, undefined);
    run.setConnection(waiting(9));
    assert.equal(run.lostMs, undefined);
  });
});
