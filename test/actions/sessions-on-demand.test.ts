import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSessionsOnDemand } from '../../src/actions/create-sessions-on-demand.js';
import type { Sessions } from '../../src/actions/create-sessions.js';
import * as sessionTools from '../../src/actions/session-tools.js';
import { SCENARIO_GRAPHS } from '../../src/conformance/scenarios.js';
import { memoryDraftStore } from '../../src/controller/draft-store.js';
import { loadOnce } from '../../src/loading/load-once.js';
import { onDemand } from '../../src/loading/on-demand.js';
import { textContent } from '../../src/protocol/content.js';
import { createGraphRunner, exampleHandlers } from '../../src/runner/index.js';
import { MemoryGraphRunService } from '../../src/service/memory/memory-graph-run-service.js';
import { untilSignal } from '../support/signals.js';

const QUESTION = { graphId: 'g', graph: SCENARIO_GRAPHS.question };
const ANSWER = { kind: 'text', content: textContent('beans') } as const;

type Tools = typeof sessionTools;

/** An import that the test settles. */
interface Import {
  readonly resolve: (tools: Tools) => void;
  readonly reject: (error: Error) => void;
}

/** Tools whose imports the test settles, one for each try. */
class HeldTools {
  readonly imports: Import[] = [];
  readonly tools = onDemand(
    loadOnce(() => new Promise<Tools>((resolve, reject) => this.imports.push({ resolve, reject }))),
  );

  arrive(): void {
    this.imports.at(-1)?.resolve(sessionTools);
  }

  fail(): void {
    this.imports.at(-1)?.reject(new TypeError('Failed to fetch dynamically imported module'));
  }
}

class Page {
  readonly held = new HeldTools();
  readonly service = new MemoryGraphRunService({
    runner: createGraphRunner({ handlers: exampleHandlers }),
  });
  readonly sessions: Sessions = createSessionsOnDemand(this.service, this.held.tools, {
    drafts: memoryDraftStore(),
  });

  constructor() {
    this.sessions.actions.monitor('g');
  }

  async question(): Promise<string> {
    const { run } = this.sessions;
    const [interaction] = await untilSignal(
      () => run.interactions,
      (interactions) => interactions.length > 0,
    );
    return interaction?.interactionId ?? '';
  }

  /** Starts a session. Resolves with its id when the list shows that it waits. */
  async waiting(): Promise<string> {
    const { sessionId } = await this.service.createSession(QUESTION);
    await untilSignal(
      () => this.sessions.history.needsInputCount,
      (count) => count === 1,
    );
    return sessionId;
  }

  failed(): Promise<unknown> {
    const { run } = this.sessions;
    return untilSignal(
      () => run.connection.phase,
      (phase) => phase === 'failed',
    );
  }
}

