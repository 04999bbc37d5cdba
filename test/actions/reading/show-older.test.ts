import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createSessions, type Sessions } from '../../../src/actions/create-sessions.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import type { OlderSessions } from '../../../src/service/graph-run-service.js';
import { FakeServer, jsonAnswer } from '../../support/fake-server.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';
import { eventually } from '../../support/watch.js';

function row(sessionId: string, createdAt: number, change: Partial<SessionSummary> = {}): SessionSummary {
  return { sessionId, status: 'completed', createdAt, updatedAt: createdAt, pendingInputs: 0, ...change };
}

/** The sessions of a list that ends at the time 100, on a service whose pages of older sessions the test gives. */
function sessionsWith(t: TestContext, pages: (before: string) => Promise<OlderSessions>): Sessions {
  const service = new HttpGraphRunService({
    baseUrl: 'http://unused.invalid',
    fetch: () => new Promise(() => {}),
  });
  service.listOlder = (_graphId, before) => pages(before);
  const sessions = createSessions(service, { drafts: memoryDraftStore() });
  t.after(() => sessions.actions.dispose());
  sessions.history.setGraph('g');
  sessions.history.apply([
    { kind: 'snapshotStart' },
    { kind: 'row', row: row('newest', 200) },
    { kind: 'row', row: row('oldest', 100, { title: 'Of the list' }) },
    { kind: 'snapshotComplete', isTruncated: true, oldestCreatedAt: 100 },
  ]);
  return sessions;
}

describe('the sessions that are older than those of the list', () => {
  it('are listed page by page until there are none, over HTTP', async (t) => {
    const server = await TestServer.start(t, { runner: new PuppetRunner(), limits: { monitorRows: 4 } });
    for (let count = 0; count < 11; count += 1) await server.create();
    const service = new HttpGraphRunService({ baseUrl: server.base });
    const { history, actions } = createSessions(service, { drafts: memoryDraftStore() });
    t.after(() => actions.dispose());
    actions.monitor('g');
    await eventually(() => history.isLoaded);
    assert.equal(service.capabilities.olderSessions, true);
    assert.deepEqual([history.sessionIds.length, history.older?.phase], [4, 'ready']);
    let pages = 0;
    for (; history.older?.phase === 'ready'; pages += 1) await actions.showOlder?.();
    assert.equal(history.older?.phase, 'complete');
    assert.equal(history.sessionIds.length, 11);
    assert.ok(pages >= 2);
    assert.deepEqual(history.counts, { running: 11 });
  });

  it('do not replace what the list reports, and do not bring back what was deleted', async (t) => {
    const { history, actions } = sessionsWith(t, async () => ({
      rows: [row('oldest', 100, { title: 'Of the page' }), row('gone', 90), row('kept', 80)],
    }));
    history.remove('gone');
    await actions.showOlder?.();
    assert.deepEqual(history.sessionIds, ['newest', 'oldest', 'kept']);
    assert.equal(history.getSession('oldest')?.title, 'Of the list');
    // A list that was read again has only its own range; a deletion is reported wherever it is.
    history.apply([
      { kind: 'snapshotStart' },
      { kind: 'row', row: row('newest', 200) },
      { kind: 'snapshotComplete', isTruncated: true, oldestCreatedAt: 100 },
    ]);
    assert.deepEqual(history.sessionIds, ['newest', 'kept']);
    history.apply([{ kind: 'deleted', sessionId: 'kept' }]);
    assert.deepEqual(history.sessionIds, ['newest']);
  });

  it('are asked for once at a time, from where the last page ended, again after a failure', async (t) => {
    const asked: string[] = [];
    let answer: (page: OlderSessions) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const { history, actions } = sessionsWith(t, (before) => {
      asked.push(before);
      return new Promise((resolve, reject) => {
        [answer, fail] = [resolve, reject];
      });
    });
    const first = actions.showOlder?.();
    await actions.showOlder?.();
    assert.deepEqual([asked, history.older?.phase], [['100'], 'loading']);
    answer({ rows: [row('x', 90)], next: '90,x' });
    await first;
    const second = actions.showOlder?.();
    fail(new Error('no network'));
    await second;
    assert.deepEqual([history.older?.phase, history.older?.error !== undefined], ['failed', true]);
    const third = actions.showOlder?.();
    answer({ rows: [] });
    await third;
    assert.deepEqual(asked, ['100', '90,x', '90,x']);
    assert.equal(history.older?.phase, 'complete');
    await actions.showOlder?.();
    assert.equal(asked.length, 3);
  });

  it('of another graph are not listed', async (t) => {
    let answer: (page: OlderSessions) => void = () => undefined;
    const { history, actions } = sessionsWith(
      t,
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const reading = actions.showOlder?.();
    history.setGraph('other');
    answer({ rows: [row('x', 90)] });
    await reading;
    assert.deepEqual([history.sessionIds, history.older], [[], undefined]);
  });

  for (const [what, body] of [
    ['no page', { hello: 1 }],
    ['the page of another graph', { graphId: 'other', rows: [] }],
    ['a page without a graph', { rows: [] }],
  ] as const) {
    it(`are not taken from ${what}`, async () => {
      const client = FakeServer.withAnswers(jsonAnswer(body)).client(new FakeEnvironment());
      await assert.rejects(client.listOlder('g', '1'), { code: 'foreign-answer' });
    });
  }
});
