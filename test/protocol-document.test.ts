import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EVENT_TYPE_NAMES } from '../src/protocol/events.js';
import { parseMonitorFrame, type MonitorFrame } from '../src/protocol/stream/monitor-frames.js';
import { parseSessionFrame, type SessionFrame } from '../src/protocol/stream/session-frames.js';
import { isJsonObject, parseJson } from '../src/protocol/values/json.js';
import { parseProblem, PROBLEM_CODES, toProblem } from '../src/protocol/problems.js';
import { SESSION_STATUSES } from '../src/protocol/session-summary.js';
import { decodeSse } from '../src/protocol/stream/sse.js';
import { DEFAULT_LIMITS } from '../src/server/limits.js';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('PROTOCOL.md', root), 'utf8');

/** A section, from its heading to the next. */
function section(title: string): string {
  const start = text.indexOf(`\n## ${title}\n`);
  assert.notEqual(start, -1, `there is no section “${title}”`);
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end === -1 ? undefined : end);
}

/** The examples of a section, with their omissions filled in. */
function examples(title: string): string[] {
  return [...section(title).matchAll(/```\n([^]*?)```/g)].map(([, example = '']) =>
    example
      .replaceAll('"graph":{…}', '"graph":{"nodes":[],"edges":[]}')
      .replaceAll('{…}', '{}')
      .replaceAll('[…]', '[]'),
  );
}

async function framesOf<Frame>(
  title: string,
  parse: (message: { kind: 'message'; event: string; data: string; id?: string }) => Frame,
): Promise<Frame[]> {
  const streams = examples(title).filter((example) => example.includes('\ndata: '));
  assert.ok(streams.length > 0);
  const frames: Frame[] = [];
  for await (const items of decodeSse(new Blob([`${streams.join('\n')}\n`]).stream())) {
    for (const item of items) if (item.kind === 'message') frames.push(parse(item));
  }
  return frames;
}

/** The codes of all errors that the sources of the server, the protocol and the runner throw. */
function thrownCodes(): Set<string> {
  const codes = new Set<string>();
  for (const folder of ['server', 'protocol', 'runner']) {
    const directory = fileURLToPath(new URL(`src/${folder}/`, root));
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const source = readFileSync(directory + file, 'utf8');
      for (const [, code = ''] of source.matchAll(/new GraphRunError\(\s*'([a-z-]+)'/g)) codes.add(code);
    }
  }
  return codes;
}

describe('PROTOCOL.md', () => {
  it('names every type of event, and no other', () => {
    const named = [...section('Events').matchAll(/^\| `(\w+)` /gm)].map(([, type]) => type);
    assert.equal(named.shift(), 'type', 'the head of the table');
    assert.deepEqual(named, EVENT_TYPE_NAMES);
  });

  it('names every status', () => {
    for (const status of SESSION_STATUSES) assert.ok(section('Status').includes(`\`${status}\``), status);
  });

  it('names every code of a problem', () => {
    for (const code of PROBLEM_CODES) assert.ok(text.includes(`\`${code}\``), code);
    // Not sent: errors of a reader (a response breaks the protocol, or there is none), of a reader of files, and of a
    // runner for its event.
    const internal = new Set([
      'protocol-error',
      'network',
      'session-gone',
      'not-a-session-file',
      'newer-session-file',
      'incomplete-session-file',
      'read-only',
      'event-too-large',
    ]);
    for (const code of thrownCodes()) assert.ok(internal.has(code) || PROBLEM_CODES.includes(code), code);
  });

  it('names every limit of the server, and no other', () => {
    const named = [...section('Limits').matchAll(/^\|[^|]*\|[^|]*\| `(\w+)` /gm)].map(([, name]) => name);
    // Those of the adapter of node:http and not of the handler.
    const adapted = new Set(['stallMs', 'headersMs', 'bodyMs', 'requestMs']);
    const handled = named.filter((name = '') => !adapted.has(name));
    assert.deepEqual(handled.sort(), Object.keys(DEFAULT_LIMITS).sort());
  });

  it('shows a session stream that our own parser accepts', async () => {
    const frames = await framesOf<SessionFrame>('Session stream', parseSessionFrame);
    assert.deepEqual(
      frames.map(({ kind }) => kind),
      ['start', 'event', 'event', 'event', 'replayComplete', 'event', 'done'],
    );
    for (const frame of frames) {
      if (frame.kind === 'event') assert.notEqual(frame.event.type, 'unknown', JSON.stringify(frame));
    }
    const [start] = frames;
    assert.ok(start?.kind === 'start' && start.protocol === 1 && start.heartbeatMs === 15_000);
  });

  it('shows a list that our own parser accepts', async () => {
    const frames = await framesOf<MonitorFrame>('List of sessions', parseMonitorFrame);
    assert.deepEqual(
      frames.map(({ kind }) => kind),
      ['monitorStart', 'row', 'snapshotComplete'],
    );
  });

  it('shows JSON in all other examples, and a problem document as the server writes it', () => {
    const lines = ['Create', 'Resume', 'Errors']
      .flatMap(examples)
      .flatMap((example) => example.split('\n'))
      .filter((line) => line.startsWith('{'));
    assert.equal(lines.length, 4);
    for (const line of lines) assert.ok(isJsonObject(parseJson(line)), line);
    const problem = parseJson(lines.at(-1) ?? '');
    assert.deepEqual(toProblem(parseProblem(404, problem)), problem);
  });
});
