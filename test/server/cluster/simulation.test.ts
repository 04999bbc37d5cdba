/**
 * Several servers on one database, simulated: their code is real, while the database, the network, the clocks, the faults and
 * the people follow from a seed. `SIMULATION_SEEDS=10000 SIMULATION_FIRST_SEED=1 npm run test:cluster` tries more; to look at
 * one seed, run it with `isTraced`.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { MUTANTS } from '../../support/simulation/mutants.js';
import { Simulator, type SimulationResult } from '../../support/simulation/run-simulation.js';
import { bundleServer, type LoadServer } from '../../support/simulation/server-code.js';

const IS_LONG = process.env['npm_lifecycle_event'] === 'test:cluster';
const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? (IS_LONG ? 3000 : 80));
const FIRST_SEED = Number(process.env['SIMULATION_FIRST_SEED'] ?? 1);

function describeFailure({ seed, violations }: SimulationResult): string {
  return `seed ${seed}: ${violations.join('\n')}`;
}

describe('simulated servers on one database', () => {
  let load: LoadServer;

  before(async () => {
    load = await bundleServer();
  });

  it('do the same whenever they are run with the same seed', async () => {
    const simulator = new Simulator(load);
    const runs = [
      await simulator.run({ seed: 3, isTraced: true }),
      await simulator.run({ seed: 4 }),
      await simulator.run({ seed: 3, isTraced: true }),
      await new Simulator(load).run({ seed: 3, isTraced: true }),
    ];
    const [first, other, second, third] = runs;
    assert.ok(first !== undefined && first.steps > 500 && first.events > 10);
    assert.deepEqual(second, first);
    assert.deepEqual(third, first);
    assert.notEqual(other?.digest, first.digest);
  });

  it(`keep all their promises whatever happens (${SEEDS} seeds from ${FIRST_SEED})`, async () => {
    const simulator = new Simulator(load);
    let events = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
      // Only on a network that loses nothing can it be seen that a process leaves as it should.
      const result = await simulator.run({ seed, isCalm: seed % 4 === 0 });
      assert.deepEqual(result.violations, [], describeFailure(result));
      events += result.events;
    }
    assert.ok(events > 30 * SEEDS, `something happens: ${events} events`);
  });

  describe('are found out within a number of seeds when', () => {
    for (const { name, mutation, seeds, isRare = false, ...faults } of MUTANTS) {
      it(`${name} (${seeds})`, { skip: isRare && !IS_LONG }, async () => {
        const simulator = new Simulator(mutation === undefined ? load : await bundleServer(mutation));
        for (let seed = 1; seed <= seeds; seed += 1) {
          const { violations } = await simulator.run({ seed, ...faults });
          if (violations.length > 0) return;
        }
        assert.fail(`Nothing has found it in ${seeds} seeds.`);
      });
    }
  });
});
