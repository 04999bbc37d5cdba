import { ALL_GRAPHS } from '../protocol/all-graphs.js';
import { isTerminalEvent, type GraphRunEvent, type GraphRunEventOf } from '../protocol/events.js';
import { toInteraction, toResponse } from '../protocol/questions/interactions.js';
import { textContent } from '../protocol/content.js';
import { BEGINNING } from '../protocol/stream/messages.js';
import type { JsonObject } from '../protocol/values/json.js';
import type { SessionSummary } from '../protocol/session-summary.js';
import type { CreateSessionRequest, GraphRunService } from '../service/graph-run-service.js';
import { expect, expectCode, expectEqual } from './expect.js';
import { SCENARIO_GRAPHS, type Scenario } from './scenarios.js';
import { comparableEvents, readList, readSession, type Reading } from './watching.js';
import { uniqueId } from '../protocol/values/unique-id.js';

/** An implementation of `GraphRunService` under test. */
export interface ServiceUnderTest {
  readonly service: GraphRunService;
  /**
   * The request that starts a scenario; default: its graph in the example node types. A service whose graphs are deployed
   * elsewhere names them here. Its `graphId` must be another one for another `graphId` given, since a case reads the list.
   */
  readonly request?: (scenario: Scenario, graphId: string) => CreateSessionRequest;
  /**
   * The node of the scenario that a node of the run is, where it has another id; undefined for one that is none of them.
   * Default: the node of the same id.
   */
  readonly nodeOf?: (nodeId: string) => string | undefined;
}

/** One case: a sentence, and a function that throws when the sentence is not true. */
export interface ServiceCase {
  readonly name: string;
  readonly run: (subject: ServiceUnderTest) => Promise<void>;
}

const hasQuestions =
  (count: number) =>
  ({ events }: Reading): boolean =>
    events.filter((event) => event.type === 'inputRequired').length >= count;

const isLive = ({ messages }: Reading): boolean => messages.some(({ kind }) => kind === 'replayComplete');

function newGraphId(): string {
  return `conformance-${uniqueId()}`;
}

async function start(subject: ServiceUnderTest, scenario: Scenario, graphId = newGraphId()): Promise<string> {
  const request = subject.request?.(scenario, graphId) ?? { graphId, graph: SCENARIO_GRAPHS[scenario] };
  const { sessionId } = await subject.service.createSession(request);
  expect(sessionId !== '', 'createSession gives an id');
  return sessionId;
}

/** The names of nodes in their scenario. */
function namesOf({ nodeOf }: ServiceUnderTest, events: readonly { readonly nodeId: string }[]) {
  return events.flatMap(({ nodeId }) => (nodeOf === undefined ? nodeId : (nodeOf(nodeId) ?? [])));
}

/** The id of the graph whose list has the sessions of a scenario. */
function listOf({ request }: ServiceUnderTest, scenario: Scenario, graphId: string): string {
  return request?.(scenario, graphId).graphId ?? graphId;
}

function questionsOf(events: readonly GraphRunEvent[]): readonly GraphRunEventOf<'inputRequired'>[] {
  return events.filter((event) => event.type === 'inputRequired');
}

function endsOf(events: readonly GraphRunEvent[]): readonly GraphRunEventOf<'nodeEnd'>[] {
  return events.filter((event) => event.type === 'nodeEnd');
}

/** A valid answer to a question, whatever its kind. */
function anyResponse(event: GraphRunEventOf<'inputRequired'>, text = 'beans'): JsonObject {
  const interaction = toInteraction(event);
  switch (interaction.kind) {
    case 'text':
      return toResponse(interaction, { kind: 'text', content: textContent(text) });
    case 'choice':
      return toResponse(interaction, {
        kind: 'choice',
        selectedIds: interaction.choices.slice(0, 1).map(({ id }) => id),
      });
    case 'consent':
      return toResponse(interaction, { kind: 'consent', isGranted: true });
    case 'confirm':
      return toResponse(interaction, { kind: 'confirm' });
    default:
      return {};
  }
}

