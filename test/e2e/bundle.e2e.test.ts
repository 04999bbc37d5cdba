import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';
import { createGraphRunner, exampleHandlers } from '../../src/runner/index.js';
import { createGraphSessionsHandler, openStore, toNodeListener } from '../../src/server/index.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import { codeOf } from '../support/document-code.js';

const HEADING = 'In one file, without a bundler';
const BASE_PATH = '/v1beta1/graphSessions';

/** Nothing is allowed but the files of the site, without inline scripts and styles. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html graph-sessions-page',
].join('; ');

describe('dist/bundle.js, in a page without a bundler and with a strict policy', () => {
  let server: Server;
  let url: string;
  let browser: Browser;
  const requested: string[] = [];

  before(async () => {
    const runner = createGraphRunner({ handlers: exampleHandlers });
    const sessions = createGraphSessionsHandler({ store: await openStore('memory'), runner });
    server = createServer(
      answering(await siteFiles(), toNodeListener(sessions), (path) => requested.push(path)),
    );
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    url = `http://127.0.0.1:${address.port}`;
    const node = {
      id: 'topic',
      type: 'ask-text',
      title: 'Topic',
      configuration: { prompt: '**Which** topic?' },
    };
    await new HttpGraphRunService({ baseUrl: url + BASE_PATH }).createSession({
      graphId: 'haiku',
      graph: { title: 'Haiku', nodes: [node], edges: [] },
    });
    browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
  });

  after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  /** Opens a page of the site; fails when the page throws, or its console warns. */
  async function withPage(path: string, body: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) problems.push(message.text());
    });
    await page.goto(url + path);
    await body(page);
    await page.close();
    assert.deepEqual(problems, []);
  }

  it('shows the sessions of a server, asks a question, takes its answer, and loads nothing else', async () => {
    requested.length = 0;
    await withPage('/', async (page) => {
      await page.getByRole('button', { name: /^Needs input/ }).click();
      const card = page.getByRole('group', { name: 'Question · Topic' });
      await card.locator('strong', { hasText: 'Which' }).waitFor();
      await card.getByRole('textbox').fill('Rain');
      await card.getByRole('button', { name: /^Send/ }).click();
      await page.getByRole('button', { name: /^Completed/ }).waitFor();
    });
    assert.deepEqual(
      requested.filter((path) => !path.startsWith(BASE_PATH)),
      ['/', '/bundle.js'],
    );
  });

  it('exports the state for a script of the page', async () => {
    await withPage('/page.html', async (page) => {
      await page.getByRole('region', { name: 'Sessions', exact: true }).waitFor();
      await page.getByRole('button', { name: /^(Needs input|Completed)/ }).waitFor();
    });
  });
});

/** The site: the code of the document, and the file that is to be copied. */
async function siteFiles(): Promise<ReadonlyMap<string, string>> {
  const page = (body: string) =>
    `<!doctype html><html lang="en"><title>Site</title><link rel="icon" href="data:," /><body>${body}</body></html>`;
  return new Map([
    ['/', page(await codeOf('docs/embedding.md', HEADING, 'html'))],
    ['/page.html', page('<script type="module" src="/page.js"></script>')],
    ['/page.js', await codeOf('docs/embedding.md', HEADING, 'js')],
    ['/bundle.js', await readFile(new URL('../../dist/bundle.js', import.meta.url), 'utf8')],
  ]);
}

function answering(
  files: ReadonlyMap<string, string>,
  answerSessions: RequestListener,
  onRequest: (path: string) => void,
): RequestListener {
  return (request, response) => {
    const path = request.url ?? '';
    onRequest(path);
    if (path.startsWith(BASE_PATH)) {
      answerSessions(request, response);
      return;
    }
    const file = files.get(path);
    response.writeHead(file === undefined ? 404 : 200, {
      'Content-Type': path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
    });
    response.end(file);
  };
}
