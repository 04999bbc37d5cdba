import { watch } from 'graph-sessions';
import 'graph-sessions/define.js';
import { graphId, runGraph, sessions } from './sessions.js';

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

part('run').addEventListener('click', runGraph);
part('toggle').addEventListener('click', () => {
  if (panel.isConnected) panel.remove();
  else part('side').append(panel);
  part('toggle').setAttribute('aria-expanded', String(panel.isConnected));
});

/** An element of the page. */
function part(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}.`);
  return element;
}