async function waitingSession(subject: ServiceUnderTest, scenario: Scenario, questions: number) {
  const sessionId = await start(subject, scenario);
  const { events } = await readSession(subject.service, sessionId, hasQuestions(questions));
  return { sessionId, questions: questionsOf(events) };
}

function expectWholeLog(events: readonly GraphRunEvent[]): void {
  expectEqual(
    events.map(({ index }) => index),
    events.map((_, position) => position),
    'Indexes count 0, 1, 2, …',
  );
  expectEqual(events[0]?.type, 'graphStart', 'The first event');
  expect(
    events.slice(0, -1).every((event) => !isTerminalEvent(event)),
    'Nothing follows a terminal event.',
  );
  const last = events.at(-1);
  expect(last !== undefined && isTerminalEvent(last), 'The last event is a terminal one.');
}

/**
 * The cases that every `GraphRunService` must pass. Run each case with a fresh or a shared service; the cases
 * use graph ids of their own.
 */
export const SERVICE_CASES: readonly ServiceCase[] = [
  {
    name: 'a run is delivered from its first event to its terminal one, and the connection ends',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'plain');
      const reading = await readSession(service, sessionId);
      expect(reading.isEnded, 'The loop ends by itself.');
      expectWholeLog(reading.events);
      expectEqual(reading.events.at(-1)?.type, 'graphComplete', 'The terminal event');
      const nodes = namesOf(subject, endsOf(reading.events));
      expectEqual(nodes, ['write', 'out'], 'The nodes end in order');
    },
  },
  {
    name: 'S1 C1 every connection gives the same events, also after the end',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'plain');
      const [first, second] = await Promise.all([
        readSession(service, sessionId),
        readSession(service, sessionId),
      ]);
      const third = await readSession(service, sessionId);
      expectEqual(comparableEvents(second), comparableEvents(first), 'A second viewer');
      expectEqual(comparableEvents(third), comparableEvents(first), 'A viewer after the end');
    },
  },
  {
    name: 'a connection resumes after the cursor of a batch',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'question');
      const before = await readSession(service, sessionId, hasQuestions(1));
      const [question] = questionsOf(before.events);
      expect(question !== undefined && before.cursor !== undefined, 'A question and a cursor came.');
      await service.resumeSession(sessionId, question.interactionId, anyResponse(question));
      const after = await readSession(service, sessionId, undefined, { cursor: before.cursor });
      expectWholeLog([...before.events, ...after.events]);
    },
  },
  {
    name: 'the empty cursor is the beginning',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'plain');
      const { events } = await readSession(service, sessionId, undefined, { cursor: BEGINNING });
      expectWholeLog(events);
    },
  },
  {
    name: 'S4 each connection reports exactly once that the replay is complete, after the replayed events',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'plain');
      await readSession(service, sessionId);
      const { messages, events } = await readSession(service, sessionId);
      const kinds = messages.map(({ kind }) => kind);
      expectEqual(kinds.filter((kind) => kind === 'replayComplete').length, 1, 'Number of markers');
      expect(
        kinds.lastIndexOf('event') < kinds.indexOf('replayComplete'),
        'The marker comes after the last event of an ended session.',
      );
      expect(events.length > 0, 'There was something to replay.');
    },
  },
  {
    name: 'an answer is accepted once, and is in the log',
    async run(subject) {
      const { service } = subject;
      const { sessionId, questions } = await waitingSession(subject, 'question', 1);
      const [question] = questions;
      expect(question !== undefined, 'A question came.');
      const result = await service.resumeSession(sessionId, question.interactionId, anyResponse(question));
      expect(!result.isDuplicate, 'The first answer is not a duplicate.');
      const { events } = await readSession(service, sessionId);
      expectEqual(events.at(-1)?.type, 'graphComplete', 'The terminal event');
      const resolved = events.filter((event) => event.type === 'inputResolved');
      expectEqual(
        resolved.map(({ interactionId, by }) => [interactionId, by]),
        [[question.interactionId, 'response']],
        'The resolved questions',
      );
      expectEqual(questionsOf(events).length, 1, 'Number of questions');
    },
  },
  {
    name: 'S21 S23 the same answer again is a duplicate, also after the end',
    async run(subject) {
      const { service } = subject;
      const { sessionId, questions } = await waitingSession(subject, 'question', 1);
      const [question] = questions;
      expect(question !== undefined, 'A question came.');
      const response = anyResponse(question);
      const results = await Promise.all(
        Array.from({ length: 5 }, () => service.resumeSession(sessionId, question.interactionId, response)),
      );
      expectEqual(results.filter(({ isDuplicate }) => !isDuplicate).length, 1, 'Answers accepted');
      const { events } = await readSession(service, sessionId);
      expectEqual(events.filter((event) => event.type === 'inputResolved').length, 1, 'Answers in the log');
      const late = await service.resumeSession(sessionId, question.interactionId, response);
      expect(late.isDuplicate, 'After the end it is a duplicate.');
    },
  },
  {
    name: 'S22 another answer to an answered question is a conflict, and the first wins',
    async run(subject) {
      const { service } = subject;
      const { sessionId, questions } = await waitingSession(subject, 'question', 1);
      const [question] = questions;
      expect(question !== undefined, 'A question came.');
      await service.resumeSession(sessionId, question.interactionId, anyResponse(question, 'first'));
      await expectCode(
        service.resumeSession(sessionId, question.interactionId, anyResponse(question, 'second')),
        ['interaction-conflict'],
        'A different answer',
      );
      const { events } = await readSession(service, sessionId);
      expect(!JSON.stringify(events).includes('second'), 'The second answer is nowhere in the log.');
    },
  },
  {
    name: 'S24 an answer to an unknown question, an ended or an unknown session fails',
    async run(subject) {
      const { service } = subject;
      const { sessionId } = await waitingSession(subject, 'question', 1);
      await expectCode(
        service.resumeSession(sessionId, uniqueId(), {}),
        ['interaction-not-found'],
        'An unknown question',
      );
      await service.cancelSession(sessionId);
      await expectCode(
        service.resumeSession(sessionId, uniqueId(), {}),
        ['session-terminal'],
        'An ended session',
      );
      await expectCode(
        service.resumeSession(uniqueId(), uniqueId(), {}),
        ['session-not-found', 'session-gone'],
        'An unknown session',
      );
    },
  },
  {
    name: 'S26 two open questions are answered in any order',
    async run(subject) {
      const { service } = subject;
      const { sessionId, questions } = await waitingSession(subject, 'twoQuestions', 2);
      for (const question of [...questions].reverse()) {
        await service.resumeSession(sessionId, question.interactionId, anyResponse(question));
      }
      const { events } = await readSession(service, sessionId);
      expectWholeLog(events);
      expectEqual(events.at(-1)?.type, 'graphComplete', 'The terminal event');
      const started = namesOf(
        subject,
        events.filter((event) => event.type === 'nodeStart'),
      );
      expectEqual(
        started.filter((name) => name === 'join').length,
        1,
        'Starts of the node that both lead to',
      );
    },
  },
  {
    name: 'S34 a failing branch does not affect the others, and the nodes behind it are skipped',
    async run(subject) {
      const { service } = subject;
      if (service.capabilities.independentBranches === false) return;
      const sessionId = await start(subject, 'failing');
      const { events } = await readSession(service, sessionId);
      expectWholeLog(events);
      expectEqual(events.at(-1)?.type, 'graphError', 'The terminal event');
      const ends = events.filter((event) => event.type === 'nodeEnd').map(({ nodeId }) => nodeId);
      expectEqual(ends, ['good'], 'The nodes that completed');
      const skipped = events.filter((event) => event.type === 'nodeSkipped');
      expectEqual(
        skipped.map(({ nodeId, causedBy }) => [nodeId, causedBy]),
        [['behind', 'bad']],
        'The nodes that were skipped',
      );
    },
  },
  {
    name: 'S27 cancelling ends a run once, and always returns the real status',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'slow');
      const results = await Promise.all(Array.from({ length: 5 }, () => service.cancelSession(sessionId)));
      expectEqual(
        results.map(({ status }) => status),
        Array.from({ length: 5 }, () => 'cancelled'),
        'Statuses',
      );
      const { events } = await readSession(service, sessionId);
      expectWholeLog(events);
      expectEqual(events.at(-1)?.type, 'graphCancelled', 'The terminal event');
    },
  },
  {
    name: 'S27 cancelling a completed run changes nothing',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'plain');
      const before = await readSession(service, sessionId);
      expectEqual((await service.cancelSession(sessionId)).status, 'completed', 'The status');
      const after = await readSession(service, sessionId);
      expectEqual(comparableEvents(after), comparableEvents(before), 'The log');
    },
  },
  {
    name: 'S29 S30 a deleted session ends for its viewers and is gone',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'slow');
      const watched = deferred<void>();
      const reading = readSession(service, sessionId, (soFar) => {
        if (isLive(soFar)) watched.resolve();
        return false;
      });
      await Promise.race([watched.promise, reading]);
      await service.deleteSession(sessionId);
      const { events } = await reading;
      expectEqual(events.at(-1)?.type, 'graphCancelled', 'What viewers get at the end');
      await service.deleteSession(sessionId);
      const codes = ['session-gone', 'session-deleted'];
      await expectCode(readSession(service, sessionId), codes, 'Connecting to it');
    },
  },
  {
    name: 'many sessions are deleted with one call, those that are gone included',
    async run(subject) {
      const { service } = subject;
      const graphId = newGraphId();
      const ids = [
        await start(subject, 'question', graphId),
        await start(subject, 'plain', graphId),
        await start(subject, 'slow', graphId),
      ];
      const kept = await start(subject, 'question', graphId);
      const list = listOf(subject, 'question', graphId);
      // The first answers of a service may show that it can.
      await readList(service, list, ({ rows, isComplete }) => isComplete && rows.has(kept));
      if (service.deleteSessions === undefined || service.capabilities.deleteMany !== true) return;
      const gone = uniqueId();
      for (const asked of [[...ids, gone], ids, []]) {
        expectEqual([...(await service.deleteSessions(asked))], [], 'Those that were not deleted');
      }
      const { rows } = await readList(service, list, ({ isComplete }) => isComplete);
      expectEqual([...rows.keys()], [kept], 'The list');
    },
  },
  {
    name: 'connecting to an unknown session fails with session-gone',
    async run({ service }) {
      await expectCode(readSession(service, uniqueId()), ['session-gone'], 'An unknown session');
    },
  },
  {
    name: 'C11 C12 leaving the loop or aborting ends the connection quietly and never touches the run',
    async run(subject) {
      const { service } = subject;
      const { sessionId, questions } = await waitingSession(subject, 'question', 1);
      const abort = new AbortController();
      const reading = await readSession(
        service,
        sessionId,
        (soFar) => {
          if (isLive(soFar)) abort.abort();
          return false;
        },
        { signal: abort.signal },
      );
      expect(reading.isEnded, 'An aborted loop ends without an error.');
      const [question] = questions;
      expect(question !== undefined, 'A question came.');
      await service.resumeSession(sessionId, question.interactionId, anyResponse(question));
      const { events } = await readSession(service, sessionId);
      expectEqual(events.at(-1)?.type, 'graphComplete', 'The run continues');
    },
  },
  {
    name: 'M1 the list has the sessions of its graph, newest first, and no others',
    async run(subject) {
      const { service } = subject;
      const graphId = newGraphId();
      const ids: string[] = [];
      for (let count = 0; count < 3; count += 1) ids.push(await start(subject, 'question', graphId));
      await start(subject, 'question');
      const list = listOf(subject, 'question', graphId);
      const { messages, rows } = await readList(service, list, ({ isComplete }) => isComplete);
      const order = messages.flatMap((message) => (message.kind === 'row' ? [message.row.sessionId] : []));
      expectEqual([...new Set(order)].sort(), [...ids].sort(), 'The sessions');
      const times = [...rows.values()].map(({ createdAt }) => createdAt);
      expectEqual(
        times,
        [...times].sort((a, b) => b - a),
        'Newest first',
      );
    },
  },
  {
    name: 'the list of all graphs has the sessions of each graph, with its id, and their changes, if the service supports it',
    async run(subject) {
      const { service } = subject;
      const [first, second] = [newGraphId(), newGraphId()];
      const a = await start(subject, 'question', first);
      const list = listOf(subject, 'question', first);
      // The first answers of a service may show that it can.
      await readList(service, list, ({ rows, isComplete }) => isComplete && rows.has(a));
      if (service.capabilities.allGraphs !== true) return;
      const b = await start(subject, 'question', second);
      const graphs = new Map([
        [a, list],
        [b, listOf(subject, 'question', second)],
      ]);
      const tasks: Promise<unknown>[] = [];
      let hasDeleted = false;
      const { rows } = await readList(service, ALL_GRAPHS, (reading) => {
        const hasBoth = reading.rows.has(a) && reading.rows.has(b);
        if (reading.isComplete && hasBoth && !hasDeleted) {
          hasDeleted = true;
          for (const [id, graphId] of graphs) {
            expectEqual(reading.rows.get(id)?.graphId, graphId, 'The graph of a row');
          }
          tasks.push(service.deleteSession(a));
        }
        return hasDeleted && !reading.rows.has(a);
      });
      await Promise.all(tasks);
      expect(rows.has(b), 'The session of the other graph stays.');
      const own = await readList(service, list, ({ isComplete }) => isComplete);
      expect(!own.rows.has(b), 'The list of one graph has no session of another.');
      if (!service.capabilities.inlineGraph) return;
      await expectCode(
        service.createSession({ graphId: ALL_GRAPHS, graph: SCENARIO_GRAPHS.plain }),
        ['invalid-request'],
        'A run of “all graphs”',
      );
    },
  },
  {
    name: 'the list follows a run: created, waiting, completed, deleted',
    async run(subject) {
      const { service } = subject;
      const graphId = newGraphId();
      const seen: string[] = [];
      let sessionId = '';
      const steps: Record<string, () => Promise<unknown>> = {
        suspended: async () => {
          const { events } = await readSession(service, sessionId, hasQuestions(1));
          const [question] = questionsOf(events);
          expect(question !== undefined, 'A question came.');
          await service.resumeSession(sessionId, question.interactionId, anyResponse(question));
        },
        completed: () => service.deleteSession(sessionId),
      };
      const tasks: Promise<unknown>[] = [];
      let hasStarted = false;
      await readList(service, listOf(subject, 'question', graphId), ({ messages, rows, isComplete }) => {
        if (isComplete && !hasStarted) {
          hasStarted = true;
          tasks.push(start(subject, 'question', graphId).then((id) => (sessionId = id)));
        }
        const status = [...rows.values()][0]?.status;
        if (status !== undefined && seen.at(-1) !== status) {
          seen.push(status);
          const step = steps[status];
          if (step !== undefined) tasks.push(Promise.all(tasks).then(step));
        }
        return messages.some(({ kind }) => kind === 'deleted');
      });
      await Promise.all(tasks);
      // A list may leave out short-lived states, but not invent or reorder them.
      expectEqual(
        seen.filter((status) => status !== 'running'),
        ['suspended', 'completed'],
        'The statuses of the row',
      );
    },
  },
  {
    name: 'a graph that cannot run is refused with its offending node',
    async run({ service }) {
      if (!service.capabilities.inlineGraph) return;
      const graph = { nodes: [{ id: 'odd', type: 'no-such-type' }] };
      await expectCode(
        service.createSession({ graphId: newGraphId(), graph }),
        ['invalid-graph'],
        'An unknown type',
      );
      await expectCode(
        service.createSession({ graphId: newGraphId(), graph: { nodes: [] } }),
        ['invalid-graph'],
        'No nodes',
      );
    },
  },
  {
    name: 'a session is renamed and pinned if the service supports it, and its row shows that',
    async run(subject) {
      const { service } = subject;
      const graphId = newGraphId();
      const sessionId = await start(subject, 'question', graphId);
      // The capabilities of an HTTP service are known with its first response.
      const { rename, pin } = service.capabilities;
      if ((rename !== true && pin !== true) || service.updateSession === undefined) return;
      const change = {
        ...(rename === true ? { title: 'Beans for Ann' } : {}),
        ...(pin === true ? { pinned: true } : {}),
      };
      const isChanged = (row: SessionSummary | undefined) =>
        (rename !== true || row?.title === 'Beans for Ann') && (pin !== true || row?.pinned === true);
      const row = await service.updateSession(sessionId, change);
      expect(isChanged(row), 'The call gives the changed row.');
      const list = listOf(subject, 'question', graphId);
      await readList(service, list, ({ rows }) => isChanged(rows.get(sessionId)));
      expect(isChanged(await service.updateSession(sessionId, change)), 'The same change once more.');
      await expectCode(
        service.updateSession('no-such-session', change),
        ['session-gone', 'session-not-found'],
        'A session that is not there',
      );
    },
  },
  {
    name: 'a session is run again if the service supports it',
    async run(subject) {
      const { service } = subject;
      const graphId = newGraphId();
      const sessionId = await start(subject, 'plain', graphId);
      if (service.capabilities.rerun !== true || service.rerunSession === undefined) return;
      const first = await readSession(service, sessionId);
      const again = await service.rerunSession(sessionId);
      expect(again.sessionId !== sessionId, 'It is a session of its own.');
      const second = await readSession(service, again.sessionId);
      expectEqual(second.events.at(-1)?.type, first.events.at(-1)?.type, 'It ends in the same way');
      await readList(service, listOf(subject, 'plain', graphId), ({ rows }) => rows.size === 2);
    },
  },
  {
    name: 'a session runs again from a node, and the nodes before it neither run nor ask, if the service supports it',
    async run(subject) {
      const { service } = subject;
      const graphId = newGraphId();
      const sessionId = await start(subject, 'question', graphId);
      if (service.capabilities.rerunFrom !== true || service.rerunSession === undefined) return;
      const [question] = questionsOf((await readSession(service, sessionId, hasQuestions(1))).events);
      expect(question !== undefined, 'A question came.');
      await service.resumeSession(sessionId, question.interactionId, anyResponse(question));
      const first = endsOf((await readSession(service, sessionId)).events);
      const last = first.at(-1);
      expect(last !== undefined, 'A node completes.');
      const again = await service.rerunSession(sessionId, { from: last.nodeId });
      const { events } = await readSession(service, again.sessionId);
      expectWholeLog(events);
      expectEqual(questionsOf(events).length, 0, 'Questions of the rerun');
      const [begin] = events;
      expectEqual(begin?.type === 'graphStart' && begin.rerunOf, { sessionId, from: last.nodeId }, 'rerunOf');
      expectEqual(
        endsOf(events).map(({ nodeId, reused }) => [nodeId, reused]),
        first.map(({ nodeId, index }) => [nodeId, nodeId === last.nodeId ? undefined : { sessionId, index }]),
        'The nodes that end, and where they worked',
      );
      expectEqual(
        endsOf(events).map(({ outputs }) => outputs),
        first.map(({ outputs }) => outputs),
        'The outputs',
      );
      const list = listOf(subject, 'question', graphId);
      const { rows } = await readList(service, list, ({ rows: known }) => known.has(again.sessionId));
      expectEqual(rows.get(again.sessionId)?.rerunOf, { sessionId, from: last.nodeId }, 'rerunOf of the row');
      await service.deleteSession(sessionId);
      const third = await service.rerunSession(again.sessionId, { from: last.nodeId });
      expectEqual(
        endsOf((await readSession(service, third.sessionId)).events).map(({ reused }) => reused),
        first.map(({ nodeId, index }) => (nodeId === last.nodeId ? undefined : { sessionId, index })),
        'A rerun of the rerun names the place of the work, though that session was deleted',
      );
    },
  },
  {
    name: 'a session runs again from its failed nodes, and not from a node that never started, if the service supports it',
    async run(subject) {
      const { service } = subject;
      const sessionId = await start(subject, 'failing');
      const { events } = await readSession(service, sessionId);
      const { rerunFrom } = service.capabilities;
      const rerun = service.rerunSession?.bind(service);
      if (rerunFrom !== true || rerun === undefined) return;
      const skipped = events.find((event) => event.type === 'nodeSkipped')?.nodeId;
      expect(skipped !== undefined, 'A node is skipped.');
      await expectCode(
        rerun(sessionId, { from: skipped }),
        ['node-not-started'],
        'A node that never started',
      );
      await expectCode(rerun(sessionId, { from: 'no-such-node' }), ['unknown-node'], 'An unknown node');
      const again = (await readSession(service, (await rerun(sessionId, { from: 'failed' })).sessionId))
        .events;
      expectEqual(
        again.filter((event) => event.type === 'nodeError').map(({ nodeId }) => nodeId),
        events.filter((event) => event.type === 'nodeError').map(({ nodeId }) => nodeId),
        'The failed nodes run again',
      );
      expect(
        endsOf(again).every(({ reused }) => reused?.sessionId === sessionId),
        'The others are reused.',
      );
      const plain = await start(subject, 'plain');
      await readSession(service, plain);
      await expectCode(
        rerun(plain, { from: 'failed' }),
        ['no-failed-node'],
        'A session without a failed node',
      );
    },
  },
  {
    name: 'a session runs again with other inputs, and asks only for what they do not answer, if the service supports it',
    async run(subject) {
      const { service } = subject;
      const { sessionId, questions } = await waitingSession(subject, 'question', 1);
      if (service.capabilities.rerunFrom !== true || service.rerunSession === undefined) return;
      const nodeId = questions[0]?.nodeId ?? '';
      await service.cancelSession(sessionId);
      const again = await service.rerunSession(sessionId, { inputs: { [nodeId]: textContent('lentils') } });
      const { events } = await readSession(service, again.sessionId);
      expectEqual(
        events.filter((event) => event.type === 'inputResolved').map(({ by }) => by),
        ['headless'],
        'The answer',
      );
      expect(
        JSON.stringify(endsOf(events).at(-1)?.outputs).includes('lentils'),
        'The input is in the output.',
      );
    },
  },
  {
    name: 'S17 any text of a run arrives unchanged',
    async run(subject) {
      const { service } = subject;
      const { sessionId, questions } = await waitingSession(subject, 'question', 1);
      const [question] = questions;
      expect(question !== undefined, 'A question came.');
      const text = 'a\r\nb\n\ndata: {"x":1}\n\nid: 9\u2028\u0000\ud83d\ude00 \ufeff<script>';
      await service.resumeSession(sessionId, question.interactionId, anyResponse(question, text));
      const { events } = await readSession(service, sessionId);
      const end = endsOf(events).find((event) => namesOf(subject, [event]).includes('out'));
      expect(JSON.stringify(end).includes(JSON.stringify(text).slice(1, -1)), 'The text is in the output.');
    },
  },
];

function deferred<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((onResolve) => {
    resolve = onResolve;
  });
  return { promise, resolve };
}
