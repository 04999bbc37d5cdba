import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Signal } from 'signal-polyfill';
import { needsInput } from '../../src/controller/session-filter.js';
import { SessionHistoryController } from '../../src/controller/session-history-controller.js';
import type { MonitorMessage } from '../../src/protocol/stream/messages.js';
import type { SessionSummary } from '../../src/protocol/session-summary.js';

function row(sessionId: string, change: Partial<SessionSummary> = {}): SessionSummary {
  return { sessionId, status: 'running', createdAt: 1, updatedAt: 1, pendingInputs: 0, ...change };
}

function rowMessage(sessionId: string, change?: Partial<SessionSummary>): MonitorMessage {
  return { kind: 'row', row: row(sessionId, change) };
}

function snapshot(...ids: string[]): MonitorMessage[] {
  return [
    { kind: 'snapshotStart' },
    ...ids.map((id) => rowMessage(id)),
    { kind: 'snapshotComplete', isTruncated: false },
  ];
}

function withSessions(...ids: string[]): SessionHistoryController {
  const history = new SessionHistoryController();
  history.setGraph('g');
  history.apply(snapshot(...ids));
  return history;
}

describe('SessionHistoryController', () => {
  it('M2 sessions deleted while offline disappear when the snapshot is complete, not before', () => {
    const history = withSessions('a', 'b', 'c');
    history.apply([{ kind: 'snapshotStart' }, rowMessage('a')]);
    assert.equal(history.sessionIds.length, 3);
    history.apply([{ kind: 'snapshotComplete', isTruncated: false }]);
    assert.deepEqual(history.sessionIds, ['a']);
    assert.deepEqual(history.counts, { running: 1 });
  });

  it('M2 a row before a snapshot in the same batch disappears when the snapshot lacks it', () => {
    const history = withSessions('a');
    history.apply([rowMessage('a'), rowMessage('new'), ...snapshot('b')]);
    assert.deepEqual(history.sessionIds, ['b']);
    assert.deepEqual(history.counts, { running: 1 });
  });

  it('M2 an undone deletion does not restore a session that was deleted elsewhere while offline', () => {
    const history = withSessions('a', 'b', 'old');
    const sessions = ['a', 'b', 'old'].flatMap((id) => history.getSession(id) ?? []);
    history.addDeletion({ id: 1, sessions, dueMs: 0 });
    history.apply([
      { kind: 'snapshotStart' },
      rowMessage('b'),
      { kind: 'snapshotComplete', isTruncated: true, oldestCreatedAt: 1 },
    ]);
    history.endDeletion(1);
    assert.deepEqual(history.sessionIds, ['b']);
  });

  it('M2 a session created here that was deleted before the response arrived is not added', () => {
    const history = withSessions('a');
    history.apply([rowMessage('b'), { kind: 'deleted', sessionId: 'b' }]);
    history.add(row('b'));
    assert.deepEqual(history.sessionIds, ['a']);
  });

  it('M4 a truncated snapshot says nothing about older sessions', () => {
    const history = new SessionHistoryController();
    history.setGraph('g');
    history.apply([
      { kind: 'snapshotStart' },
      rowMessage('old', { createdAt: 1 }),
      rowMessage('gone', { createdAt: 6 }),
      { kind: 'snapshotComplete', isTruncated: false },
    ]);
    history.apply([
      { kind: 'snapshotStart' },
      rowMessage('new', { createdAt: 9 }),
      { kind: 'snapshotComplete', isTruncated: true, oldestCreatedAt: 5 },
    ]);
    assert.deepEqual(history.sessionIds, ['new', 'old']);
  });

  it('M7 another graph drops everything of the previous one', () => {
    const history = withSessions('a');
    history.setActive('a');
    history.setOperation('a', { kind: 'cancel' });
    history.setGraph('other');
    assert.deepEqual(history.sessionIds, []);
    assert.equal(history.activeSessionId, undefined);
    assert.equal(history.isLoaded, false);
    assert.deepEqual(history.counts, {});
    assert.equal(history.operationOf('a'), undefined);
  });

  it('a row sent before a deletion cannot restore the session', () => {
    const history = withSessions('a');
    history.remove('a');
    history.apply([rowMessage('a', { status: 'cancelled' })]);
    assert.deepEqual(history.sessionIds, []);
  });

  it('a deleted session that a later connection lists was restored on the server, and is shown again', () => {
    const history = withSessions('a');
    history.remove('a');
    history.apply([
      { kind: 'connection', connection: { phase: 'connecting', attempt: 0 } },
      ...snapshot('a'),
    ]);
    assert.deepEqual(history.sessionIds, ['a']);
  });

  it('a session created here outlives the one snapshot that may be older than it', () => {
    const history = new SessionHistoryController();
    history.setGraph('g');
    history.add(row('mine'));
    history.apply(snapshot('other'));
    assert.deepEqual([...history.sessionIds].sort(), ['mine', 'other']);
    history.apply(snapshot('other'));
    assert.deepEqual(history.sessionIds, ['other']);
  });

  it('a session created here during a snapshot outlives it', () => {
    const history = new SessionHistoryController();
    history.setGraph('g');
    history.apply([{ kind: 'snapshotStart' }]);
    history.add(row('mine'));
    history.apply([{ kind: 'snapshotComplete', isTruncated: false }]);
    assert.deepEqual(history.sessionIds, ['mine']);
  });

  it('a session created here is removed by the first snapshot without it once it was listed', () => {
    const history = withSessions();
    history.add(row('mine'));
    history.apply([rowMessage('mine')]);
    history.apply(snapshot());
    assert.deepEqual(history.sessionIds, []);
  });

  it('sessions are ordered newest first, and a change of status does not move them', () => {
    const history = new SessionHistoryController();
    history.setGraph('g');
    history.apply([
      rowMessage('a', { createdAt: 1 }),
      rowMessage('c', { createdAt: 3 }),
      rowMessage('b', { createdAt: 2 }),
    ]);
    const before = history.sessionIds;
    history.apply([rowMessage('a', { createdAt: 1, updatedAt: 99, status: 'completed' })]);
    assert.deepEqual(before, ['c', 'b', 'a']);
    assert.equal(history.sessionIds, before);
  });

  it('a change of one session notifies only its reader', () => {
    const history = withSessions('a', 'b');
    let runs = 0;
    const reader = new Signal.Computed(() => {
      runs += 1;
      return history.getSession('a')?.status;
    });
    reader.get();
    history.apply([rowMessage('b', { status: 'failed' })]);
    assert.equal(reader.get(), 'running');
    assert.equal(runs, 1);
    history.apply([rowMessage('a', { status: 'failed' })]);
    assert.equal(reader.get(), 'failed');
    assert.equal(runs, 2);
  });

  it('M1 counts and rows are right after any sequence of messages', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd');
    const message: fc.Arbitrary<MonitorMessage> = fc.oneof(
      fc
        .record({
          id: ids,
          status: fc.constantFrom('running', 'suspended', 'completed'),
          pendingInputs: fc.nat(2),
        })
        .map(({ id, ...change }) => rowMessage(id, change)),
      fc.constant<MonitorMessage>({ kind: 'snapshotStart' }),
      fc.constant<MonitorMessage>({ kind: 'snapshotComplete', isTruncated: false }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(message, { maxLength: 8 }), { maxLength: 8 }), (batches) => {
        const history = new SessionHistoryController();
        history.setGraph('g');
        for (const batch of batches) history.apply(batch);
        const sessions = history.sessionIds.map((id) => history.getSession(id));
        const counts: Record<string, number> = {};
        for (const session of sessions) {
          if (session !== undefined) counts[session.status] = (counts[session.status] ?? 0) + 1;
        }
        assert.deepEqual({ ...history.counts }, counts);
        assert.equal(
          history.needsInputCount,
          sessions.filter((session) => session !== undefined && needsInput(session)).length,
        );
      }),
    );
  });
});
