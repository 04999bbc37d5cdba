import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSessions, type Sessions } from '../../src/actions/create-sessions.js';
import { createSessionActions } from '../../src/actions/create-session-actions.js';
import { SCENARIO_GRAPHS } from '../../src/conformance/scenarios.js';
import { memoryDraftStore } from '../../src/controller/draft-store.js';
import { DraftsController } from '../../src/controller/drafts-controller.js';
import { RunController } from '../../src/controller/run/run-controller.js';
import { SessionHistoryController } from '../../src/controller/session-history-controller.js';
import { textContent } from '../../src/protocol/content.js';
import { BEGINNING, type ConnectionState, type MonitorMessage } from '../../src/protocol/stream/messages.js';
import { GraphRunError } from '../../src/protocol/problems.js';
import { exampleHandlers, createGraphRunner } from '../../src/runner/index.js';
import { createConnection } from '../../src/service/connection.js';
import type { GraphRunService } from '../../src/service/graph-run-service.js';
import { MemoryGraphRunService } from '../../src/service/memory/memory-graph-run-service.js';
import { Gate } from '../support/gate.js';
import { untilSignal } from '../support/signals.js';

function memoryService(): MemoryGraphRunService {
  return new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
}

/** A service with some calls replaced. */
function changed(service: GraphRunService, changes: Partial<GraphRunService>): GraphRunService {
  return {
    capabilities: service.capabilities,
    createSession: (...args) => service.createSession(...args),
    connectSession: (...args) => service.connectSession(...args),
    monitorSessions: (...args) => service.monitorSessions(...args),
    resumeSession: (...args) => service.resumeSession(...args),
    cancelSession: (...args) => service.cancelSession(...args),
    deleteSession: (...args) => service.deleteSession(...args),
    ...changes,
  };
}

/** A service whose connections to sessions fail with this code, each after a call of `onConnect`. */
function failingService(code: string, onConnect = () => {}): GraphRunService {
  return changed(memoryService(), {
    connectSession: (_sessionId, { signal } = {}) =>
      // oxlint-disable-next-line eslint/require-yield -- it fails first
      createConnection(async function* () {
        onConnect();
        throw new GraphRunError(code, 'It failed.');
      }, signal),
  });
}

function monitored(service: GraphRunService = memoryService()): Sessions {
  const sessions = createSessions(service);
  sessions.actions.monitor('g');
  return sessions;
}

const QUESTION = { graphId: 'g', graph: SCENARIO_GRAPHS.question };
const ANSWER = { kind: 'text', content: textContent('beans') } as const;

async function openQuestion({ run }: Sessions): Promise<string> {
  const [interaction] = await untilSignal(
    () => run.interactions,
    (interactions) => interactions.length > 0,
  );
  assert.ok(interaction !== undefined);
  return interaction.interactionId;
}

