import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, it } from 'node:test';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a module in a Node process of its own, on the built package, and returns what it prints. */
async function printed(code: string): Promise<string> {
  const args = ['--unhandled-rejections=strict', '--input-type=module', '-e', code];
  const { stdout, stderr } = await run(process.execPath, args, { cwd: root });
  assert.equal(stderr, '');
  return stdout;
}

describe('on a server', () => {
  it('@lit-labs/ssr renders the panel, with its attributes, its toolbar and the places of its rows', async () => {
    const page = await printed(`
      import { render } from '@lit-labs/ssr';
      import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
      import { html } from 'lit';
      import 'graph-sessions/define.js';
      const panel = html\`<sessions-panel endpoint="/v1beta1/graphSessions" graph-id="haiku"></sessions-panel>\`;
      console.log(await collectResult(render(panel)));`);
    assert.match(page, /<sessions-panel [^>]*graph-id="haiku"/);
    assert.match(page, /<template shadowroot="open" shadowrootmode="open"/);
    assert.match(page, /aria-label="Sessions"/);
    assert.match(page, /<sessions-panel-list/);
  });

  it('@lit-labs/ssr renders the panel with state of the host', async () => {
    const page = await printed(`
      import { render } from '@lit-labs/ssr';
      import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
      import { html } from 'lit';
      import { createSessions, MemoryGraphRunService } from 'graph-sessions';
      import { createGraphRunner } from 'graph-sessions/runner';
      import 'graph-sessions/define.js';
      const runner = createGraphRunner({ handlers: {} });
      const { history, run, actions, drafts } = createSessions(new MemoryGraphRunService({ runner }));
      const panel = html\`<sessions-panel
        .history=\${history} .run=\${run} .actions=\${actions} .drafts=\${drafts}></sessions-panel>\`;
      console.log(await collectResult(render(panel)));`);
    assert.match(page, /aria-label="Sessions"/);
  });

  it('React renders the empty drawer of graph-sessions/react-drawer around its panel', async () => {
    const page = await printed(`
      import { createElement } from 'react';
      import { renderToString } from 'react-dom/server';
      import { SessionsPanel } from 'graph-sessions/react';
      import { SessionsDrawer } from 'graph-sessions/react-drawer';
      const panel = createElement(SessionsPanel, { graphId: 'haiku' });
      console.log(renderToString(createElement(SessionsDrawer, { position: 'right' }, panel)));`);
    assert.equal(page.trim(), '<sessions-drawer><sessions-panel></sessions-panel></sessions-drawer>');
  });

  it('React renders the empty element of graph-sessions/react, without a warning', async () => {
    const page = await printed(`
      import { createElement } from 'react';
      import { renderToString } from 'react-dom/server';
      import { SessionsPanel } from 'graph-sessions/react';
      const onSessionConnect = () => undefined;
      console.log(renderToString(createElement(SessionsPanel, { graphId: 'haiku', className: 'side', onSessionConnect })));`);
    assert.equal(page.trim(), '<sessions-panel class="side"></sessions-panel>');
  });
});
