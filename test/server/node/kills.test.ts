import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Graph } from '../../../src/protocol/graph.js';
import { CliProcess } from '../../support/cli-process.js';
import { temporaryDirectory } from '../../support/server.js';
import {
  answerTo,
  assertContiguous,
  callJson,
  createSession,
  pendingOf,
  wholeLog,
} from '../../support/session-calls.js';
import { SseReader } from '../../support/sse-reader.js';

const BASE = '/v1beta1/graphSessions';
/** `npm run test:kills` kills a thousand times, or `KILLS` times if that variable is set. */
const KILLS = Number(
  process.env['KILLS'] ?? (process.env['npm_lifecycle_event'] === 'test:kills' ? 1000 : 40),
);
/** Kills per database; two databases are tested at a time. */
const KILLS_PER_DATABASE = 10;
const MAX_EVENTS = 120;

const FLOOD: Graph = {
  nodes: [{ id: 'n', type: 'flood', configuration: { events: 100_000, bytes: 300, perSecond: 3000 } }],
};
const QUESTION: Graph = { nodes: [{ id: 'q', type: 'ask-text', configuration: { prompt: 'Hm?' } }] };

/** A session of a killed process, and the events that its viewers had received. */
interface Seen {
  readonly id: string;
  readonly readers: readonly SseReader[];
}

describe('a process that is killed', { concurrency: 2 }, () => {
  for (let first = 0; first < KILLS; first += KILLS_PER_DATABASE) {
    const last = Math.min(first + KILLS_PER_DATABASE, KILLS);
    it(`D1 D3 has logged every event that any reader saw, at the same index (kills ${first + 1}-${last})`, async (t) => {
      await killAgainAndAgain(t, last - first);
    });
  }
});

/** Each process checks the sessions of its predecessor while it runs its own. */
async function killAgainAndAgain(t: TestContext, kills: number): Promise<void> {
  const directory = await temporaryDirectory(t);
  const start = async (): Promise<{ cli: CliProcess; base: string }> => {
    const cli = CliProcess.spawn(t, '--port', '0', '--data', directory);
    return { cli, base: `${await cli.url()}${BASE}` };
  };
  let seen: readonly Seen[] = [];
  let waiting: string | undefined;
  for (let kill = 0; kill < kills; kill += 1) {
    const { cli, base } = await start();
    waiting ??= await createSession(base, QUESTION);
    const checked = Promise.all(seen.map((session) => check(base, session)));
    const watched = await Promise.all([watch(base), watch(base)]);
    const [{ readers }] = watched;
    for (let left = Math.floor(Math.random() * MAX_EVENTS); left > 0; left -= 1) await readers[0]?.next();
    const reading = watched.flatMap((session) => session.readers.map(readUntilCut));
    await checked;
    await cli.kill('SIGKILL');
    await Promise.all(reading);
    seen = watched;
  }
  const { cli, base } = await start();
  await Promise.all(seen.map((session) => check(base, session)));
  await answer(base, waiting ?? '');
  assert.deepEqual(await cli.kill('SIGTERM'), { code: 0, signal: null });
}

async function watch(base: string): Promise<Seen> {
  const id = await createSession(base, FLOOD);
  const urls = [`${base}/${id}?protocol=1`, `${base}/${id}`];
  return { id, readers: await Promise.all(urls.map((url) => SseReader.open(url))) };
}

/** Checks that the log has no gap, has the received events at the same indexes, and has ended. */
async function check(base: string, { id, readers }: Seen): Promise<void> {
  const log = await wholeLog(base, id);
  assertContiguous(log);
  for (const { frames } of readers) {
    for (const frame of frames.filter(({ id: frameId }) => frameId !== undefined)) {
      assert.deepEqual(log[Number(frame.id)], frame.data);
    }
  }
  const end = log.slice(-2).map(({ type }) => String(type));
  // Interrupted by the kill, or, if the machine was slow to kill, completed before it.
  assert.ok(['nodeError,graphError', 'nodeEnd,graphComplete'].includes(end.join()), end.join());
  assert.equal(log.filter(({ type }) => type === 'nodeStart').length, 1, 'it ran once');
}

/** Checks that a question that was asked many processes ago can be answered. */
async function answer(base: string, id: string): Promise<void> {
  const [question] = await pendingOf(base, id);
  await callJson(`${base}/${id}:resume`, answerTo(question?.['interactionId'], 'yes'));
  const frames = await (await SseReader.open(`${base}/${id}?protocol=1`)).toEnd();
  assert.equal(frames.at(-1)?.data['status'], 'completed');
}

async function readUntilCut(reader: SseReader): Promise<void> {
  try {
    await reader.toEnd();
  } catch (error) {
    // The connection of a killed process breaks; that is part of the test.
    assert.ok(error instanceof TypeError || error instanceof assert.AssertionError, String(error));
  }
}
