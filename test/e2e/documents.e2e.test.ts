import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';
import { codeOf } from '../support/document-code.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = (path: string) => join(root, 'dist', path);
const EMBEDDING = 'docs/embedding.md';
const BASE_PATH = '/v1beta1/graphSessions';

describe('the code of the documents, on the built package', () => {
  let folder: string;
  let backend: ChildProcess;
  let backendUrl: string;
  let pages: ViteDevServer;
  let pagesUrl: string;
  let browser: Browser;

  before(async () => {
    // Within the project, so that the package's own name and its peers are found as for a host.
    await mkdir(join(root, '.tmp'), { recursive: true });
    folder = await mkdtemp(join(root, '.tmp', 'documents-'));
    const page = (body: string) =>
      `<!doctype html><html lang="en"><title>Documents</title><link rel="icon" href="data:," /><body>${body}</body></html>`;
    await Promise.all([
      writeFile(join(folder, 'plain.html'), page(await codeOf(EMBEDDING, 'In plain HTML', 'html'))),
      writeFile(join(folder, 'editor.html'), page('<script type="module" src="/editor.ts"></script>')),
      writeFile(join(folder, 'tabs.html'), page('<script type="module" src="/tabs.ts"></script>')),
      writeFile(
        join(folder, 'tabs.ts'),
        `import 'graph-sessions/define.js';
        ${await codeOf(EMBEDDING, 'Many tabs', 'ts')}
        const panel = document.createElement('sessions-panel');
        Object.assign(panel, { history, run, actions, graphId: 'tabs' });
        document.body.append(panel);`,
      ),
      writeFile(join(folder, 'editor.ts'), await codeOf(EMBEDDING, 'In an editor', 'ts')),
    ]);
    await startBackend();
    pages = await createServer({
      root: folder,
      configFile: false,
      logLevel: 'error',
      server: {
        port: 0,
        host: '127.0.0.1',
        hmr: false,
        ws: false,
        proxy: { [BASE_PATH]: { target: backendUrl, changeOrigin: true } },
      },
      resolve: {
        alias: [
          { find: /^graph-sessions$/, replacement: dist('index.js') },
          { find: 'graph-sessions/define.js', replacement: dist('define.js') },
        ],
        dedupe: ['lit', 'signal-polyfill'],
        conditions: ['module', 'browser', 'production'],
      },
      optimizeDeps: { noDiscovery: true },
    });
    await pages.listen();
    pagesUrl = pages.resolvedUrls?.local[0] ?? '';
    browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
  });

  after(async () => {
    await browser.close();
    await pages.close();
    backend.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the server code unchanged except for its port and a line that prints it. */
  async function startBackend(): Promise<void> {
    const served = await codeOf('docs/server.md', 'In your own server', 'ts');
    const code = served.replace('listen(8787,', 'listen(0,');
    const tell = `server.on('listening', () => console.log(JSON.stringify(server.address())));`;
    await writeFile(join(folder, 'server.ts'), `${code}\n${tell}\n`);
    backend = spawn(process.execPath, ['--import', 'tsx', 'server.ts'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(backend.stdout !== null);
    for await (const line of createInterface(backend.stdout)) {
      const { port } = JSON.parse(line) as { readonly port: number };
      backendUrl = `http://127.0.0.1:${port}`;
      return;
    }
    assert.fail('the server of the document does not start');
  }

  async function withPage(path: string, body: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) problems.push(message.text());
    });
    await page.goto(`${pagesUrl}${path}`);
    await body(page);
    await page.close();
    assert.deepEqual(problems, []);
  }

  it('on a server: a custom node type asks, and continues with the answer', async () => {
    const call = async (path: string, body?: unknown) => {
      const response = await fetch(`${backendUrl}${BASE_PATH}${path}`, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: { 'Content-Type': 'application/json' },
      });
      assert.equal(response.status, 200);
      return (await response.json()) as {
        sessionId: string;
        events: { type: string; interactionId?: string; text?: string }[];
      };
    };
    const graph = { title: 'Greeting', nodes: [{ id: 'greet', type: 'greet' }] };
    const { sessionId } = await call('/new', { graphId: 'greeting', graph });
    // Up to 30 s for the event after the start of the graph and of the node: the question.
    const { events } = await call(`/${sessionId}/events?after=1&wait=30`);
    const { interactionId } = events[0] ?? {};
    const response = { input: { parts: [{ text: 'Ada' }] } };
    await call(`/${sessionId}:resume`, { interactionId, response });
    for (let types: string[] = []; !types.includes('graphComplete');) {
      const log = await call(`/${sessionId}/events?after=-1`);
      types = log.events.map(({ type }) => type);
      if (!types.includes('graphComplete'))
        await call(`/${sessionId}/events?after=${types.length - 1}&wait=30`);
      else assert.ok(log.events.some(({ text }) => text === 'Nice to meet you.'));
    }
  });

  it('in plain HTML: the panel shows the sessions of its graph', async () => {
    await withPage('plain.html', async (page) => {
      await page.getByText('No sessions yet').waitFor();
      const graph = { title: 'From elsewhere', nodes: [{ id: 'greet', type: 'greet' }] };
      await fetch(`${backendUrl}${BASE_PATH}/new`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ graphId: 'haiku', graph }),
      });
      await page.getByText('From elsewhere').first().waitFor();
      await page.getByText('Who are you?').first().waitFor();
    });
  });

  it('in an editor: the run is started, shown in the panel and on the editor’s own canvas', async () => {
    await withPage('editor.html', async (page) => {
      await page.getByText('topic: suspended').waitFor();
      await page.getByRole('textbox').last().fill('Green beans');
      await page.getByRole('button', { name: /Send/ }).click();
      await page.getByText('topic: completed').waitFor();
    });
  });

  it('many tabs: each shows what happens in the others', async () => {
    const context = await browser.newContext();
    const tabs = [await context.newPage(), await context.newPage()];
    for (const tab of tabs) {
      await tab.goto(`${pagesUrl}tabs.html`);
      await tab.getByText('No sessions yet').waitFor();
    }
    const graph = { title: 'From elsewhere', nodes: [{ id: 'greet', type: 'greet' }] };
    await fetch(`${backendUrl}${BASE_PATH}/new`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ graphId: 'tabs', graph }),
    });
    for (const tab of tabs) await tab.getByText('From elsewhere').first().waitFor();
    await context.close();
  });
});
