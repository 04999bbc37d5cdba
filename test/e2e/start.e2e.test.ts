import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The blocks of code of a document: the commands, and the files with their names. */
function readDocument(text: string) {
  const files = [...text.matchAll(/^`([\w.]+)`,[^\n]*:\n\n```\w+\n(.*?)\n```$/gms)];
  const commands = [...text.matchAll(/^```sh\n(.*?)\n```$/gms)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  return {
    files: new Map(files.map(([, name = '', content = '']) => [name, content])),
    commands,
  };
}

describe('docs/start.md, done in an empty folder', () => {
  let folder: string;
  let port: number;
  let serverCommand: string;
  let server: ChildProcess;
  let browser: Browser;

  before(async () => {
    const { files, commands } = readDocument(await readFile(join(ROOT, 'docs/start.md'), 'utf8'));
    assert.deepEqual([...files.keys()], ['index.html', 'main.js', 'server.mjs']);
    folder = await mkdtemp(join(tmpdir(), 'graph-sessions-start-'));
    port = await freePort();
    for (const [name, content] of files)
      await writeFile(join(folder, name), content.replaceAll('5173', String(port)));
    await npm(['pack', '--ignore-scripts', '--pack-destination', folder], ROOT);
    serverCommand = commands.at(-1) ?? '';
    for (const command of commands.slice(0, -1)) {
      const [program, ...args] = command.split(' ');
      assert.equal(program, 'npm');
      // What the project itself installed is in npm's cache.
      await npm([...args, '--prefer-offline', '--no-audit', '--no-fund'], folder);
    }
    browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
    await startServer();
  });

  after(async () => {
    await browser.close();
    await stopServer();
    await rm(folder, { recursive: true, force: true });
  });

  async function npm(args: readonly string[], cwd: string): Promise<void> {
    const path = process.env['npm_execpath'];
    await (path === undefined
      ? run('npm', [...args], { cwd })
      : run(process.execPath, [path, ...args], { cwd }));
  }

  async function startServer(): Promise<void> {
    const [program, ...args] = serverCommand.split(' ');
    assert.equal(program, 'node');
    server = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    assert.ok(server.stdout !== null);
    for await (const line of createInterface(server.stdout)) {
      assert.equal(line, `http://localhost:${port}`);
      return;
    }
    assert.fail('the server of the document does not start');
  }

  async function stopServer(): Promise<void> {
    const exited = new Promise((resolve) => {
      server.once('exit', resolve);
    });
    server.kill('SIGKILL');
    await exited;
  }

  const field = (page: Page) => page.getByRole('group', { name: 'Question · Name' }).getByRole('textbox');

  it('runs a graph that asks, keeps the question over a reload and a restart, and completes', async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`http://localhost:${port}`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await field(page).fill('Ada');
    await page.getByText('Draft saved').waitFor();

    await page.reload();
    await page.getByRole('button', { name: /^Needs input/ }).click();
    await field(page).waitFor();
    assert.equal(await field(page).inputValue(), 'Ada');

    // Vite's script in the page reloads it when its server is back.
    const reloaded = page.waitForEvent('load');
    await stopServer();
    await startServer();
    await reloaded;
    await page.getByRole('button', { name: /^Needs input/ }).click();
    await field(page).waitFor();
    assert.equal(await field(page).inputValue(), 'Ada');
    await page.getByRole('button', { name: /^Send/ }).click();
    await page.getByRole('button', { name: /^Completed/ }).waitFor();
    await page.getByText('Ada').first().waitFor();
    assert.deepEqual(errors, []);
  });
});

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  assert.ok(address !== null && typeof address === 'object');
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return address.port;
}
