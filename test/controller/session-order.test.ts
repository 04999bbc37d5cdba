import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SessionHistoryController } from '../../src/controller/session-history-controller.js';
import { parseFilter } from '../../src/controller/session-filter.js';
import { sinceStart } from '../../src/controller/since-filter.js';
import type { SessionSummary } from '../../src/protocol/session-summary.js';

function row(sessionId: string, createdAt: number, more: Partial<SessionSummary> = {}): SessionSummary {
  return { sessionId, status: 'completed', createdAt, updatedAt: createdAt, pendingInputs: 0, ...more };
}

function listOf(...rows: readonly SessionSummary[]): SessionHistoryController {
  const history = new SessionHistoryController();
  history.apply(rows.map((each) => ({ kind: 'row', row: each })));
  return history;
}

describe('the order of the list', () => {
  it('is newest first, or longest first: pinned ones on top, then those that still run', () => {
    const history = listOf(
      row('short', 400, { endedAt: 401 }),
      row('long', 100, { endedAt: 190 }),
      row('running', 300, { status: 'running' }),
      row('pinned', 50, { endedAt: 51, pinned: true }),
    );
    assert.deepEqual(history.sessionIds, ['pinned', 'short', 'running', 'long']);
    history.setOrder('longest');
    assert.deepEqual(history.matchingIds, ['pinned', 'running', 'long', 'short']);
    history.apply([{ kind: 'row', row: row('running', 300, { endedAt: 310 }) }]);
    assert.deepEqual(history.matchingIds, ['pinned', 'long', 'running', 'short']);
    history.setOrder('newest');
    assert.deepEqual(history.matchingIds, ['pinned', 'short', 'running', 'long']);
  });

  it('is most expensive first: by cost, then by tokens, then newest first', () => {
    const history = listOf(
      row('free', 500),
      row('cheap', 400, { usage: { costUsd: 0.01, inputTokens: 90_000 } }),
      row('dear', 100, { usage: { costUsd: 2 } }),
      row('tokens', 200, { usage: { inputTokens: 10, outputTokens: 5 } }),
      row('more tokens', 100, { usage: { inputTokens: 16 } }),
    );
    history.setOrder('costliest');
    assert.deepEqual(history.matchingIds, ['dear', 'cheap', 'more tokens', 'tokens', 'free']);
    history.apply([{ kind: 'row', row: row('free', 500, { usage: { costUsd: 3 } }) }]);
    assert.deepEqual(history.matchingIds, ['free', 'dear', 'cheap', 'more tokens', 'tokens']);
  });

  it('holds in a filtered list', () => {
    const history = listOf(
      row('a', 2, { endedAt: 3 }),
      row('b', 1, { endedAt: 9 }),
      row('c', 3, { status: 'failed' }),
    );
    history.setFilter({ status: 'completed', text: '' });
    history.setOrder('longest');
    assert.deepEqual(history.matchingIds, ['b', 'a']);
  });
});

describe('a list since a time', () => {
  it('has the sessions from the start of a day on, and counts only those', () => {
    const nowMs = new Date(2026, 10, 29, 15).getTime();
    const startOf = (since: string) => new Date((sinceStart(since, nowMs) ?? 0) * 1000).toDateString();
    assert.equal(startOf('today'), 'Sun Nov 29 2026');
    assert.equal(startOf('7-days'), 'Mon Nov 23 2026');
    assert.equal(startOf('2026-01-02'), 'Fri Jan 02 2026');
    const now = Date.now() / 1000;
    const history = listOf(row('new', now), row('old', now - 40 * 86_400));
    history.setFilter({ status: 'all', text: '', since: '30-days' });
    assert.deepEqual([history.matchingIds, history.foundCounts.total], [['new'], 1]);
    history.apply([{ kind: 'row', row: row('older', now - 50 * 86_400) }]);
    assert.deepEqual(history.matchingIds, ['new']);
  });

  it('is remembered only if it is a time', () => {
    assert.deepEqual(parseFilter('{"status":"all","text":"","since":"7-days"}'), {
      status: 'all',
      text: '',
      since: '7-days',
    });
    for (const since of ['"yesterday"', '3', '"__proto__"', 'null']) {
      assert.deepEqual(parseFilter(`{"status":"all","text":"","since":${since}}`), {
        status: 'all',
        text: '',
      });
    }
  });
});

describe('the search', () => {
  it('finds error texts, the current node and the failed one', () => {
    const history = listOf(
      row('a', 1, { status: 'failed', error: '503 from the library', failedNode: 'Sources' }),
      row('b', 2, { status: 'running', currentNode: 'Cover', otherNode: 'Essay' }),
    );
    const found = (text: string) => {
      history.setFilter({ status: 'all', text });
      return history.matchingIds;
    };
    assert.deepEqual(
      [found('library'), found('sources'), found('cover'), found('essay')],
      [['a'], ['a'], ['b'], ['b']],
    );
  });
});
