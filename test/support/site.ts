import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';
import { createGraphRunner, exampleHandlers } from '../../src/runner/index.js';
import { createGraphSessionsHandler, openStore, toNodeListener } from '../../src/server/index.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';

/** Path of the session server of a site. */
export const BASE_PATH = '/v1beta1/graphSessions';

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

/** What a test does with a page. */
export interface SitePage {
  readonly page: Page;
  /** From here on messages of the browser's console that match are no failure. */
  allowConsole(pattern: RegExp): void;
}

/** A site of a few files with a strict policy, a session server behind it, and a browser. */
export class Site {
  readonly url: string;
  /** Paths that were requested, oldest first; without those of the session server. */
  readonly requested: string[] = [];
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(server: Server, browser: Browser) {
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    this.url = `http://127.0.0.1:${address.port}`;
    this.#server = server;
    this.#browser = browser;
  }

  /** @param files the text of each file by its path */
  static async start(files: ReadonlyMap<string, string>): Promise<Site> {
    const runner = createGraphRunner({ handlers: exampleHandlers });
    const answerSessions = toNodeListener(
      createGraphSessionsHandler({ store: await openStore('memory'), runner }),
    );
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      if (path.startsWith(BASE_PATH)) {
        answerSessions(request, response);
        return;
      }
      site.requested.push(path);
      const file = files.get(path.replace(/\?.*$/, ''));
      response.writeHead(file === undefined ? 404 : 200, {
        'Content-Type': /\.js(\?|$)/.test(path) ? 'text/javascript' : 'text/html; charset=utf-8',
        'Content-Security-Policy': POLICY,
      });
      response.end(file);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const browser = await chromium.launch({
      executablePath: findOrInstallBrowser(),
      args: browserArguments(),
    });
    const site = new Site(server, browser);
    return site;
  }

  /** Starts a session of the graph `haiku`, whose node “Topic” asks for a text. */
  async createSession(): Promise<void> {
    const node = {
      id: 'topic',
      type: 'ask-text',
      title: 'Topic',
      configuration: { prompt: '**Which** topic?' },
    };
    await new HttpGraphRunService({ baseUrl: this.url + BASE_PATH }).createSession({
      graphId: 'haiku',
      graph: { title: 'Haiku', nodes: [node], edges: [] },
    });
  }

  /** Gives a page that shows nothing yet. Fails when it throws, or when its console warns. */
  async withPage(body: (test: SitePage) => Promise<void>): Promise<void> {
    const page = await this.#browser.newPage();
    page.setDefaultTimeout(15_000);
    const problems: string[] = [];
    const allowed: RegExp[] = [];
    page.on('pageerror', ({ message }) => problems.push(`uncaught: ${message}`));
    page.on('console', (message) => {
      const text = message.text();
      if (!['warning', 'error'].includes(message.type())) return;
      if (!allowed.some((pattern) => pattern.test(text))) problems.push(text);
    });
    try {
      await body({ page, allowConsole: (pattern) => allowed.push(pattern) });
    } finally {
      await page.close();
    }
    assert.deepEqual(problems, []);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** A page of a site, by its body. */
export function sitePage(body: string): string {
  return `<!doctype html><html lang="en"><title>Site</title><link rel="icon" href="data:," /><body>${body}</body></html>`;
}
