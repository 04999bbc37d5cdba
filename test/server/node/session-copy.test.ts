import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SCENARIO_GRAPHS } from '../../../src/conformance/scenarios.js';
import { readSession } from '../../../src/conformance/watching.js';
import { HttpGraphRunService } from '../../../src/service/http/http-graph-run-service.js';
import { CliProcess } from '../../support/cli-process.js';
import { answerQuestion, finishedSession } from '../../support/recorded-session.js';
import { temporaryDirectory } from '../../support/server.js';

const BASE = '/v1beta1/graphSessions';

/** Runs a command to its end; returns what it printed. */
async function ran(t: Parameters<typeof CliProcess.spawn>[0], ...args: readonly string[]): Promise<string> {
  const cli = CliProcess.spawn(t, ...args);
  assert.deepEqual(await cli.ended(), { code: 0, signal: null }, cli.output);
  return cli.output;
}

/** The lines of a file without its ids, and without the time of its export. */
function withoutIds(file: string, sessionId: string): readonly unknown[] {
  return file
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { exportedAt: _, logId: __, ...rest } = JSON.parse(line.replaceAll(sessionId, 'ID'));
      return rest;
    });
}

describe('sessions as files on the command line', () => {
  it('are the same after export, import and export, but for their ids', async (t) => {
    const [from, to, files] = [
      await temporaryDirectory(t),
      await temporaryDirectory(t),
      await temporaryDirectory(t),
    ];
    const server = CliProcess.spawn(t, '--port', '0', '--data', from);
    const service = new HttpGraphRunService({ baseUrl: `${await server.url()}${BASE}` });
    const { sessionId, log } = await finishedSession(service);
    await service.updateSession?.(sessionId, { title: 'Grüne Bohnen 🫘' });
    const path = join(files, 'a.jsonl');
    // The server is running.
    assert.equal(await ran(t, 'export', sessionId, '--data', from, '--out', path), '');
    const first = await readFile(path, 'utf8');
    assert.equal(first.split('\n').length, log.length + 3);
    const importedId = (await ran(t, 'import', path, '--data', to)).trim();
    assert.match(importedId, /^[\da-f-]{36}$/);
    assert.notEqual(importedId, sessionId);
    const second = await ran(t, 'export', importedId, '--data', to);
    assert.deepEqual(withoutIds(second, importedId), withoutIds(first, sessionId));
  });

  it('are listed as imported, replayed, and not run again', async (t) => {
    const [from, to, files] = [
      await temporaryDirectory(t),
      await temporaryDirectory(t),
      await temporaryDirectory(t),
    ];
    const server = CliProcess.spawn(t, '--port', '0', '--data', from);
    const service = new HttpGraphRunService({ baseUrl: `${await server.url()}${BASE}` });
    const { sessionId, log } = await finishedSession(service);
    const path = join(files, 'a.jsonl');
    await ran(t, 'export', sessionId, '--data', from, '--out', path);
    const importedId = (await ran(t, 'import', path, '--data', to, '--graph', 'records')).trim();
    const other = CliProcess.spawn(t, '--port', '0', '--data', to);
    const url = `${await other.url()}${BASE}`;
    const reader = new HttpGraphRunService({ baseUrl: url });
    const replayed = await readSession(reader, importedId);
    assert.deepEqual(
      replayed.events.map(({ type, ts }) => [type, ts]),
      log.map(({ type, ts }) => [type, ts]),
    );
    for await (const messages of reader.monitorSessions('records')) {
      const row = messages.find((message) => message.kind === 'row');
      if (row?.kind !== 'row') continue;
      assert.deepEqual([row.row.sessionId, row.row.imported], [importedId, true]);
      break;
    }
    const rerun = await fetch(`${url}/${importedId}:rerun`, { method: 'POST' });
    assert.equal(rerun.status, 400, await rerun.text());
  });

  it('are ended when their run was not, so that no server continues it', async (t) => {
    const [from, to, files] = [
      await temporaryDirectory(t),
      await temporaryDirectory(t),
      await temporaryDirectory(t),
    ];
    const server = CliProcess.spawn(t, '--port', '0', '--data', from);
    const service = new HttpGraphRunService({ baseUrl: `${await server.url()}${BASE}` });
    const { sessionId } = await service.createSession({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    const { events } = await readSession(service, sessionId, (seen) =>
      seen.events.some(({ type }) => type === 'inputRequired'),
    );
    const path = join(files, 'a.jsonl');
    await ran(t, 'export', sessionId, '--data', from, '--out', path);
    const importedId = (await ran(t, 'import', path, '--data', to)).trim();
    const second = await ran(t, 'export', importedId, '--data', to);
    assert.match(second.split('\n')[0] ?? '', /"status":"cancelled"/);
    assert.match(second, /"type":"graphCancelled"/);
    // The original keeps running.
    const question = events.find(({ type }) => type === 'inputRequired');
    assert.ok(question);
    await answerQuestion(service, sessionId, question);
  });

  it('are refused in one sentence', async (t) => {
    const data = await temporaryDirectory(t);
    const files = await temporaryDirectory(t);
    const path = (name: string) => join(files, name);
    await writeFile(path('no.txt'), 'hello');
    await writeFile(
      path('cut.jsonl'),
      `${JSON.stringify({ format: 'graph-sessions', version: 1, session: { sessionId: 's', status: 'running' }, events: 5, complete: true })}\n`,
    );
    const header = { format: 'graph-sessions', version: 1, events: 0, complete: true };
    const session = { sessionId: 's', status: 'completed' };
    await writeFile(
      path('newer.jsonl'),
      `${JSON.stringify({ ...header, version: 9, session })}\n{"end":0}\n`,
    );
    await writeFile(path('whole.jsonl'), `${JSON.stringify({ ...header, session })}\n{"end":0}\n`);
    for (const [args, code, message] of [
      [['import', path('newer.jsonl'), '--data', data], 1, /The file has version 9 of the format/],
      [['import', path('whole.jsonl'), '--data', data], 1, /does not name its graph/],
      [['import', path('whole.jsonl'), '--data', data, '--graph', '*'], 1, /“\*” stands for all graphs/],
      [['export'], 2, /Name the id of one session/],
      [['export', 'x'], 2, /--data/],
      [['import', 'x', '--data', 'memory'], 2, /--data/],
      [['export', 'unknown', '--data', data, '--out', path('out')], 1, /There is no session “unknown”/],
      [['import', path('no.txt'), '--data', data], 1, /not a session file/],
      [['import', path('cut.jsonl'), '--data', data], 1, /The file ends after event 0 of 5/],
      [['import', path('missing'), '--data', data], 1, /ENOENT|no such file/],
    ] as const) {
      const cli = CliProcess.spawn(t, ...args);
      assert.deepEqual(await cli.ended(), { code, signal: null }, cli.output);
      assert.match(cli.output, message);
      assert.ok(!cli.output.includes('    at '), 'no stack');
    }
    await assert.rejects(readFile(path('out')));
  });
});
