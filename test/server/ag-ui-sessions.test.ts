import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import { createAgUiRunner } from '../../src/runner/index.js';
import { startServer } from '../../src/server/index.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import { runFinished, runStarted, says, startAgent, type AgentScript } from '../support/scripted-agent.js';

const graph = { nodes: [{ id: 'agent', type: 'ag-ui', configuration: { agent: 'a', input: 'Go' } }] };

const asking: AgentScript = ({ input, send, end }) => {
  send(runStarted(input), { type: 'STEP_STARTED', stepName: 'ask' });
  if (input['resume'] === undefined)
    send(runFinished(input, { id: 'q', reason: 'input', message: 'Topic?' }));
  else
    send(
      ...says(JSON.stringify(input['resume'])),
      { type: 'STEP_FINISHED', stepName: 'ask' },
      runFinished(input),
    );
  end();
};

async function serve(t: TestContext, script: AgentScript) {
  const agent = await startAgent(script);
  t.after(() => agent.close());
  const runner = createAgUiRunner({ agents: { a: { url: agent.url } } });
  const server = await startServer({ port: 0, store: 'memory', runner });
  t.after(() => server.close());
  return { agent, service: new HttpGraphRunService({ baseUrl: `${server.url}/v1beta1/graphSessions` }) };
}

/** Reads a session until an event of a type. */
async function readUntil(
  service: HttpGraphRunService,
  sessionId: string,
  type: GraphRunEvent['type'],
): Promise<readonly GraphRunEvent[]> {
  const events: GraphRunEvent[] = [];
  for await (const { messages } of service.connectSession(sessionId))
    for (const message of messages) {
      if (message.kind !== 'event') continue;
      events.push(message.event);
      if (message.event.type === type) return events;
    }
  return events;
}

it('a session of an AG-UI agent is listed, read by two viewers alike, and takes an answer once', async (t) => {
  const { agent, service } = await serve(t, asking);
  const { sessionId } = await service.createSession({ graphId: 'g', graph });
  await readUntil(service, sessionId, 'inputRequired');
  const response = { input: { role: 'user', parts: [{ text: 'beans' }] } };
  const answers = await Promise.all([
    service.resumeSession(sessionId, '1/q', response),
    service.resumeSession(sessionId, '1/q', response),
  ]);
  assert.deepEqual(answers.map(({ isDuplicate }) => isDuplicate).filter(Boolean).length, 1);
  const first = await readUntil(service, sessionId, 'graphComplete');
  const second = await readUntil(service, sessionId, 'graphComplete');
  assert.deepEqual(second, first);
  assert.equal(agent.inputs.length, 2);
  assert.deepEqual(
    first.map((event) => ('nodeId' in event ? `${event.type} ${event.nodeId}` : event.type)),
    [
      'graphStart',
      'nodeStart agent',
      'nodeStart agent/ask',
      'inputRequired agent',
      'inputResolved agent',
      'agentEvent agent/ask',
      'nodeEnd agent/ask',
      'nodeEnd agent',
      'graphComplete',
    ],
  );
});

it('a session whose step is open while its agent asks waits for a person', async (t) => {
  const { service } = await serve(t, asking);
  const { sessionId } = await service.createSession({ graphId: 'g', graph });
  await readUntil(service, sessionId, 'inputRequired');
  for await (const messages of service.monitorSessions('g'))
    for (const message of messages)
      if (message.kind === 'row') return assert.equal(message.row.status, 'suspended');
  assert.fail('The list has no row.');
});

it('a session of an AG-UI agent is refused when there is no such agent', async (t) => {
  const { service } = await serve(t, asking);
  const node = { id: 'agent', type: 'ag-ui', configuration: { agent: 'b' } };
  await assert.rejects(service.createSession({ graphId: 'g', graph: { nodes: [node] } }), /no agent “b”/);
});