describe('session actions', () => {
  it('start runs the graph, watches it and lists it', async () => {
    const sessions = monitored();
    const { actions, history, run } = sessions;
    const sessionId = await actions.start(QUESTION);
    assert.equal(history.activeSessionId, sessionId);
    await openQuestion(sessions);
    await untilSignal(
      () => history.getSession(sessionId),
      (session) => session?.status === 'suspended' && session.question === 'What is the topic?',
    );
    assert.equal(run.sessionId, sessionId);
    actions.dispose();
  });

  it('an answered question is removed, and the run continues to its end', async () => {
    const sessions = monitored();
    const { actions, run } = sessions;
    await actions.start(QUESTION);
    await actions.answer(await openQuestion(sessions), ANSWER);
    await untilSignal(
      () => run.status,
      (status) => status === 'completed',
    );
    assert.deepEqual(run.interactions, []);
    await untilSignal(
      () => run.connection.phase,
      (phase) => phase === 'terminal',
    );
    actions.dispose();
  });

  it('an answer is sent once, however often it is given', async () => {
    const service = memoryService();
    let calls = 0;
    const sessions = monitored(
      changed(service, {
        resumeSession: (...args) => {
          calls += 1;
          return service.resumeSession(...args);
        },
      }),
    );
    await sessions.actions.start(QUESTION);
    const interactionId = await openQuestion(sessions);
    await Promise.all([
      sessions.actions.answer(interactionId, ANSWER),
      sessions.actions.answer(interactionId, ANSWER),
    ]);
    assert.equal(calls, 1);
    sessions.actions.dispose();
  });

  it('a refused answer keeps the question and says why', async () => {
    const refusal = new GraphRunError('interaction-conflict', 'Answered elsewhere.', { status: 409 });
    const sessions = monitored(changed(memoryService(), { resumeSession: () => Promise.reject(refusal) }));
    const { actions, run } = sessions;
    await actions.start(QUESTION);
    const interactionId = await openQuestion(sessions);
    await actions.answer(interactionId, ANSWER);
    assert.deepEqual(run.answerOf(interactionId), { phase: 'refused', error: refusal });
    assert.equal(run.interactions.length, 1);
    actions.dispose();
  });

  it('C20 after quick switching only the last session is shown', async () => {
    const sessions = monitored();
    const { actions, run } = sessions;
    const first = await actions.start(QUESTION);
    await openQuestion(sessions);
    const second = await actions.start({ graphId: 'g', graph: SCENARIO_GRAPHS.twoQuestions });
    for (let count = 0; count < 50; count += 1) {
      actions.connect(first);
      if (count % 3 === 0) await Promise.resolve();
      actions.connect(second);
    }
    actions.connect(first);
    await untilSignal(
      () => run.connection.phase,
      (phase) => phase === 'live',
    );
    assert.deepEqual(run.nodeIds, ['ask', 'out']);
    assert.equal(run.interactions.length, 1);
    actions.dispose();
  });

  it('C19 disconnecting does not affect the run', async () => {
    const sessions = monitored();
    const { actions, history, run } = sessions;
    const sessionId = await actions.start(QUESTION);
    await openQuestion(sessions);
    actions.disconnect();
    assert.equal(run.sessionId, undefined);
    assert.equal(history.activeSessionId, undefined);
    actions.connect(sessionId);
    await openQuestion(sessions);
    // The list is another stream, which may be behind that of the session.
    await untilSignal(
      () => history.getSession(sessionId)?.status,
      (status) => status !== 'running',
    );
    assert.equal(history.getSession(sessionId)?.status, 'suspended');
    actions.dispose();
  });

  it('an open question is answered, and its draft kept, while the run is shown as it was before it asked', async () => {
    const sessions = monitored();
    const { actions, drafts, run } = sessions;
    const sessionId = await actions.start(QUESTION);
    const interactionId = await openQuestion(sessions);
    run.seek(0);
    assert.deepEqual(run.interactions, []);
    actions.saveDraft(interactionId, { values: 'typed' });
    assert.deepEqual(drafts.get(sessionId, interactionId), { values: 'typed' });
    await actions.answer(interactionId, { kind: 'text', content: textContent('now') });
    await untilSignal(
      () => run.latest.status,
      (status) => status === 'completed',
    );
    assert.equal(run.position, 0);
    assert.equal(run.status, 'running');
    actions.dispose();
  });

  it('cancelling ends the run, deleting removes it and stops showing it', async () => {
    const sessions = monitored();
    const { actions, history, run } = sessions;
    const sessionId = await actions.start(QUESTION);
    await openQuestion(sessions);
    await actions.cancel(sessionId);
    await untilSignal(
      () => history.getSession(sessionId)?.status,
      (status) => status === 'cancelled',
    );
    assert.equal(history.operationOf(sessionId), undefined);
    await actions.delete(sessionId);
    assert.deepEqual(history.sessionIds, []);
    assert.equal(run.sessionId, undefined);
    actions.dispose();
  });

  it('a session that could not be deleted stays, with the reason', async () => {
    const error = new GraphRunError('network', 'The server could not be reached.');
    const sessions = monitored(changed(memoryService(), { deleteSession: () => Promise.reject(error) }));
    const { actions, history } = sessions;
    const sessionId = await actions.start(QUESTION);
    await actions.delete(sessionId);
    assert.deepEqual(history.operationOf(sessionId), { kind: 'delete', error });
    assert.deepEqual(history.sessionIds, [sessionId]);
    actions.dispose();
  });

  it('unsent input is shown even if the list first reports the end of the session', async () => {
    const service = memoryService();
    const gate = new Gate();
    let isHeld = false;
    const sessions = monitored(
      changed(service, {
        connectSession(...args) {
          const connection = service.connectSession(...args);
          return {
            retryNow: () => connection.retryNow(),
            async *[Symbol.asyncIterator]() {
              for await (const batch of connection) {
                if (isHeld) await gate.opened;
                yield batch;
              }
            },
          };
        },
      }),
    );
    const { actions, history, run } = sessions;
    const sessionId = await actions.start(QUESTION);
    const interactionId = await openQuestion(sessions);
    await untilSignal(
      () => run.connection.phase,
      (phase) => phase === 'live',
    );
    actions.saveDraft(interactionId, 'Tw');
    isHeld = true;
    await service.resumeSession(sessionId, interactionId, { input: textContent('beans') as never });
    await untilSignal(
      () => history.getSession(sessionId)?.status,
      (status) => status === 'completed',
    );
    gate.open();
    await untilSignal(
      () => run.closedQuestions.map(({ unsentDraft }) => unsentDraft),
      (drafts) => drafts.length > 0,
    );
    assert.equal(run.closedQuestions[0]?.unsentDraft, 'Tw');
    assert.equal(sessions.drafts.get(sessionId, interactionId), undefined);
    actions.dispose();
  });

  for (const [code, isKept] of [
    ['session-deleted', false],
    ['session-gone', true],
    ['session-not-found', true],
    ['forbidden', true],
    ['no-server', true],
    ['foreign-answer', true],
    ['protocol-error', true],
    ['auth-required', true],
  ] as const) {
    it(`what was typed ${isKept ? 'stays' : 'goes'} when the connection to its session fails with ${code}`, async () => {
      const store = memoryDraftStore();
      new DraftsController(store).set('s', 'i', 'Tw');
      const { actions, run } = createSessions(failingService(code), { drafts: store });
      actions.connect('s');
      await untilSignal(
        () => run.connection.phase,
        (phase) => phase === 'failed',
      );
      assert.equal(store.keys().length, isKept ? 1 : 0);
      actions.dispose();
    });
  }

  for (const [code, tries] of [
    ['forbidden', 2],
    ['no-server', 2],
    ['auth-required', 2],
    ['protocol-error', 2],
    ['session-gone', 1],
    ['session-deleted', 1],
  ] as const) {
    it(`a connection that failed with ${code} is tried ${tries === 1 ? 'no more' : 'once more'} when the page is back`, async () => {
      let connects = 0;
      const service = failingService(code, () => {
        connects += 1;
      });
      const returns = new Set<() => void>();
      const history = new SessionHistoryController();
      const run = new RunController();
      const actions = createSessionActions(service, history, run, new DraftsController(), (callback) => {
        returns.add(callback);
        return () => returns.delete(callback);
      });
      const untilFailed = (count: number) =>
        untilSignal(
          () => run.connection.phase,
          (phase) => phase === 'failed' && connects === count,
        );
      actions.connect('s');
      await untilFailed(1);
      for (const back of returns) back();
      await untilFailed(tries);
      assert.equal(connects, tries);
      actions.dispose();
      assert.equal(returns.size, 0, 'nothing listens after the end');
    });
  }

  it('a deleted session fails the connection with a reason', async () => {
    const sessions = monitored();
    sessions.actions.connect('nowhere');
    const connection = await untilSignal(
      () => sessions.run.connection,
      ({ phase }) => phase === 'failed',
    );
    assert.equal(connection.error?.code, 'session-gone');
    sessions.actions.dispose();
  });

  it('a session that is deleted elsewhere is closed, even if its stream had ended before', async () => {
    const service = memoryService();
    const sessions = monitored(service);
    const { actions, run } = sessions;
    const sessionId = await actions.start(QUESTION);
    await openQuestion(sessions);
    await actions.cancel(sessionId);
    await untilSignal(
      () => run.connection.phase,
      (phase) => phase === 'terminal',
    );
    await service.deleteSession(sessionId);
    const { error } = await untilSignal(
      () => run.connection,
      ({ phase }) => phase === 'failed',
    );
    assert.equal(error?.code, 'session-deleted');
    assert.equal(run.sessionId, sessionId, 'what it did can still be read');
    actions.dispose();
  });

  it('a connection that is live again wakes the other, which would have waited longer', async () => {
    for (const first of ['list', 'session'] as const) {
      const back = new Gate();
      const more = new Gate();
      const retried: string[] = [];
      /** Waits for its next attempt; the first of the two is live again when the gate opens. */
      const connection = (name: string, signal: AbortSignal | undefined) => ({
        retryNow: () => void retried.push(name),
        async *phases(): AsyncGenerator<ConnectionState | undefined> {
          yield { phase: 'backoff', attempt: 1, retryAtMs: Date.now() + 60_000 };
          if (name === first) {
            await back.opened;
            yield { phase: 'live', attempt: 0 };
            await more.opened;
            yield undefined;
          }
          await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        },
      });
      const service = changed(memoryService(), {
        monitorSessions(_graphId, { signal } = {}) {
          const { phases, retryNow } = connection('list', signal);
          return {
            retryNow,
            async *[Symbol.asyncIterator]() {
              for await (const state of phases()) {
                yield state === undefined
                  ? [{ kind: 'snapshotStart' } as const]
                  : [{ kind: 'connection', connection: state } as const];
              }
            },
          };
        },
        connectSession(_sessionId, { signal } = {}) {
          const { phases, retryNow } = connection('session', signal);
          return {
            retryNow,
            async *[Symbol.asyncIterator]() {
              for await (const state of phases()) {
                yield {
                  messages:
                    state === undefined
                      ? [{ kind: 'start', replayTotal: 7 } as const]
                      : [{ kind: 'connection', connection: state } as const],
                  cursor: BEGINNING,
                };
              }
            },
          };
        },
      });
      const { actions, history, run } = monitored(service);
      actions.connect('s');
      await untilSignal(
        () => history.monitor.phase === 'backoff' && run.connection.phase === 'backoff',
        (areWaiting) => areWaiting,
      );
      assert.deepEqual(retried, []);
      back.open();
      await untilSignal(
        () => history.monitor.phase === 'live' || run.connection.phase === 'live',
        (isBack) => isBack,
      );
      more.open();
      await untilSignal(
        () => run.replay.total,
        (total) => first === 'list' || total === 7,
      );
      assert.deepEqual(retried, [first === 'list' ? 'session' : 'list'], 'once, and not for what follows');
      actions.dispose();
    }
  });

  for (const how of ['start', 'rerun'] as const) {
    it(`a ${how} that is confirmed after the panel was disposed opens nothing`, async () => {
      const service = memoryService();
      const gate = new Gate();
      const connected: string[] = [];
      const sessions = monitored(
        changed(service, {
          async createSession(...args) {
            const created = await service.createSession(...args);
            await gate.opened;
            return created;
          },
          async rerunSession(...args) {
            const created = await service.rerunSession(...args);
            await gate.opened;
            return created;
          },
          connectSession(sessionId, options) {
            connected.push(sessionId);
            return service.connectSession(sessionId, options);
          },
        }),
      );
      const { actions, run } = sessions;
      const { sessionId: first } = await service.createSession(QUESTION);
      const starting = how === 'start' ? actions.start(QUESTION) : actions.rerun(first);
      actions.dispose();
      gate.open();
      assert.equal(typeof (await starting), 'string', 'the run continues all the same');
      assert.deepEqual(connected, []);
      assert.equal(run.sessionId, undefined);
    });
  }

  it('M7 a rerun is not shown among the sessions of another graph', async () => {
    const service = memoryService();
    const gate = new Gate();
    const { actions, history, run } = monitored(
      changed(service, {
        async rerunSession(...args) {
          const created = await service.rerunSession(...args);
          await gate.opened;
          return created;
        },
      }),
    );
    const { sessionId: first } = await service.createSession(QUESTION);
    const starting = actions.rerun(first);
    actions.monitor('other');
    gate.open();
    await starting;
    assert.deepEqual([history.sessionIds, run.sessionId], [[], undefined]);
    actions.dispose();
  });

  it('deleting the watched session never looks as if someone else had deleted it', async () => {
    const service = memoryService();
    const gate = new Gate();
    const { actions, history, run } = monitored(
      changed(service, {
        async deleteSession(...args) {
          await service.deleteSession(...args);
          await gate.opened;
        },
      }),
    );
    const sessionId = await actions.start(QUESTION);
    await untilSignal(
      () => history.getSession(sessionId)?.status,
      (status) => status === 'suspended',
    );
    const deleting = actions.delete(sessionId);
    await untilSignal(
      () => history.sessionIds.length,
      (length) => length === 0,
    );
    assert.notEqual(run.connection.phase, 'failed');
    gate.open();
    await deleting;
    assert.equal(run.sessionId, undefined);
    actions.dispose();
  });

  it('cancelling many calls the service four at a time, and reports each failure in its row', async () => {
    const service = memoryService();
    const gate = new Gate();
    const calls: string[] = [];
    const { actions, history } = monitored(
      changed(service, {
        async cancelSession(sessionId, options) {
          calls.push(sessionId);
          await gate.opened;
          if (sessionId === refused) throw new GraphRunError('network', 'No answer.');
          return service.cancelSession(sessionId, options);
        },
      }),
    );
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) ids.push(await actions.start(QUESTION));
    const refused = ids[1];
    const cancelled = actions.cancelMany?.(ids);
    assert.deepEqual(calls, ids.slice(0, 4));
    gate.open();
    await cancelled;
    assert.deepEqual(calls, ids);
    await untilSignal(
      () => history.counts,
      (counts) => counts['cancelled'] === 5,
    );
    assert.equal(history.operationOf(refused ?? '')?.error?.code, 'network');
    actions.dispose();
  });

  it('operations on a session run one after the other, and cancelling runs once', async () => {
    const service = memoryService();
    const gate = new Gate();
    const calls: string[] = [];
    const { actions, history } = monitored(
      changed(service, {
        async updateSession(sessionId, change, options) {
          calls.push(JSON.stringify(change));
          if (calls.length === 1) await gate.opened;
          return service.updateSession(sessionId, change, options);
        },
        async cancelSession(...args) {
          calls.push('cancel');
          return service.cancelSession(...args);
        },
      }),
    );
    const sessionId = await actions.start(QUESTION);
    const all = [
      actions.setPinned(sessionId, true),
      actions.rename(sessionId, 'Beans'),
      actions.setPinned(sessionId, false),
      actions.cancel(sessionId),
      actions.cancel(sessionId),
    ];
    assert.deepEqual(history.operationOf(sessionId), { kind: 'pin' });
    gate.open();
    await Promise.all(all);
    assert.deepEqual(calls, ['{"pinned":true}', '{"title":"Beans"}', '{"pinned":false}', 'cancel']);
    assert.equal(history.operationOf(sessionId), undefined);
    assert.equal(history.getSession(sessionId)?.title, 'Beans');
    actions.dispose();
  });

  it('the response to a rename does not undo newer changes of the list', async () => {
    const service = memoryService();
    const gate = new Gate();
    const { actions, history } = monitored(
      changed(service, {
        async updateSession(...args) {
          const row = await service.updateSession(...args);
          await gate.opened;
          return row;
        },
      }),
    );
    const sessionId = await actions.start(QUESTION);
    await untilSignal(
      () => history.getSession(sessionId)?.status,
      (status) => status === 'suspended',
    );
    const renaming = actions.rename(sessionId, 'Beans');
    await service.cancelSession(sessionId);
    await untilSignal(
      () => history.getSession(sessionId)?.status,
      (status) => status === 'cancelled',
    );
    gate.open();
    await renaming;
    const { title, status } = history.getSession(sessionId) ?? {};
    assert.deepEqual([title, status], ['Beans', 'cancelled']);
    actions.dispose();
  });

  it('a watched session that is not in the list can be deleted and restored, too', async () => {
    const service = memoryService();
    const deleted: string[] = [];
    const { actions, history, run } = monitored(
      changed(service, {
        async deleteSession(...args) {
          deleted.push(args[0]);
          return service.deleteSession(...args);
        },
      }),
    );
    const { sessionId } = await service.createSession({ ...QUESTION, graphId: 'other' });
    actions.connect(sessionId);
    actions.deleteLater([sessionId]);
    assert.equal(history.deletions[0]?.sessions[0]?.sessionId, sessionId);
    actions.undoDelete(history.deletions[0]?.id ?? 0);
    assert.equal(run.sessionId, sessionId);
    assert.deepEqual(history.sessionIds, [], 'it is in this list no more than before');
    actions.deleteLater([sessionId]);
    actions.dispose();
    assert.deepEqual(deleted, [sessionId]);
  });

  it('an unexpected error of the service is shown, not swallowed', async () => {
    const broken = changed(memoryService(), {
      monitorSessions: () => {
        throw new TypeError('broken service');
      },
    });
    assert.throws(() => monitored(broken), /broken service/);
  });

  it('watches an ended session again when a later connection to the list has it open: it was restored', async () => {
    const service = memoryService();
    const reconnect = new Gate();
    const row = { createdAt: 0, updatedAt: 0, pendingInputs: 0 };
    let opened = 0;
    let sessionId = '';
    const sessions = monitored(
      changed(service, {
        connectSession: (...args) => {
          opened += 1;
          return service.connectSession(...args);
        },
        monitorSessions: (_graphId, { signal } = {}) =>
          createConnection<readonly MonitorMessage[]>(async function* () {
            await reconnect.opened;
            // Sent on the first connection: it may be older than the end.
            yield [{ kind: 'row', row: { ...row, sessionId, status: 'running' } }];
            assert.equal(opened, 1);
            yield [{ kind: 'connection', connection: { phase: 'connecting', attempt: 0 } }];
            yield [{ kind: 'row', row: { ...row, sessionId, status: 'suspended' } }];
          }, signal),
      }),
    );
    const { actions, run } = sessions;
    sessionId = await actions.start(QUESTION);
    await actions.answer(await openQuestion(sessions), ANSWER);
    await untilSignal(
      () => run.connection.phase,
      (phase) => phase === 'terminal',
    );
    reconnect.open();
    await untilSignal(
      () => run.connection.phase,
      (phase) => phase !== 'terminal',
    );
    assert.equal(opened, 2);
    actions.dispose();
  });

  it('M7 switching to another graph closes the session of the first', async () => {
    const sessions = monitored();
    const { actions, history, run } = sessions;
    await actions.start(QUESTION);
    await openQuestion(sessions);
    actions.monitor('other');
    await untilSignal(
      () => history.isLoaded,
      (isLoaded) => isLoaded,
    );
    assert.deepEqual(history.sessionIds, []);
    assert.equal(run.sessionId, undefined);
    actions.dispose();
  });
});
