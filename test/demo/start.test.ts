import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DemoServer } from '../support/demo-server.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const API = 'v1beta1/graphSessions';

describe('npm start -- --built', () => {
  it('serves the page as it is built for production, under the same policy', async (t) => {
    const server = await DemoServer.start({}, ['--built']);
    t.after(() => server.stop());
    const response = await fetch(server.url);
    assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'self';/);
    const page = await response.text();
    const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    assert.ok(files.some((path) => path.endsWith('.js')));
    assert.ok(files.some((path) => path.endsWith('.css')));
    for (const path of files) {
      const file = await fetch(new URL(path, server.url));
      assert.equal(file.status, 200, path);
      assert.match(file.headers.get('content-type') ?? '', /javascript|css|svg/, path);
    }
    assert.equal((await fetch(new URL('missing.js', server.url))).status, 404);
  });
});

describe('npm start', () => {
  let server: DemoServer;

  before(async () => {
    server = await DemoServer.start();
  });

  after(() => server.stop());

  it('serves the page under a policy without inline scripts and styles', async () => {
    const response = await fetch(server.url);
    assert.equal(response.status, 200);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /unsafe-/);
    const page = await response.text();
    assert.match(page, /main\.ts/);
    assert.doesNotMatch(page, /<style|style=|@vite\/client|<script(?![^>]* src=)/);
  });

  it('serves every module of the page', async () => {
    const seen = new Set<string>();
    const queue = [new URL('main.ts', server.url).href];
    for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
      if (seen.has(url)) continue;
      seen.add(url);
      const response = await fetch(url);
      const text = await response.text();
      assert.equal(response.status, 200, `${url}: ${text.slice(0, 500)}`);
      for (const [, path = ''] of text.matchAll(/(?:from|import) ?"(\/[^"]+)"/g)) {
        queue.push(new URL(path, url).href);
      }
    }
    const signals = [...seen].filter((url) => url.includes('/signal-polyfill/'));
    assert.equal(signals.length, 1, `one copy of the signals, not ${signals.join(', ')}`);
    assert.ok([...seen].some((url) => url.includes('/src/elements/')));
  });

  it('serves no other file', async () => {
    for (const file of ['package.json', '.gitignore']) {
      const { status } = await fetch(new URL(`@fs${ROOT}${file}`, server.url));
      assert.ok(status === 403 || status === 404, `${file}: ${status}`);
    }
  });

  it('keeps sessions in DATA_DIR, across a kill', async () => {
    const graph = { nodes: [{ id: 'a', type: 'output' }] };
    const created = await fetch(new URL(`${API}/new`, server.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ graphId: 'kept', graph }),
    });
    const { sessionId } = (await created.json()) as { sessionId: string };
    assert.ok(existsSync(join(server.dataDir, 'sessions.db')));
    await server.kill();
    await server.restart();
    const status = await fetch(new URL(`${API}/${sessionId}/status`, server.url));
    assert.equal(status.status, 200);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const options = { skip: isWindows(), timeout: 30_000 };
    it(`drains and exits with 0 on ${signal}, with a stream open`, options, async (test) => {
      const child = spawn('npm', ['start'], {
        cwd: ROOT,
        env: { ...process.env, PORT: '0', DATA_DIR: 'memory' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      test.after(() => child.kill('SIGTERM'));
      const exited = new Promise((resolve) => {
        child.once('close', (code) => resolve(code));
      });
      let output = '';
      const address = await new Promise<string>((resolve, reject) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          const found = /^graph-sessions demo: (http:\S+)$/m.exec(output)?.[1];
          if (found !== undefined) resolve(found);
        });
        child.once('close', () => reject(new Error(`npm start ended: ${output}`)));
      });
      const stream = await fetch(`${address}/${API}?graphId=x&protocol=1`);
      child.kill(signal);
      const text = await stream.text();
      assert.match(text, /event: bye\ndata: \{"reason":"drain"\}/);
      assert.equal(await exited, 0);
    });
  }

  it('reports an invalid PORT', async () => {
    const port = new URL(server.url).port;
    assert.match(await failedStart(port), new RegExp(`Port ${port} is in use: set PORT to another one`));
    assert.match(await failedStart('http'), /PORT is not a port: http/);
  });
});

function isWindows(): boolean {
  return process.platform === 'win32';
}

/** Output of a start that must fail. */
async function failedStart(port: string): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/serve.ts'], {
    cwd: ROOT,
    env: { ...process.env, PORT: port, DATA_DIR: 'memory' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise((resolve) => {
    child.once('close', resolve);
  });
  assert.equal(code, 1);
  return output;
}
