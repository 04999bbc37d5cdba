import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isJsonObject } from '../../src/protocol/values/json.js';
import { codeOf } from '../support/document-code.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const COOKIE = { Cookie: 'theme=dark; login=3f9a' };
const BEARER = { Authorization: 'Bearer 3f9a' };

describe('the login of docs/server.md, on the built package', () => {
  let folder: string;
  let backend: ChildProcess;
  let lines: AsyncIterator<string>;
  let base: string;

  before(async () => {
    const code = await codeOf('docs/server.md', 'Behind a login', 'ts');
    const onFreePort = code.replace('startServer({', 'startServer({ port: 0,');
    // Within the project, so that the package's own name is found as for a host.
    await mkdir(join(root, '.tmp'), { recursive: true });
    folder = await mkdtemp(join(root, '.tmp', 'login-'));
    await writeFile(join(folder, 'server.ts'), `${onFreePort}\nconsole.log(server.url);\n`);
    backend = spawn(process.execPath, ['--import', 'tsx', 'server.ts'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert.ok(backend.stdout !== null);
    lines = createInterface(backend.stdout)[Symbol.asyncIterator]();
    base = `${await nextLine()}/v1beta1/graphSessions`;
  });

  after(async () => {
    backend.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  async function nextLine(): Promise<string> {
    const { value, done } = await lines.next();
    assert.ok(done !== true, 'the server of the document does not start');
    return value;
  }

  function post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: object = {},
  ): Promise<Response> {
    return fetch(base + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  const node = { id: 'n', type: 'ask-text', configuration: { prompt: 'Hm?' } };
  const creation = { graphId: 'g', graph: { nodes: [node] } };

  it('answers unknown senders with 401', async () => {
    for (const headers of [
      {},
      { Cookie: 'login=wrong' },
      { Cookie: 'xlogin=3f9a' },
      { Authorization: 'Bearer wrong' },
    ]) {
      assert.equal((await post('/new', headers, creation)).status, 401, JSON.stringify(headers));
    }
  });

  it('knows a person by cookie and by token, and prints what they did', async () => {
    const created = await post('/new', COOKIE, creation);
    assert.equal(created.status, 200);
    const body: unknown = await created.json();
    assert.ok(isJsonObject(body));
    const sessionId = String(body['sessionId']);
    assert.equal(await nextLine(), `ada create ${sessionId}`);
    const status = await fetch(`${base}/${sessionId}/status`, { headers: BEARER });
    assert.equal(status.status, 200);
    const foreign = await post(`/${sessionId}:cancel`, { ...COOKIE, Origin: 'https://evil.example' });
    assert.equal(foreign.status, 403);
    const own = await post(`/${sessionId}:cancel`, { ...COOKIE, Origin: new URL(base).origin });
    assert.equal(own.status, 200);
    assert.equal(await nextLine(), `ada cancel ${sessionId}`);
  });
});
