import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { decodeHints, encodeHints, encodeNonce, HintBatch } from '../../../src/server/cluster/hint-batch.js';
import type { WakeHint } from '../../../src/server/cluster/wake-bus.js';

const HINTS = fc.array(
  fc.oneof(
    fc.record(
      {
        kind: fc.constant('log' as const),
        sessionId: fc.oneof(fc.uuid(), fc.string({ unit: 'binary', maxLength: 200 })),
        lastIndex: fc.nat(),
      },
      { noNullPrototype: true },
    ),
    fc.record(
      { kind: fc.constant('list' as const), listKey: fc.string(), revision: fc.nat() },
      { noNullPrototype: true },
    ),
    fc.record(
      { kind: fc.constant('turn' as const), sessionId: fc.string({ unit: 'binary', maxLength: 200 }) },
      { noNullPrototype: true },
    ),
    fc.constant({ kind: 'ready' as const }),
  ),
  { maxLength: 400 },
);

it('hints arrive as they were sent, in payloads that PostgreSQL accepts', () => {
  fc.assert(
    fc.property(HINTS, (hints) => {
      const payloads = encodeHints('me', hints);
      for (const payload of payloads) assert.ok(Buffer.byteLength(payload) < 8000);
      const received = payloads.flatMap((payload) => decodeHints(payload)?.hints ?? []);
      assert.deepEqual(received, hints);
    }),
    { numRuns: 200 },
  );
});

it('of each log and list, only the newest hint is sent, and each hint once', () => {
  const batch = new HintBatch();
  const sent: readonly WakeHint[] = [
    { kind: 'log', sessionId: 's', lastIndex: 7 },
    { kind: 'log', sessionId: 's', lastIndex: 5 },
    { kind: 'list', listKey: 'l', revision: 2 },
    { kind: 'turn', sessionId: 's' },
    { kind: 'ready' },
    { kind: 'turn', sessionId: 's' },
    { kind: 'ready' },
  ];
  for (const hint of sent) batch.add(hint);
  const [payload = '', ...others] = batch.take('me');
  assert.deepEqual(others, []);
  assert.deepEqual(decodeHints(payload), {
    sender: 'me',
    hints: [
      { kind: 'ready' },
      { kind: 'log', sessionId: 's', lastIndex: 7 },
      { kind: 'list', listKey: 'l', revision: 2 },
      { kind: 'turn', sessionId: 's' },
    ],
  });
  assert.deepEqual([batch.isEmpty, batch.take('me')], [true, []]);
});

it('a payload of another program, or a newer version, is passed over', () => {
  for (const text of ['', 'x', '{}', '[]', '[1]', 'null']) assert.equal(decodeHints(text), undefined);
  assert.deepEqual(decodeHints('["a",null,["z",1],["l","s",1],["l",2,3],7]'), {
    sender: 'a',
    hints: [{ kind: 'log', sessionId: 's', lastIndex: 1 }],
  });
  assert.equal(decodeHints(encodeNonce('a', 'n'))?.nonce, 'n');
});
