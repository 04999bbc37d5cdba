import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Graph } from '../../../src/protocol/graph.js';
import { Acknowledgements } from '../../support/acknowledgements.js';
import { CliProcess } from '../../support/cli-process.js';
import { Bystander } from '../../support/fuzz/bystander.js';
import { MACHINE_FAULTS, type MachineFault } from '../../support/machine-faults.js';
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
import { eventually } from '../../support/watch.js';

const BASE = '/v1beta1/graphSessions';
/** Kills for each fault; `npm run test:kills` does more, and the variable `FAULT_KILLS` says otherwise. */
const KILLS = Number(
  process.env['FAULT_KILLS'] ?? (process.env['npm_lifecycle_event'] === 'test:kills' ? 100 : 4),
);
const PEOPLE = 4;
/** How long people work before the fault once something was acknowledged, how long it lasts, and how long they work after it, at most. */
const BEFORE_MS = 200;
const FAULT_MS = 1500;
const AFTER_MS = 200;

const EVENTS = 600;
const RUN: Graph = {
  nodes: [{ id: 'n', type: 'flood', configuration: { events: EVENTS, bytes: 300, perSecond: 200 } }],
};
const QUESTION: Graph = { nodes: [{ id: 'q', type: 'ask-text', configuration: { prompt: 'Hm?' } }] };

/** The faults, with a time that each of them may last. */
const FAULTS = [
  { name: 'a full disk', fault: MACHINE_FAULTS.fullDisk, lastsMs: 1500 },
  // Longer than any write may wait for the lock.
  { name: 'a foreign write lock', fault: MACHINE_FAULTS.foreignLock, lastsMs: 7000 },
  { name: 'a pause', fault: MACHINE_FAULTS.pause, lastsMs: 1500 },
] as const;

describe('a process that is killed while something is wrong with its machine', { concurrency: 2 }, () => {
  for (const { name, fault } of FAULTS) {
    it(
      `D1 D2 loses nothing that it acknowledged, and does nothing twice (${name})`,
      skipOf(fault),
      async (t) => {
        await killDuring(t, fault);
      },
    );
  }
});

describe('a process that continues after a fault of its machine', { concurrency: 2 }, () => {
  for (const { name, fault, lastsMs } of FAULTS) {
    it(`continues its sessions (${name})`, skipOf(fault), async (t) => {
      await outlive(t, fault, lastsMs);
    });
  }

  it('answers others while a foreign write lock is held', async (t) => {
    const directory = await temporaryDirectory(t);
    const { cli, base } = await start(t, directory);
    const [running] = await Promise.all([createSession(base, RUN), createSession(base, QUESTION)]);
    // What needs no write is answered; the health check says that the store cannot be written.
    const bystander = Bystander.start(t, `${base}/${running}/status`);
    const end = await MACHINE_FAULTS.foreignLock.begin(cli, directory);
    await delay(3000);
    end();
    await bystander.end();
    // The idle timeout of a proxy is seconds away; a person notices a second.
    assert.ok(bystander.longestMs < 1000, `the bystander waited ${bystander.longestMs.toFixed()} ms`);
  });
});

function skipOf({ skip }: MachineFault): { skip?: string } {
  return skip === undefined ? {} : { skip };
}

async function start(t: TestContext, directory: string): Promise<{ cli: CliProcess; base: string }> {
  const cli = CliProcess.spawn(t, '--port', '0', '--data', directory);
  return { cli, base: `${await cli.url()}${BASE}` };
}

/** Each process checks what was acknowledged by its predecessor, and is killed during or after the fault. */
async function killDuring(t: TestContext, fault: MachineFault): Promise<void> {
  const directory = await temporaryDirectory(t);
  const acknowledged = new Acknowledgements();
  let total = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { cli, base } = await start(t, directory);
    await acknowledged.check(base);
    const over = new AbortController();
    const people = Array.from({ length: PEOPLE }, () => acknowledged.work(base, over.signal));
    const { size } = acknowledged;
    await eventually(() => acknowledged.size > size, 'the first acknowledgement', 60_000);
    await delay(Math.random() * BEFORE_MS);
    const end = await fault.begin(cli, directory);
    await delay(Math.random() * FAULT_MS);
    // Every other one dies while the fault lasts.
    if (kill % 2 === 0) {
      end();
      await delay(Math.random() * AFTER_MS);
      await killWith(cli, over, people);
    } else {
      await killWith(cli, over, people);
      end();
    }
    total += acknowledged.size;
  }
  const { cli, base } = await start(t, directory);
  await acknowledged.check(base);
  assert.ok(total > KILLS, 'much was acknowledged');
  assert.deepEqual(await cli.kill('SIGTERM'), { code: 0, signal: null });
}

async function killWith(
  cli: CliProcess,
  over: AbortController,
  people: readonly Promise<void>[],
): Promise<void> {
  const killed = cli.kill('SIGKILL');
  over.abort();
  await Promise.all([killed, ...people]);
}

/** A session that runs and one that waits when the fault comes; both end well after it, also for the next process. */
async function outlive(t: TestContext, fault: MachineFault, lastsMs: number): Promise<void> {
  const directory = await temporaryDirectory(t);
  const { cli, base } = await start(t, directory);
  const [running, waiting] = await Promise.all([createSession(base, RUN), createSession(base, QUESTION)]);
  const reader = await SseReader.open(`${base}/${running}?protocol=1`);
  await reader.until(({ id }) => id === '10');
  reader.close();
  const end = await fault.begin(cli, directory);
  await delay(lastsMs);
  end();
  const log = await wholeLog(base, running);
  assertContiguous(log);
  assert.equal(log.at(-1)?.['type'], 'graphComplete', JSON.stringify(log.at(-1)));
  assert.equal(log.filter(({ type }) => type === 'agentEvent').length, EVENTS, 'each event once');
  assert.equal(log.filter(({ type }) => type === 'nodeStart').length, 1, 'it ran once');
  const [question] = await pendingOf(base, waiting);
  await callJson(`${base}/${waiting}:resume`, answerTo(question?.['interactionId'], 'yes'));
  const answered = await wholeLog(base, waiting);
  assert.equal(answered.at(-1)?.['type'], 'graphComplete');
  await cli.kill('SIGKILL');
  const next = await start(t, directory);
  assert.deepEqual(await wholeLog(next.base, running), log);
  assert.deepEqual(await wholeLog(next.base, waiting), answered);
}
