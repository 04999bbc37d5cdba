import './nonce.js';
import { createSessions, HttpGraphRunService, watch } from 'graph-sessions';
import 'graph-sessions/define.js';

const part = (id) => document.getElementById(id);

const graphId = 'hello';
const graph = {
  title: 'Hello',
  nodes: [
    {
      id: 'name',
      type: 'ask-text',
      metadata: { title: 'Name' },
      configuration: { prompt: 'What is your name?' },
    },
    { id: 'result', type: 'output', metadata: { title: 'Result' } },
  ],
  edges: [{ from: 'name', to: 'result' }],
};

const sessions = createSessions(new HttpGraphRunService({ baseUrl: '/v1beta1/graphSessions' }));
const panel = document.createElement('sessions-panel');
Object.assign(panel, { ...sessions, graphId });
part('side').append(panel);

panel.addEventListener('session-connect', (event) => {
  part('opened').textContent = `Opened ${event.sessionId}`;
});

watch(
  () => sessions.history.needsInputCount,
  (waiting) => {
    part('toggle').textContent = `Sessions (${waiting})`;
  },
);

watch(
  () => sessions.run.nodes,
  (nodes) => {
    const lines = [...nodes.values()].map(({ title, status }) => {
      const line = document.createElement('li');
      line.textContent = `${title}: ${status}`;
      return line;
    });
    part('canvas').replaceChildren(...lines);
  },
);

part('run').addEventListener('click', () => sessions.actions.start({ graphId, graph }));
part('toggle').addEventListener('click', () => {
  if (panel.isConnected) panel.remove();
  else part('side').append(panel);
  part('toggle').setAttribute('aria-expanded', String(panel.isConnected));
});