describe('sessions whose tools are loaded with the first session', () => {
  it('list the sessions without them', async () => {
    const { sessions, service, held } = new Page();
    const { sessionId } = await service.createSession(QUESTION);
    await untilSignal(
      () => sessions.history.getSession(sessionId),
      (row) => row?.status === 'suspended',
    );
    assert.equal(held.imports.length, 0);
    sessions.actions.dispose();
  });

  it('open a session at once, and have its events and answer it as soon as they are there', async () => {
    const page = new Page();
    const { sessions, service, held } = page;
    const { sessionId } = await service.createSession(QUESTION);
    const { run, actions } = sessions;
    actions.connect(sessionId);
    assert.equal(run.sessionId, sessionId);
    assert.equal(run.connection.phase, 'connecting');
    assert.equal(run.events.length, 0);
    assert.equal(run.summary.createdAt, 0);
    assert.equal(run.firstPosition, undefined);
    run.seek(3);
    assert.equal(run.position, undefined);
    held.arrive();
    const interactionId = await page.question();
    assert.equal(run.summary.question, 'What is the topic?');
    const answered = actions.answer(interactionId, ANSWER);
    assert.deepEqual(run.answerOf(interactionId), { phase: 'sending' });
    await answered;
    await untilSignal(
      () => run.status,
      (status) => status === 'completed',
    );
    actions.dispose();
  });

  it('watch only the session that was opened last, and none that was closed meanwhile', async () => {
    const page = new Page();
    const { sessions, service, held } = page;
    const { run, actions } = sessions;
    const first = await service.createSession(QUESTION);
    const second = await service.createSession(QUESTION);
    actions.connect(first.sessionId);
    actions.connect(second.sessionId);
    held.arrive();
    await page.question();
    assert.equal(run.sessionId, second.sessionId);
    assert.equal(run.summary.sessionId, second.sessionId);
    actions.disconnect();

    const closed = new Page();
    closed.sessions.actions.connect(first.sessionId);
    closed.sessions.actions.disconnect();
    closed.held.arrive();
    await closed.held.tools.load();
    assert.equal(closed.sessions.run.sessionId, undefined);
    assert.equal(closed.sessions.run.connection.phase, 'idle');
    actions.dispose();
    closed.sessions.actions.dispose();
  });

  it('say that they could not be loaded, and load them again when a person tries again', async () => {
    const page = new Page();
    const { sessions, service, held } = page;
    const { sessionId } = await service.createSession(QUESTION);
    sessions.actions.connect(sessionId);
    held.fail();
    await page.failed();
    assert.equal(sessions.run.connection.error?.code, 'network');
    sessions.actions.retryNow();
    assert.equal(sessions.run.connection.phase, 'connecting');
    held.arrive();
    await page.question();
    assert.equal(held.imports.length, 2);
    sessions.actions.dispose();
  });

  it('load them again when the list is live again', async () => {
    const page = new Page();
    const { sessions, service, held } = page;
    const { sessionId } = await service.createSession(QUESTION);
    sessions.actions.connect(sessionId);
    held.fail();
    await page.failed();
    sessions.actions.stopMonitor();
    sessions.actions.monitor('g');
    await untilSignal(
      () => sessions.run.connection.phase,
      (phase) => phase === 'connecting',
    );
    held.arrive();
    await page.question();
    sessions.actions.dispose();
  });

  it('open the inbox at once, and have its sessions as soon as they are there', async () => {
    const page = new Page();
    const { sessions, held } = page;
    const sessionId = await page.waiting();
    const { inbox } = sessions.actions;
    assert.ok(inbox !== undefined);
    inbox.open();
    inbox.skip();
    assert.equal(inbox.state.isOpen, true);
    assert.equal(inbox.state.queue.entries.length, 0);
    const failing = held.tools.load();
    held.fail();
    await assert.rejects(failing);
    assert.equal(inbox.state.isOpen, true);
    const loading = held.tools.load();
    held.arrive();
    await loading;
    const [question] = await untilSignal(
      () => inbox.state.questionsOf(sessionId) ?? [],
      (questions) => questions.length === 1,
    );
    assert.deepEqual(
      inbox.state.queue.entries.map((entry) => entry.sessionId),
      [sessionId],
    );
    await inbox.answer(question?.interactionId ?? '', ANSWER);
    await untilSignal(
      () => sessions.history.getSession(sessionId)?.status,
      (status) => status === 'completed',
    );
    sessions.actions.dispose();
  });

  it('leave an inbox closed that was closed before they were there', async () => {
    const page = new Page();
    const { sessions, held } = page;
    await page.waiting();
    const { inbox } = sessions.actions;
    inbox?.open();
    inbox?.close();
    const loading = held.tools.load();
    held.arrive();
    await loading;
    await held.tools.loaded;
    assert.equal(inbox?.state.isOpen, false);
    assert.equal(inbox.state.queue.entries.length, 0);
    inbox.open();
    assert.equal(inbox.state.queue.entries.length, 1);
    sessions.actions.dispose();
  });

  it('reject the reading of a log with the reason', async () => {
    const { sessions, service, held } = new Page();
    const { sessionId } = await service.createSession(QUESTION);
    const reading = sessions.actions.readLog?.(sessionId);
    held.fail();
    await assert.rejects(reading ?? Promise.resolve(), { code: 'network' });
    sessions.actions.dispose();
  });
});
