import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SCENARIO_GRAPHS } from '../../../src/conformance/scenarios.js';
import { SERVICE_CASES } from '../../../src/conformance/service-cases.js';
import { readList, readSession } from '../../../src/conformance/watching.js';
import type { GraphRunner } from '../../../src/runner/graph-runner.js';
import { exampleHandlers, createGraphRunner } from '../../../src/runner/index.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { watch } from '../../support/watch.js';

describe('MemoryGraphRunService', () => {
  const service = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
  for (const { name, run } of SERVICE_CASES) {
    it(name, { timeout: 10_000 }, () => run({ service }));
  }

  for (const when of ['start', 'resume'] as const) {
    it(`a run that its engine gives up at its ${when} has failed, with the reason`, async () => {
      const givesUp = (at: string) => async () => {
        if (at === when) throw new Error('no engine');
      };
      const runner = { validate: () => undefined, start: givesUp('start'), resume: givesUp('resume') };
      const asking: GraphRunner = {
        ...runner,
        async start(session) {
          const question = { nodeId: 'n', interactionId: 'i', suspendEvent: { riddle: {} } };
          await session.append(() => [{ type: 'inputRequired', ...question }]);
          await runner.start();
        },
      };
      const memory = new MemoryGraphRunService({ runner: asking });
      const { sessionId } = await memory.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
      if (when === 'resume') await memory.resumeSession(sessionId, 'i', {});
      const { events, ended } = watch(memory.connectSession(sessionId));
      assert.equal(await ended, undefined);
      const last = events.at(-1);
      assert.equal(last?.type === 'graphError' && last.error, 'no engine');
    });
  }

  it('has the name of the person who starts and answers, where the page gives one', async () => {
    let name: string | undefined = ' Ann \u202e Lee ';
    const named = new MemoryGraphRunService({
      runner: createGraphRunner({ handlers: exampleHandlers }),
      personName: () => name,
    });
    const { sessionId } = await named.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    const { events } = await readSession(named, sessionId, (reading) =>
      reading.events.some(({ type }) => type === 'inputRequired'),
    );
    const question = events.find((event) => event.type === 'inputRequired');
    assert.ok(question?.type === 'inputRequired');
    name = 'Bo';
    await named.resumeSession(sessionId, question.interactionId, { input: { parts: [{ text: 'beans' }] } });
    name = undefined;
    const again = await named.rerunSession(sessionId);
    const whole = await readSession(named, sessionId);
    assert.deepEqual(
      whole.events.flatMap((event) => {
        if (event.type === 'graphStart') return [event.startedBy];
        return event.type === 'inputResolved' ? [event.answeredBy] : [];
      }),
      ['Ann Lee', 'Bo'],
    );
    const unnamed = await readSession(named, again.sessionId, ({ events: soFar }) => soFar.length > 0);
    assert.ok(unnamed.events.every((event) => !('startedBy' in event)));
    const { rows } = await readList(named, 'g', ({ isComplete }) => isComplete);
    const row = rows.get(sessionId);
    assert.deepEqual([row?.startedBy, row?.answeredBy], ['Ann Lee', 'Bo']);
  });

  it('a cursor of another service means the beginning', async () => {
    const { sessionId } = await service.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    await service.cancelSession(sessionId);
    const { events, ended } = watch(service.connectSession(sessionId, { cursor: '7@log' }));
    assert.equal(await ended, undefined);
    assert.deepEqual([events[0]?.type, events.at(-1)?.type], ['graphStart', 'graphCancelled']);
  });
});
