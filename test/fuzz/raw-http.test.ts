import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { CliProcess } from '../support/cli-process.js';
import { Bystander } from '../support/fuzz/bystander.js';
import { FUZZ_SEED, REPLAY, runsOf } from '../support/fuzz/fuzz-settings.js';
import { exchange, statusesOf } from '../support/fuzz/raw-exchange.js';
import { cut, mutatedRequest, RAW_CASES, type RawCase } from '../support/fuzz/raw-requests.js';
import { SeededRandom } from '../support/fuzz/seeded-random.js';

const SHARE = 0.05;
const CONCURRENCY = 8;

describe('a server that gets any bytes', { concurrency: 1 }, () => {
  it('answers what is HTTP, refuses what is not, and serves others meanwhile', async (t) => {
    const { port, end } = await serve(t);
    await checkCases(port, RAW_CASES);
    await end();
  });

  it('survives requests of the protocol that are changed anywhere', async (t) => {
    const { port, end } = await serve(t);
    const requests = runsOf(SHARE);
    let next = 0;
    const sender = async (): Promise<void> => {
      for (let turn = next++; turn < requests; turn = next++) {
        const random = new SeededRandom(FUZZ_SEED, turn);
        const bytes = mutatedRequest(random);
        const statuses = statusesOf(await exchange(port, cut(random, bytes)));
        const what = `request ${turn}: ${JSON.stringify(bytes.slice(0, 600))}; repeat with ${REPLAY}`;
        assert.ok(
          statuses.every((status) => status < 500),
          `${statuses.join()} for ${what}`,
        );
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, sender));
    await end();
  });
});

async function checkCases(port: number, cases: Readonly<Record<string, RawCase>>): Promise<void> {
  const answered: Record<string, readonly number[]> = {};
  for (const [name, { bytes }] of Object.entries(cases)) {
    answered[name] = statusesOf(await exchange(port, [bytes]));
  }
  const expected = Object.entries(cases).map(([name, { statuses, newer }]) => {
    const isNewer = newer !== undefined && answered[name]?.join() === newer.join();
    return [name, isNewer ? newer : statuses];
  });
  assert.deepEqual(answered, Object.fromEntries(expected));
}

/** A server in a process of its own, and a client that uses it all the time. `end` judges both. */
async function serve(t: TestContext): Promise<{ port: number; end: () => Promise<void> }> {
  const cli = CliProcess.spawn(t, '--port', '0');
  const url = await cli.url();
  const started = cli.output;
  const bystander = Bystander.start(t, `${url}/healthz`);
  return {
    port: Number(new URL(url).port),
    end: async () => {
      await bystander.end();
      assert.equal(cli.output, started, 'the server has nothing to say');
      assert.deepEqual(await cli.kill('SIGTERM'), { code: 0, signal: null });
    },
  };
}
