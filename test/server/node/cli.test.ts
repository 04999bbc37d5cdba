import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { haikuGraph } from '../../../src/runner/examples/example-graphs.js';
import { CliProcess } from '../../support/cli-process.js';
import { temporaryDirectory } from '../../support/server.js';
import { SseReader } from '../../support/sse-reader.js';

const BASE = '/v1beta1/graphSessions';

describe('the command line', () => {
  it('prints its address, is healthy, and exits with 0 on a signal', async (t) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const cli = CliProcess.spawn(t, '--port', '0', '--data', await temporaryDirectory(t));
      const url = await cli.url();
      const [, api, origins] = cli.output.split('\n');
      assert.equal(api, `  API: ${url}${BASE}`);
      assert.equal(origins, '  Other origins whose pages may use it: none, see --allow-origin');
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      const health = await fetch(`${url}/healthz`);
      assert.deepEqual([health.status, await health.text()], [200, 'ok\n']);
      const created = await fetch(`${url}${BASE}/new`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ graphId: 'g', graph: haikuGraph }),
      });
      const { sessionId } = (await created.json()) as { sessionId: string };
      const reader = await SseReader.open(`${url}${BASE}/${sessionId}?protocol=1`);
      await reader.untilType('replayComplete');
      const ended = cli.kill(signal);
      assert.deepEqual((await reader.toEnd()).at(-1)?.data, { reason: 'drain' });
      assert.deepEqual(await ended, { code: 0, signal: null }, cli.output);
    }
  });

  it('explains invalid arguments', async (t) => {
    for (const [args, message] of [
      [['--port', 'x'], /“x” is not a port/],
      [['--port', '70000'], /“70000” is not a port/],
      [['--prot', '1'], /--prot/],
      [['--data', ''], /data directory must not be empty/],
      [['--max-running', 'many'], /“many” is not a number of sessions/],
      [['--listen', 'postgres://db/app'], /--listen and --data must be URLs/],
      [['--token-key-file', 'keys'], /--token-key-file needs --data postgres:/],
      [['--token', ''], /token must not be empty/],
      [['--token', 'a b'], /without spaces/],
      [['--token', 'ä'], /ASCII/],
      [['--token', 'x', '--insecure'], /exclude each other/],
      [['extra'], /extra/],
    ] as const) {
      const cli = CliProcess.spawn(t, ...args);
      assert.deepEqual(await cli.ended(), { code: 2, signal: null });
      assert.match(cli.output, message);
      assert.match(cli.output, /Usage: graph-sessions-server/);
      assert.ok(!cli.output.includes('    at '), 'no stack');
    }
    const help = CliProcess.spawn(t, '--help');
    assert.deepEqual(await help.ended(), { code: 0, signal: null });
    assert.match(help.output, /--data/);
  });

  it('explains unusable settings: a port that is taken, a directory that is a file, keys that are not there', async (t) => {
    const blocker = createServer();
    await new Promise<void>((resolve) => {
      blocker.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => blocker.close());
    const address = blocker.address();
    assert.ok(typeof address === 'object' && address !== null);
    const taken = CliProcess.spawn(t, '--port', String(address.port));
    assert.deepEqual(await taken.ended(), { code: 1, signal: null });
    assert.equal(taken.output, `Port ${address.port} is in use. Choose another one with --port.\n`);

    const file = join(await temporaryDirectory(t), 'file');
    await writeFile(file, '');
    const unusable = CliProcess.spawn(t, '--port', '0', '--data', file);
    assert.deepEqual(await unusable.ended(), { code: 1, signal: null });
    assert.match(unusable.output, /^The data directory “.*” cannot be used: .*\n$/);

    const database = ['--data', 'postgres://127.0.0.1:1/app'];
    const missing = CliProcess.spawn(t, '--port', '0', ...database, '--token-key-file', `${file}.keys`);
    assert.deepEqual(await missing.ended(), { code: 1, signal: null });
    assert.match(missing.output, /^The token keys cannot be read: ENOENT.*\n$/);
  });

  it('requires the token, whether an argument or the environment has it', async (t) => {
    const cases = [
      CliProcess.spawn(t, '--port', '0', '--token', 's3cret'),
      CliProcess.spawnWith(t, { GRAPH_SESSIONS_TOKEN: 's3cret' }, '--port', '0', '--host', '0.0.0.0'),
    ];
    for (const cli of cases) {
      const { port } = new URL(await cli.url());
      assert.ok(!cli.output.includes('s3cret'));
      const url = `http://127.0.0.1:${port}`;
      const create = async (headers: Record<string, string>, more: object = {}): Promise<number> => {
        const response = await fetch(`${url}${BASE}/new`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers },
          body: JSON.stringify({ graphId: 'g', graph: haikuGraph, ...more }),
        });
        await response.body?.cancel();
        return response.status;
      };
      for (const token of ['', 'x', 's3cre', 's3cret1', 'S3CRET']) {
        assert.equal(await create({ Authorization: `Bearer ${token}` }), 401, token);
        assert.equal(await create({}, { accessToken: token }), 401, token);
      }
      assert.equal(await create({}), 401);
      assert.equal((await fetch(`${url}${BASE}?graphId=g`)).status, 401);
      assert.equal(await create({ Authorization: 'Bearer s3cret' }), 200);
      assert.equal(await create({}, { accessToken: 's3cret' }), 200);
      assert.equal((await fetch(`${url}/healthz`)).status, 200);
    }
  });

  it('refuses to listen for other machines without a token', async (t) => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', '::ffff:192.0.2.1']) {
      const cli = CliProcess.spawn(t, '--port', '0', '--host', host);
      assert.deepEqual(await cli.ended(), { code: 1, signal: null }, cli.output);
      assert.match(
        cli.output,
        /^Other machines can reach \S+: choose a --token, or --insecure to do without\.\n$/,
      );
    }
    for (const host of ['localhost', '127.0.0.2']) {
      await CliProcess.spawn(t, '--port', '0', '--host', host).url();
    }
  });

  it('listens for other machines with --insecure, and warns', async (t) => {
    const cli = CliProcess.spawn(t, '--port', '0', '--host', '0.0.0.0', '--insecure');
    await cli.url();
    assert.match(cli.output, /^Warning: with --insecure, anyone who can reach the server can see/m);
  });

  it('names the packages that are missing, and no other reason for them', async (t) => {
    const root = await temporaryDirectory(t);
    const data = join(root, 'data');
    for (const part of ['server', 'runner', 'protocol', 'joined']) {
      await cp(fileURLToPath(new URL(`../../../dist/${part}`, import.meta.url)), join(root, 'dist', part), {
        recursive: true,
      });
    }
    await writeFile(join(root, 'package.json'), '{"type":"module"}');
    await mkdir(join(root, 'node_modules'));
    const install = (name: string): Promise<void> =>
      symlink(
        fileURLToPath(new URL(`../../../node_modules/${name}`, import.meta.url)),
        join(root, 'node_modules', name),
        'junction',
      );
    const run = async (): Promise<string> => {
      const args = [join(root, 'dist/server/node/cli.js'), '--port', '0', '--data', data];
      const cli = CliProcess.run(t, process.execPath, args);
      assert.deepEqual(await cli.ended(), { code: 1, signal: null });
      return cli.output;
    };
    const missing = 'Sessions on disk need two more packages: npm install kysely libsql\n';
    await install('eventsource-parser');
    assert.equal(await run(), missing);
    await install('kysely');
    assert.equal(await run(), missing);
    await mkdir(join(root, 'node_modules', 'libsql'));
    await writeFile(join(root, 'node_modules', 'libsql', 'index.js'), "require('./not-there.js');");
    assert.match(await run(), /^The packages of the database cannot be loaded: .*not-there/);
  });

  it('names the limit of open files when it is what fails', async (t) => {
    const data = await temporaryDirectory(t);
    const cli = CliProcess.spawnAfter(t, 'ulimit -n 100', '--port', '0', '--data', data);
    const listens = cli.url().then(
      () => true,
      () => false,
    );
    if (await Promise.race([listens, cli.ended().then(() => false)])) {
      t.skip('This version of Node loads modules one after another, and has files enough.');
      return;
    }
    assert.deepEqual(await cli.ended(), { code: 1, signal: null });
    assert.match(cli.output, /^The packages of the database cannot be loaded: EMFILE: too many open files/);
  });
});
