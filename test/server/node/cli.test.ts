import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
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
      assert.equal(cli.output, `graph-sessions server listening on ${url}\n`);
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

  it('explains unusable settings: a port that is taken, a directory that is a file', async (t) => {
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
  });
});
