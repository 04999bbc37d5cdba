import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionHistoryController } from '../../src/controller/session-history-controller.js';
import type { SessionSummary } from '../../src/protocol/session-summary.js';

function row(sessionId: string, status: string, origin?: string): SessionSummary {
  return {
    sessionId,
    status,
    createdAt: 1,
    updatedAt: 1,
    pendingInputs: 0,
    ...(origin === undefined ? {} : { rerunOf: { sessionId: origin } }),
  };
}

function listOf(...rows: readonly SessionSummary[]): SessionHistoryController {
  const history = new SessionHistoryController();
  history.apply(rows.map((each) => ({ kind: 'row', row: each })));
  return history;
}

describe('the session that solved a failed one', () => {
  it('is the rerun that has completed, over any number of reruns', () => {
    const history = listOf(row('a', 'failed'), row('b', 'failed', 'a'), row('c', 'running', 'b'));
    assert.equal(history.solverOf('a'), undefined);
    history.apply([{ kind: 'row', row: row('c', 'completed', 'b') }]);
    assert.deepEqual(
      [history.solverOf('a'), history.solverOf('b'), history.solverOf('c')],
      ['c', 'c', undefined],
    );
  });

  it('is the one that is left when the first one is deleted', () => {
    const history = listOf(row('a', 'failed'), row('b', 'completed', 'a'), row('c', 'completed', 'a'));
    assert.equal(history.solverOf('a'), 'b');
    history.apply([{ kind: 'deleted', sessionId: 'b' }]);
    assert.equal(history.solverOf('a'), 'c');
    history.apply([{ kind: 'deleted', sessionId: 'c' }]);
    assert.equal(history.solverOf('a'), undefined);
  });

  it('is found although sessions name each other in a circle, and forgotten with the graph', () => {
    const history = listOf(row('a', 'completed', 'b'), row('b', 'completed', 'a'));
    assert.deepEqual([history.solverOf('a'), history.solverOf('b')], ['b', 'a']);
    history.setGraph('other');
    assert.equal(history.solverOf('a'), undefined);
  });
});
