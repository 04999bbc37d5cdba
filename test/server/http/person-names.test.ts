import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { parseEvent, type GraphRunEvent } from '../../../src/protocol/events.js';
import { parseSessionSummary } from '../../../src/protocol/session-summary.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvent, applyEvents } from '../../../src/protocol/session-state.js';
import { toSummary } from '../../../src/protocol/to-summary.js';
import type { DescribePrincipal } from '../../../src/server/http/admission/person-names.js';
import { ONE_NODE, PuppetRunner } from '../../support/puppet-runner.js';
import { storeLocation, STORES, TestServer } from '../../support/server.js';

const ADA = { Authorization: 'Bearer user-17' };

async function started(
  t: TestContext,
  kind: (typeof STORES)[number],
  describePrincipal?: DescribePrincipal,
  onError: (error: unknown) => void = (error) => assert.fail(String(error)),
) {
  const runner = new PuppetRunner();
  const server = await TestServer.start(t, {
    store: await storeLocation(t, kind),
    runner,
    authenticate: (token) => (token === undefined ? undefined : { principal: token }),
    onError,
    ...(describePrincipal === undefined ? {} : { describePrincipal }),
  });
  const { body } = await server.post('/new', { graphId: 'g', graph: ONE_NODE }, ADA);
  const sessionId = String(body['sessionId']);
  const interactionId = await runner.ask(sessionId);
  await server.post(`/${sessionId}:resume`, { interactionId, response: { a: 1 } }, ADA);
  const again = await server.request('POST', `/${sessionId}:rerun`, { headers: ADA });
  const read = async (path: string) => (await server.request('GET', path, { headers: ADA })).body;
  const log = await read(`/${sessionId}/events`);
  const list = await read('/:list?graphId=g');
  return { sessionId, copyId: String(again.body['sessionId']), log, list };
}

for (const kind of STORES) {
  describe(`the names of people in a ${kind} store`, () => {
    it('are in the log and the row, by the words of the host, and the id is nowhere', async (t) => {
      const { log, list, sessionId, copyId } = await started(t, kind, (principal) =>
        principal === 'user-17' ? ' Ann \u202e\n Lee ' : undefined,
      );
      const events = log['events'] as unknown as GraphRunEvent[];
      assert.deepEqual(
        events.flatMap((event) =>
          ['startedBy' in event ? event.startedBy : [], 'answeredBy' in event ? event.answeredBy : []].flat(),
        ),
        ['Ann Lee', 'Ann Lee'],
      );
      const rows = list['rows'] as { sessionId: string; startedBy?: string; answeredBy?: string }[];
      assert.equal(rows.find((row) => row.sessionId === sessionId)?.answeredBy, 'Ann Lee');
      assert.equal(rows.find((row) => row.sessionId === copyId)?.answeredBy, undefined);
      assert.deepEqual(
        new Map(rows.map((row) => [row.sessionId, row.startedBy])),
        new Map([
          [copyId, 'Ann Lee'],
          [sessionId, 'Ann Lee'],
        ]),
      );
      assert.ok(!JSON.stringify([log, list]).includes('user-17'));
    });

    it('are none without a host that gives them', async (t) => {
      const { log, list } = await started(t, kind);
      assert.ok(!/startedBy|answeredBy/.test(JSON.stringify([log, list])));
    });
  });
}

describe('the names of those who answered', () => {
  it('are in the row each once, the newest first, at most ten', () => {
    const answers = ['Ann', 'Bo', 'Ann', '\u202e', ...Array.from({ length: 9 }, (_, at) => `P${at}`)];
    const events = answers.flatMap((answeredBy, at): GraphRunEvent[] => [
      {
        type: 'inputRequired',
        nodeId: 'n',
        interactionId: `q${at}`,
        suspendEvent: { riddle: {} },
        index: 2 * at,
      },
      {
        type: 'inputResolved',
        nodeId: 'n',
        interactionId: `q${at}`,
        by: 'response',
        response: {},
        answeredBy,
        index: 2 * at + 1,
      },
    ]);
    const rowAfter = (count: number) => toSummary(applyEvents(EMPTY_SESSION, events.slice(0, 2 * count)));
    assert.equal(rowAfter(3).answeredBy, 'Ann, Bo');
    assert.equal(rowAfter(answers.length).answeredBy, 'P8, P7, P6, P5, P4, P3, P2, P1, P0');
    assert.equal(rowAfter(0).answeredBy, undefined);
  });
});

describe('the name of a person', () => {
  it('is left out, and nothing is refused, when the host fails or gives no text', async (t) => {
    const errors: unknown[] = [];
    const failing = await started(
      t,
      'memory',
      () => {
        throw new Error('The directory is down.');
      },
      (error) => errors.push(error),
    );
    assert.ok(!JSON.stringify(failing.log).includes('startedBy'));
    assert.equal(errors.length, 3);
    for (const name of ['', '  ', '\u200b', 7, { name: 'Ann' }]) {
      const { log } = await started(t, 'memory', () => name as string);
      assert.ok(!JSON.stringify(log).includes('startedBy'), JSON.stringify(name));
    }
  });

  it('of another type costs neither an event nor a row its meaning', () => {
    const start = parseEvent({ type: 'graphStart', sessionId: 's', index: 0, ts: 1, startedBy: 7 });
    assert.equal(start.type, 'graphStart');
    const state = applyEvent(EMPTY_SESSION, start);
    assert.equal(state.startedBy, undefined);
    assert.equal(toSummary(state).startedBy, undefined);
    const row = { sessionId: 's', status: 'running', startedBy: { name: 'Ann' } };
    assert.equal(parseSessionSummary(row).startedBy, undefined);
    assert.equal(parseSessionSummary({ ...row, startedBy: 'Ann' }).startedBy, 'Ann');
  });
});
