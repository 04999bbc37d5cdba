import assert from 'node:assert/strict';
import { it } from 'node:test';
import { digestOf } from '../../../src/server/http/parse-requests.js';

it('the digest of a large creation lets others work in between', async () => {
  const members = Object.fromEntries(Array.from({ length: 100_000 }, (_, number) => [`k${-number}`, number]));
  const graph = { nodes: [{ id: 'a', type: 'any', configuration: members }] };
  const digest = digestOf({ graphId: 'g', graph, mode: 'interactive', inputs: {} });
  let turns = 0;
  const progress = { isOver: false };
  void digest.finally(() => (progress.isOver = true));
  for (; !progress.isOver; turns += 1) await new Promise(setImmediate);
  assert.ok(turns > 100, `${turns} turns`);
  assert.match(await digest, /^[0-9a-f]{64}$/);
});
