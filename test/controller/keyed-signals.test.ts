import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Signal } from 'signal-polyfill';
import { KeyedSignals } from '../../src/controller/keyed-signals.js';

/** A reader that counts how often it was notified. */
function reader<Value>(read: () => Value) {
  let reads = 0;
  const computed = new Signal.Computed(() => {
    reads += 1;
    return read();
  });
  return { read: () => computed.get(), reads: () => reads };
}

describe('KeyedSignals', () => {
  it('notifies only the reader of a key when it changes', () => {
    const signals = new KeyedSignals<string, number>();
    signals.apply([
      ['a', 1],
      ['b', 2],
    ]);
    const a = reader(() => signals.get('a'));
    const keys = reader(() => signals.keys);
    a.read();
    keys.read();
    signals.apply([['b', 3]]);
    assert.deepEqual([a.read(), a.reads(), keys.read(), keys.reads()], [1, 1, ['a', 'b'], 1]);
    signals.apply([['a', 4]]);
    assert.deepEqual([a.read(), a.reads(), keys.reads()], [4, 2, 1]);
  });

  for (const [how, remove] of [
    ['removed', (signals: KeyedSignals<string, number>) => signals.apply([], ['a'])],
    ['cleared', (signals: KeyedSignals<string, number>) => signals.clear()],
  ] as const) {
    it(`notifies the reader of a key that is ${how}, and again when it is added`, () => {
      const signals = new KeyedSignals<string, number>();
      signals.apply([['a', 1]]);
      const a = reader(() => signals.get('a'));
      assert.equal(a.read(), 1);
      remove(signals);
      assert.equal(a.read(), undefined);
      assert.deepEqual(signals.keys, []);
      signals.apply([['a', 2]]);
      assert.equal(a.read(), 2);
    });

    it(`notifies the reader of a key that is ${how} and added in one change`, () => {
      const signals = new KeyedSignals<string, number>();
      signals.apply([['a', 1]]);
      const a = reader(() => signals.get('a'));
      assert.equal(a.read(), 1);
      remove(signals);
      signals.apply([['a', 2]]);
      assert.equal(a.read(), 2);
    });
  }

  it('orders its keys by their values', () => {
    const signals = new KeyedSignals<string, number>((a, b) => b - a);
    signals.apply([
      ['old', 1],
      ['new', 3],
    ]);
    signals.apply([['middle', 2]]);
    assert.deepEqual(signals.keys, ['new', 'middle', 'old']);
  });
});
