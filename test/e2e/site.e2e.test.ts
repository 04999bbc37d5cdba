import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';
import { axeViolations } from '../support/axe.js';
import { DemoPage } from '../support/demo-page.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

describe('the documentation site', () => {
  let folder: string;
  let files: Server;
  let url: string;
  let browser: Browser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graph-sessions-site-'));
    const built = spawnSync(process.execPath, ['scripts/build-docs.mjs', folder], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    assert.equal(built.status, 0, built.stderr);
    // Any server of files is enough: below a path, as a project's pages often are.
    files = createServer((request, response) => {
      const name = (request.url ?? '').replace(/^\/docs\//, '').replace(/[?#].*$/, '');
      readFile(join(folder, name || 'index.html')).then(
        (content) => {
          response.setHeader('Content-Type', TYPES[extname(name)] ?? 'text/plain; charset=utf-8');
          response.end(content);
        },
        () => {
          response.statusCode = 404;
          response.end();
        },
      );
    });
    await new Promise<void>((resolve) => {
      files.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/docs/`;
    browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
  });

  after(async () => {
    await browser.close();
    files.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens a page. Fails on a message of the console, and on a file that is not there. */
  async function withPage(name: string, body: (page: Page) => Promise<void>, options = {}): Promise<void> {
    const page = await browser.newPage(options);
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) problems.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(url + name);
    await body(page);
    await page.close();
    assert.deepEqual(problems, []);
  }

  it('each page shows its text without an error, and axe finds nothing', async (t) => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.html'));
    assert.ok(names.includes('index.html') && names.includes('reference.html') && names.length > 10);
    for (const name of names) {
      if (name === 'live.html' || name === 'html-frame.html') continue;
      // Tests of their own: each reports that the whole is not stuck.
      // Only the contrast differs in the dark.
      for (const [colorScheme, rules] of [['light'], ['dark', ['color-contrast']]] as const) {
        await t.test(`${name}, ${colorScheme}`, () =>
          withPage(
            name,
            async (page) => {
              assert.ok((await page.getByRole('main').innerText()).length > 200);
              assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
              assert.equal(await page.locator('nav [aria-current="page"]').count(), 1);
              assert.deepEqual(await axeViolations(page, rules), []);
            },
            { colorScheme },
          ),
        );
      }
    }
  });

  it('no page is wider than a narrow screen', async () => {
    for (const name of ['index.html', 'start.html', 'reference.html', 'protocol.html']) {
      await withPage(
        name,
        async (page) => {
          const width = await page.evaluate('document.documentElement.scrollWidth');
          assert.equal(width, 390, name);
        },
        { viewport: { width: 390, height: 800 } },
      );
    }
  });

  it('its links lead to files of the site', async () => {
    await withPage('index.html', async (page) => {
      const addresses = await page
        .getByRole('main')
        .getByRole('link')
        .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
      const own = addresses.filter((address) => address.startsWith(url));
      assert.ok(own.length > 5);
      for (const address of own) assert.equal((await page.request.get(address)).status(), 200, address);
    });
  });

  it('the live demo runs a graph and continues with an answer, without any server', async () => {
    await withPage('live.html', async (page) => {
      const demo = new DemoPage(page);
      await demo.selectExample('Two questions at once');
      await demo.run();
      await demo.answerText('Where to', 'Lisbon');
      await demo.node('Where to', 'Completed');
    });
  });

  it('lists its pages for language models', async () => {
    const text = await readFile(join(folder, 'llms.txt'), 'utf8');
    assert.match(text, /^# graph-sessions\n\n> .+\n/);
    for (const [, file = ''] of text.matchAll(/\]\(([^)]+)\)/g)) await readFile(join(folder, file));
  });
});
