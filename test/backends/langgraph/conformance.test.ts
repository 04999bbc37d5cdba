import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { SERVICE_CASES } from '../../../src/conformance/service-cases.js';
import { readList, readSession } from '../../../src/conformance/watching.js';
import type { GraphRunEvent, GraphRunEventOf } from '../../../src/protocol/events.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';
import { EMPTY_SESSION } from '../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../src/protocol/session-state.js';
import type { LangGraphRunService } from '../../../src/service/langgraph/index.js';
import { parseRun, parseThread } from '../../../src/service/langgraph/langgraph-records.js';
import { LangGraphServer } from '../../support/langgraph-server.js';

function pick({ status, group }: SessionSummary): Pick<SessionSummary, 'status' | 'group'> {
  return { status, ...(group === undefined ? {} : { group }) };
}

const isQuestion = (event: GraphRunEvent): event is GraphRunEventOf<'inputRequired'> =>
  event.type === 'inputRequired';

describe('LangGraph’s server', () => {
  let server: LangGraphServer | undefined;

  before(async () => {
    server = await LangGraphServer.start();
  });
  after(async () => {
    await server?.remove();
  });

  describe('as a service', { concurrency: 4 }, () => {
    const group = 'lists the turns of a thread as a group, also after a new one and after a deletion';
    it(group, { timeout: 30_000 }, async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const call = server.call.bind(server);
      const service = server.service();
      const { sessionId: first } = await service.createSession({ graphId: 'plain conversation' });
      const [threadId = ''] = first.split('~');
      const addTurn = async () => {
        const body = { assistant_id: 'plain', input: {}, multitask_strategy: 'enqueue' };
        const run = parseRun(await call('POST', `/threads/${threadId}/runs`, body));
        return `${threadId}~${run.runId}`;
      };
      const second = await addTurn();
      const third = await addTurn();
      const rows = new Map<string, Pick<SessionSummary, 'status' | 'group'>>();
      const list = service.monitorSessions('conversation', t)[Symbol.asyncIterator]();
      const untilGroup = async (ids: readonly string[]) => {
        const size = ids.length;
        // Ended, too: while a run is in progress, a list looks at its thread all the time.
        const rowAt = (place: number) => ({
          status: 'completed',
          group: { id: threadId, position: place + 1, size },
        });
        const expected = new Map(ids.map((id, place) => [id, rowAt(place)]));
        while (!isDeepStrictEqual(rows, expected)) {
          const { value = [] } = await list.next();
          t.signal.throwIfAborted();
          for (const message of value) {
            if (message.kind === 'row') rows.set(message.row.sessionId, pick(message.row));
            if (message.kind === 'deleted') rows.delete(message.sessionId);
          }
        }
      };
      await untilGroup([first, second, third]);
      const fourth = await addTurn();
      await untilGroup([first, second, third, fourth]);
      // Another service does not wake the list.
      await server.service().deleteSession(second);
      await untilGroup([first, third, fourth]);
      await list.return?.();
    });

    const superseded =
      'says of a turn that waited when the next one began that it was cancelled, in the list and to its viewer';
    it(superseded, { timeout: 30_000 }, async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const service = server.service();
      const { sessionId } = await service.createSession({ graphId: 'question superseded' });
      const [threadId = ''] = sessionId.split('~');
      const viewer = readSession(service, sessionId);
      const follower = readList(
        service,
        'superseded',
        ({ rows }) => rows.get(sessionId)?.status === 'cancelled',
      );
      await readList(service, 'superseded', ({ rows }) => rows.get(sessionId)?.status === 'suspended');
      const next = parseRun(
        await server.call('POST', `/threads/${threadId}/runs`, { assistant_id: 'question', input: {} }),
      );
      assert.equal((await viewer).events.at(-1)?.type, 'graphCancelled');
      await follower;
      const { rows } = await readList(
        server.service(),
        'superseded',
        ({ rows: now, isComplete }) =>
          isComplete && now.get(`${threadId}~${next.runId}`)?.status === 'suspended',
      );
      const { status, pendingInputs, question } = rows.get(sessionId) ?? {};
      assert.deepEqual([status, pendingInputs, question], ['cancelled', 0, undefined]);
      await assert.rejects(service.resumeSession(sessionId, 'any', {}), { code: 'session-terminal' });
    });

    const inner = 'has the steps inside a node, with their question, from the history as from the stream';
    it(inner, { timeout: 30_000 }, async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const service = server.service();
      const thread = await server.call('POST', '/threads', { metadata: { list: 'inner' } });
      const { threadId } = parseThread(thread);
      // A run of a page without a log: its history is read.
      const body = { assistant_id: 'nested', input: { topic: 'beans' }, stream_mode: ['values'] };
      const { runId } = parseRun(await server.call('POST', `/threads/${threadId}/runs`, body));
      const own = await service.createSession({ graphId: 'nested inner', input: { topic: 'beans' } });
      const readings = [own.sessionId, `${threadId}~${runId}`].map(async (sessionId) => {
        const asks = await readSession(service, sessionId, ({ events }) => events.some(isQuestion));
        const question = asks.events.find(isQuestion);
        assert.ok(question !== undefined);
        const answer = { input: { role: 'user', parts: [{ text: 'fine' }] } };
        await service.resumeSession(sessionId, question.interactionId, answer);
        return (await readSession(service, sessionId)).events.flatMap((event) =>
          event.type === 'nodeStart' || event.type === 'nodeEnd' || event.type === 'inputRequired'
            ? [`${event.type} ${event.nodeId}`]
            : [],
        );
      });
      const [streamed, kept] = await Promise.all(readings);
      assert.deepEqual(streamed, [
        'nodeStart editor',
        'nodeStart editor/draft',
        'nodeEnd editor/draft',
        'nodeStart editor/review',
        'inputRequired editor/review',
        'nodeEnd editor/review',
        'nodeEnd editor',
        'nodeStart publish',
        'nodeEnd publish',
      ]);
      assert.deepEqual(kept, streamed);
    });

    const words = (events: readonly GraphRunEvent[]) =>
      events.flatMap((event) =>
        event.type === 'agentEvent'
          ? []
          : 'nodeId' in event
            ? [`${event.type} ${event.nodeId}`]
            : [event.type],
      );
    const lastQuestion = (events: readonly GraphRunEvent[]) => events.filter(isQuestion).at(-1);
    /** Continues a session at each of its breakpoints; returns its events. */
    const throughBreakpoints = async (service: LangGraphRunService, sessionId: string, count: number) => {
      for (let position = 1; position <= count; position += 1) {
        const { events } = await readSession(
          service,
          sessionId,
          (reading) => reading.events.filter(isQuestion).length === position,
        );
        assert.equal(applyEvents(EMPTY_SESSION, events).status, 'suspended');
        const question = lastQuestion(events);
        assert.ok(question !== undefined);
        const result = await service.resumeSession(sessionId, question.interactionId, { confirm: true });
        assert.equal(result.isDuplicate, false);
      }
      return (await readSession(service, sessionId)).events;
    };

    const stops =
      'waits at static breakpoints, before a node and after one, and is never completed meanwhile';
    it(stops, { timeout: 30_000 }, async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const service = server.service();
      const { sessionId } = await service.createSession({ graphId: 'stops breakpoints' });
      const seen: string[] = [];
      const listed = readList(service, 'breakpoints', ({ rows }) => {
        const { status, pendingInputs } = rows.get(sessionId) ?? { status: '', pendingInputs: 0 };
        const word = `${status} ${pendingInputs}`;
        if (status !== '' && seen.at(-1) !== word) seen.push(word);
        return status === 'completed';
      });
      const events = await throughBreakpoints(service, sessionId, 2);
      assert.deepEqual(words(events), [
        'graphStart',
        'nodeStart first',
        'nodeEnd first',
        'inputRequired second',
        'inputResolved second',
        'nodeStart second',
        'nodeEnd second',
        'inputRequired third',
        'inputResolved third',
        'nodeStart third',
        'nodeEnd third',
        'graphComplete',
      ]);
      const [first] = events.filter(isQuestion);
      assert.deepEqual(first?.suspendEvent, { confirm: { before: ['second'] } });
      const { rows } = await listed;
      assert.equal(rows.size, 1);
      // It may leave states out, and invents none.
      assert.deepEqual(
        seen.filter((word) => !['running 0', 'suspended 1', 'completed 0'].includes(word)),
        [],
      );
      assert.equal(seen.indexOf('completed 0'), seen.length - 1);
      assert.ok(seen.includes('suspended 1'));
    });

    const twoTabs =
      'is continued once at a breakpoint by four tabs at once, also where a page of others was faster';
    it(twoTabs, { timeout: 30_000 }, async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const { service: open, call } = {
        service: server.service.bind(server),
        call: server.call.bind(server),
      };
      const service = open();
      const { sessionId } = await service.createSession({ graphId: 'stops tabs' });
      const [threadId = ''] = sessionId.split('~');
      const asks = (count: number) =>
        readSession(service, sessionId, ({ events }) => events.filter(isQuestion).length === count);
      const first = lastQuestion((await asks(1)).events);
      assert.ok(first !== undefined);
      const tabs = Array.from({ length: 4 }, () =>
        open().resumeSession(sessionId, first.interactionId, { confirm: true }),
      );
      const outcomes = await Promise.all(tabs);
      assert.equal(outcomes.filter(({ isDuplicate }) => !isDuplicate).length, 1);
      const second = lastQuestion((await asks(2)).events);
      assert.ok(second !== undefined);
      assert.notEqual(second.interactionId, first.interactionId);
      const body = { assistant_id: 'stops', input: null, stream_mode: ['values'] };
      await call('POST', `/threads/${threadId}/runs`, body);
      const { events } = await readSession(service, sessionId);
      assert.equal(events.filter(isQuestion).length, 2);
      assert.equal(events.at(-1)?.type, 'graphComplete');
      const late = await service.resumeSession(sessionId, second.interactionId, { confirm: true });
      assert.equal(late.isDuplicate, true);
      const runs = await call('GET', `/threads/${threadId}/runs`);
      assert.equal(Array.isArray(runs) && runs.length, 3);
    });

    const ofRun =
      'keeps the breakpoints of a run that a page has started, and has the same events from its history';
    it(ofRun, { timeout: 30_000 }, async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const service = server.service();
      const readings = [{ stream_mode: ['values'] }, { stream_mode: ['tasks'], stream_resumable: true }].map(
        async (mode) => {
          const thread = await server?.call('POST', '/threads', { metadata: { list: 'of a run' } });
          const { threadId } = parseThread(thread);
          const body = {
            assistant_id: 'unstopped',
            input: {},
            interrupt_before: ['second', 'third'],
            ...mode,
          };
          const { runId } = parseRun(await server?.call('POST', `/threads/${threadId}/runs`, body));
          return words(await throughBreakpoints(service, `${threadId}~${runId}`, 2));
        },
      );
      const [kept, streamed] = await Promise.all(readings);
      assert.deepEqual(kept, streamed);
      assert.equal(kept?.at(-1), 'graphComplete');
    });

    const inside = 'waits at a breakpoint inside a node that is a graph';
    it(inside, { timeout: 30_000 }, async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const service = server.service();
      const { sessionId } = await service.createSession({ graphId: 'stopsInside inside' });
      const events = await throughBreakpoints(service, sessionId, 1);
      assert.deepEqual(words(events), [
        'graphStart',
        'nodeStart inner',
        'nodeStart inner/first',
        'nodeEnd inner/first',
        'inputRequired inner',
        'inputResolved inner',
        'nodeStart inner/second',
        'nodeEnd inner/second',
        'nodeStart inner/third',
        'nodeEnd inner/third',
        'nodeEnd inner',
        'nodeStart publish',
        'nodeEnd publish',
        'graphComplete',
      ]);
      const [question] = events.filter(isQuestion);
      assert.deepEqual(question?.suspendEvent, { confirm: { before: [] } });
    });

    const cancelled = 'is cancelled while it waits at a breakpoint, and then takes no answer';
    it(cancelled, { timeout: 30_000 }, async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const service = server.service();
      const { sessionId } = await service.createSession({ graphId: 'stops cancelled' });
      const { events } = await readSession(service, sessionId, (reading) => reading.events.some(isQuestion));
      const question = lastQuestion(events);
      assert.deepEqual(await service.cancelSession(sessionId), { status: 'cancelled' });
      await assert.rejects(
        service.resumeSession(sessionId, question?.interactionId ?? '', { confirm: true }),
        { code: 'session-terminal' },
      );
      assert.equal((await readSession(service, sessionId)).events.at(-1)?.type, 'graphCancelled');
    });

    for (const { name, run } of SERVICE_CASES) {
      it(name, { timeout: 30_000 }, async (t) => {
        if (server === undefined) return t.skip('its packages are not installed');
        await run({
          service: server.service(),
          request: (scenario, graphId) => ({ graphId: `${scenario} ${graphId}` }),
        });
      });
    }
  });
});
