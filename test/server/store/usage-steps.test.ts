import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createGraphRunner } from '../../../src/runner/index.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';
import { baseUrlOf, startTestServer } from '../../support/recorded-session.js';
import { temporaryDirectory } from '../../support/server.js';

/** Reads the row of the list that `isWanted`. */
async function rowOf(baseUrl: string, isWanted: (row: SessionSummary) => boolean): Promise<SessionSummary> {
  for await (const messages of new HttpGraphRunService({ baseUrl }).monitorSessions('g')) {
    for (const message of messages) if (message.kind === 'row' && isWanted(message.row)) return message.row;
  }
  throw new Error('The list has ended.');
}

it('a row has the usage at once, and still after the server was restarted in the middle of the run', async (t) => {
  const store = await temporaryDirectory(t);
  const runner = () =>
    createGraphRunner({
      handlers: {
        model: {
          isIdempotent: true,
          async run({ emit, ask }) {
            await emit({
              type: 'agentEvent',
              event: { usage: { model: 'x', inputTokens: 40, costUsd: 0.5 } },
            });
            await ask({ waitForInput: {} });
            await emit({ type: 'agentEvent', event: { usage: { model: 'x', inputTokens: 2 } } });
            return {};
          },
        },
      },
    });
  const first = await startTestServer({ store, runner: runner() });
  const service = new HttpGraphRunService({ baseUrl: baseUrlOf(first) });
  const graph = { nodes: [{ id: 'a', type: 'model' }], edges: [] };
  await service.createSession({ graphId: 'g', graph });
  const row = await rowOf(baseUrlOf(first), ({ status }) => status === 'suspended');
  assert.deepEqual(row.usage, { inputTokens: 40, costUsd: 0.5 });
  await first.close();
  const second = await startTestServer({ store, runner: runner() });
  t.after(() => second.close());
  const again = new HttpGraphRunService({ baseUrl: baseUrlOf(second) });
  for await (const { messages } of again.connectSession(row.sessionId)) {
    const asked = messages.find(
      (message) => message.kind === 'event' && message.event.type === 'inputRequired',
    );
    if (asked?.kind !== 'event' || asked.event.type !== 'inputRequired') continue;
    await again.resumeSession(row.sessionId, asked.event.interactionId, {
      input: { parts: [{ text: 'x' }] },
    });
    break;
  }
  const ended = await rowOf(baseUrlOf(second), ({ status }) => status === 'completed');
  assert.deepEqual(ended.usage, { inputTokens: 42, costUsd: 0.5 });
});
