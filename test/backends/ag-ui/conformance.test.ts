import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { SERVICE_CASES } from '../../../src/conformance/service-cases.js';
import { readSession } from '../../../src/conformance/watching.js';
import type { GraphRunEvent, GraphRunEventOf } from '../../../src/protocol/events.js';
import { toInteraction, toResponse } from '../../../src/protocol/questions/interactions.js';
import { AgUiServer, graphOfAgent } from '../../support/ag-ui-server.js';

const isQuestion = (event: GraphRunEvent): event is GraphRunEventOf<'inputRequired'> =>
  event.type === 'inputRequired';

describe('agents that use the packages of AG-UI, behind the session server', () => {
  let server: AgUiServer | undefined;

  before(async () => {
    server = await AgUiServer.start();
  });
  after(async () => {
    await server?.remove();
  });

  it('every event of the protocol is taken, and the run completes', { timeout: 30_000 }, async (t) => {
    if (server === undefined) return t.skip('its packages are not installed');
    const script = await readFile(new URL('scripts.mjs', import.meta.url), 'utf8');
    const body = script.slice(script.indexOf('export function everything'));
    const types = await server.eventTypes();
    assert.ok(Array.isArray(types) && types.length > 0);
    const missing = types.filter((type) => !script.includes(`'${String(type)}'`));
    // The server of the agents sends those that frame a run.
    assert.deepEqual(missing, ['RUN_STARTED', 'RUN_FINISHED']);
    assert.ok(body.includes("'SUBAGENT_ERROR'"));
    const service = server.service();
    const { sessionId } = await service.createSession({ graphId: 'all', graph: graphOfAgent('everything') });
    const { events } = await readSession(service, sessionId);
    const words = events.map((event) => {
      const nodeId = 'nodeId' in event && event.nodeId !== undefined ? ` ${event.nodeId}` : '';
      const kind = event.type === 'agentEvent' ? ` ${Object.keys(event.event).join()}` : '';
      return `${event.type}${nodeId}${kind}`;
    });
    assert.deepEqual(words, [
      'graphStart',
      'nodeStart agent',
      'agentEvent agent STATE_SNAPSHOT',
      'agentEvent agent STATE_DELTA',
      'agentEvent agent MESSAGES_SNAPSHOT',
      'agentEvent agent ACTIVITY_SNAPSHOT',
      'agentEvent agent ACTIVITY_DELTA',
      'agentEvent agent CUSTOM',
      'thoughtEvent agent',
      'thoughtEvent agent',
      'nodeStart agent/cook',
      'agentEvent agent/cook content',
      'nodeEnd agent/cook',
      'agentEvent agent functionCall',
      'agentEvent agent functionResult',
      'agentEvent agent functionCall',
      'agentEvent agent content',
      'nodeStart agent@one',
      'nodeEnd agent@one',
      'nodeStart agent@two',
      'nodeError agent@two',
      'nodeEnd agent',
      'graphComplete',
    ]);
  });

  it(
    'calls that wait for approval are reviews, and their decisions are payloads of the schema',
    { timeout: 30_000 },
    async (t) => {
      if (server === undefined) return t.skip('its packages are not installed');
      const service = server.service();
      const { sessionId } = await service.createSession({
        graphId: 'approve',
        graph: graphOfAgent('approve'),
      });
      const { events: asked } = await readSession(
        service,
        sessionId,
        ({ events }) => events.filter(isQuestion).length === 2,
      );
      const reviews = asked.filter(isQuestion).map((event) => toInteraction(event));
      assert.deepEqual(
        reviews.map((review) => (review.kind === 'review' ? review.actions : review.kind)),
        [
          [
            {
              name: 'send_mail',
              args: { to: 'ann@example.org', text: 'Beans?' },
              description: 'A mail to Ann',
              allowed: ['approve', 'edit', 'reject'],
            },
          ],
          [
            {
              name: 'delete_file',
              args: { path: 'beans.txt' },
              description: '',
              allowed: ['approve', 'reject'],
            },
          ],
        ],
      );
      const decisions = [
        { type: 'edit', args: { to: 'ben@example.org' } },
        { type: 'reject', message: 'never' },
      ] as const;
      for (const [position, review] of reviews.entries()) {
        const decision = decisions[position];
        assert.ok(decision !== undefined);
        const response = toResponse(review, { kind: 'review', decisions: [decision] });
        await service.resumeSession(sessionId, review.interactionId, response);
      }
      const { events } = await readSession(service, sessionId);
      assert.equal(events.at(-1)?.type, 'graphComplete');
      const results = events.flatMap((event) =>
        event.type === 'agentEvent' && 'functionResult' in event.event ? [JSON.stringify(event.event)] : [],
      );
      assert.equal(results.length, 2);
      assert.match(results[0] ?? '', /approved\\":true,\\"editedArgs\\":\{\\"to\\":\\"ben@example\.org/);
      assert.match(results[1] ?? '', /approved\\":false,\\"reason\\":\\"never/);
    },
  );

  describe('as a service', { concurrency: 4 }, () => {
    for (const { name, run } of SERVICE_CASES) {
      it(name, { timeout: 30_000 }, async (t) => {
        if (server === undefined) return t.skip('its packages are not installed');
        await run({
          service: server.service(),
          request: (scenario, graphId) => ({ graphId, graph: graphOfAgent(scenario) }),
          nodeOf: (nodeId) => (nodeId.startsWith('agent/') ? nodeId.slice('agent/'.length) : undefined),
        });
      });
    }
  });

  it('nothing that was sent, in either direction, broke the schemas and the rules of AG-UI', async (t) => {
    if (server === undefined) return t.skip('its packages are not installed');
    assert.deepEqual(await server.problems(), []);
  });
});
