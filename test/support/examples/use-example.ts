import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import type { ExampleApp } from './example-app.js';
import { visit } from './visit.js';
import { VscodeHost } from './vscode-host.js';

/** Starts a built example and does with it what a person does, see `visit`. */
export async function useExample(name: string, app: ExampleApp, browser: Browser): Promise<void> {
  if (name === 'vscode-webview') {
    await useWebview(app, browser);
    return;
  }
  await app.start('server');
  await app.start('start');
  await visit(browser, app.url, {
    hasServer: name !== 'no-server',
    // Their servers have no stream for lists.
    listStreams: ['langgraph', 'mastra'].includes(name) ? 0 : 1,
  });
  if (name === 'next') await checkServerRendering(app.url);
}

/** Uses the example for VS Code with the variables of a theme and what a webview has instead of a window. */
async function useWebview(app: ExampleApp, browser: Browser): Promise<void> {
  const host = await VscodeHost.open(app.folder, 'exampleEditor.open');
  try {
    const theme = await readFile(new URL('../../fixtures/vscode/dark-modern.json', import.meta.url), 'utf8');
    await visit(browser, host.url, {
      async prepare(page) {
        await page.exposeFunction('postToExtension', (message: unknown) => host.receive(message));
        await page.addInitScript(`
          globalThis.acquireVsCodeApi = () => ({ postMessage: globalThis.postToExtension });
          addEventListener('DOMContentLoaded', () => {
            const { kind, variables } = ${theme};
            document.body.classList.add(kind);
            document.body.dataset.vscodeThemeKind = kind;
            for (const [name, value] of Object.entries(variables))
              document.documentElement.style.setProperty(name, value);
          });`);
      },
    });
    assert.ok(host.titles.includes('My editor (1)'), `The titles were ${host.titles.join(', ')}.`);
    assert.equal(host.titles.at(-1), 'My editor');
  } finally {
    await host.close();
  }
}

/** The page that the server sends has the element, where it will be shown. */
async function checkServerRendering(url: string): Promise<void> {
  const page = await (await fetch(url)).text();
  assert.match(page, /<div style="height:480px"><sessions-panel><\/sessions-panel><\/div>/);
}
