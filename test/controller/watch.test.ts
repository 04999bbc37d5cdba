import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Signal } from 'signal-polyfill';
import { watch } from '../../src/controller/watch.js';

/** The microtasks that are due now, and those that they queue. */
const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('watch', () => {
  it('calls with the value at once, and once for all changes of a task', async () => {
    const first = new Signal.State('a');
    const second = new Signal.State(1);
    const seen: string[] = [];
    const stop = watch(
      () => first.get() + second.get(),
      (value) => seen.push(value),
    );
    assert.deepEqual(seen, ['a1']);
    first.set('b');
    second.set(2);
    second.set(3);
    assert.deepEqual(seen, ['a1']);
    await microtasks();
    assert.deepEqual(seen, ['a1', 'b3']);
    second.set(4);
    await microtasks();
    assert.deepEqual(seen, ['a1', 'b3', 'b4']);
    stop();
  });

  it('does not call for a value that is the same as before', async () => {
    const state = new Signal.State(1);
    const seen: boolean[] = [];
    const stop = watch(
      () => state.get() > 0,
      (value) => seen.push(value),
    );
    state.set(2);
    await microtasks();
    state.set(-1);
    await microtasks();
    assert.deepEqual(seen, [true, false]);
    stop();
  });

  it('does not call after it was stopped, even for a change before that', async () => {
    const state = new Signal.State(1);
    const seen: number[] = [];
    const stop = watch(
      () => state.get(),
      (value) => seen.push(value),
    );
    state.set(2);
    stop();
    state.set(3);
    await microtasks();
    assert.deepEqual(seen, [1]);
    stop();
  });

  it('follows the signals that the last reading has read', async () => {
    const isLeft = new Signal.State(true);
    const left = new Signal.State('l');
    const right = new Signal.State('r');
    const seen: string[] = [];
    const stop = watch(
      () => (isLeft.get() ? left : right).get(),
      (value) => seen.push(value),
    );
    isLeft.set(false);
    await microtasks();
    left.set('l2');
    await microtasks();
    right.set('r2');
    await microtasks();
    assert.deepEqual(seen, ['l', 'r', 'r2']);
    stop();
  });

  it('may write and stop within a call, and adds nothing to what another signal depends on', async () => {
    const state = new Signal.State(0);
    const seen: number[] = [];
    let runs = 0;
    const outer = new Signal.Computed(() => {
      runs += 1;
      const stop: () => void = watch(
        () => state.get(),
        (value) => {
          seen.push(value);
          if (value === 1) state.set(2);
          if (value === 2) stop();
        },
      );
      return stop;
    });
    outer.get();
    state.set(1);
    await microtasks();
    state.set(3);
    await microtasks();
    outer.get();
    assert.deepEqual(seen, [0, 1, 2]);
    assert.equal(runs, 1);
  });

  it('throws what the first reading throws', () => {
    const read = (): never => {
      throw new Error('no');
    };
    assert.throws(() => watch(read, () => undefined), /no/);
  });

  it('continues after a reading that failed, whose error the page sees', async () => {
    const state = new Signal.State<number | undefined>(1);
    const seen: number[] = [];
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const own = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', onError);
    const stop = watch(
      () => {
        const value = state.get();
        if (value === undefined) throw new Error('nothing there');
        return value;
      },
      (value) => seen.push(value),
    );
    try {
      state.set(undefined);
      await microtasks();
      state.set(2);
      await microtasks();
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of own) process.on('uncaughtException', listener);
      stop();
    }
    assert.deepEqual(errors.map(String), ['Error: nothing there']);
    assert.deepEqual(seen, [1, 2]);
  });

  it('ends at the newest value, whatever is written when', async () => {
    const writes = fc.array(fc.record({ value: fc.integer(), isAwaited: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(writes, async (steps) => {
        const state = new Signal.State(0);
        const seen: number[] = [];
        const stop = watch(
          () => state.get(),
          (value) => seen.push(value),
        );
        for (const { value, isAwaited } of steps) {
          state.set(value);
          if (isAwaited) await microtasks();
        }
        await microtasks();
        stop();
        assert.equal(seen.at(-1), state.get());
        assert.ok(seen.every((value, index) => index === 0 || value !== seen[index - 1]));
      }),
    );
  });
});
