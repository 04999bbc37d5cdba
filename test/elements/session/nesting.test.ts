import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nested, nestingDepth } from '../../../src/elements/session/nesting.js';

const placed = (parents: Readonly<Record<string, string | undefined>>) =>
  new Map(
    Object.entries(parents).map(([id, parent]) => [id, parent === undefined ? {} : { parent }] as const),
  );

describe('steps of a node', () => {
  const nodes = placed({
    agent: undefined,
    other: undefined,
    a: 'agent',
    b: 'agent',
    inner: 'a',
    lost: 'gone',
  });

  it('stand after it, each with its own', () => {
    assert.deepEqual(nested(['agent', 'other', 'a', 'b', 'inner', 'lost'], nodes), [
      'agent',
      'a',
      'inner',
      'b',
      'other',
      'lost',
    ]);
  });

  it('stand deeper than it, at most three levels', () => {
    assert.deepEqual(
      ['agent', 'a', 'inner', 'lost'].map((id) => nestingDepth(id, nodes)),
      [0, 1, 2, 0],
    );
    const deep = placed({ a: undefined, b: 'a', c: 'b', d: 'c', e: 'd' });
    assert.equal(nestingDepth('e', deep), 3);
  });

  it('are all there once, whatever their parents are', () => {
    const trees = fc.array(fc.option(fc.nat(9), { nil: undefined }), { maxLength: 10 });
    fc.assert(
      fc.property(trees, (parents) => {
        const ids = parents.map((_, at) => String(at));
        const any = new Map(
          parents.map(
            (parent, at) => [String(at), parent === undefined ? {} : { parent: String(parent) }] as const,
          ),
        );
        const order = nested(ids, any);
        assert.deepEqual(new Set(order), new Set(ids));
        assert.equal(order.length, ids.length);
        for (const id of ids) nestingDepth(id, any);
      }),
    );
  });
});
