import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EntriesDraft } from '../../../src/controller/run/entries-draft.js';
import type { ActivityEntry, NodeActivity } from '../../../src/controller/run/reduce-run.js';

function thought(index: number, text = ''): ActivityEntry {
  return { kind: 'thought', index, text };
}

describe('EntriesDraft', () => {
  it('gives the same entries as a list that is copied for each batch, and never changes an earlier one', () => {
    const limit = 130;
    let seed = 1;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed % below;
    };
    let activity: NodeActivity = { entries: Array.from({ length: 70 }, (_, at) => thought(at)), omitted: 3 };
    let entries = [...activity.entries];
    let omitted = activity.omitted;
    const earlier: { readonly activity: NodeActivity; readonly entries: readonly ActivityEntry[] }[] = [];
    for (let batch = 0; batch < 200; batch += 1) {
      const draft = new EntriesDraft(activity);
      for (let step = random(40); step >= 0; step -= 1) {
        const index = batch * 100 + step;
        if (random(5) > 0) {
          draft.push(thought(index));
          entries.push(thought(index));
        } else {
          const wanted = entries[random(entries.length)]?.index ?? -1;
          const isSame = (entry: ActivityEntry) => entry.index === wanted;
          const isFound = draft.changeNewest((entry) =>
            isSame(entry) ? thought(wanted, `changed in ${batch}`) : undefined,
          );
          const at = entries.map(({ index }) => index).lastIndexOf(wanted);
          assert.equal(isFound, at >= 0);
          entries[at] = thought(wanted, `changed in ${batch}`);
        }
        assert.deepEqual(draft.last, entries.at(-1));
      }
      activity = draft.finish(limit);
      const excess = Math.max(0, entries.length - limit);
      omitted += excess;
      entries = entries.slice(excess);
      // Some are read at once, others only after what follows.
      if (random(2) === 0) assert.deepEqual(activity.entries, entries);
      assert.equal(activity.omitted, omitted);
      earlier.push({ activity, entries: [...entries] });
    }
    for (const state of earlier) assert.deepEqual(state.activity.entries, state.entries);
  });

  it('adds to an earlier state, as to the newest, without changing what came after it', () => {
    const states: NodeActivity[] = [{ entries: [], omitted: 0 }];
    for (let count = 0; count < 120; count += 1) {
      const draft = new EntriesDraft(states.at(-1)!);
      draft.push(thought(count));
      states.push(draft.finish(1000));
    }
    const others = states.map((state) => {
      const draft = new EntriesDraft(state);
      draft.changeNewest(({ index }) => (index % 7 === 0 ? thought(index, 'changed') : undefined));
      for (let count = 0; count < 60; count += 1) draft.push(thought(1000 + count));
      return draft.finish(1000);
    });
    for (const [count, state] of states.entries()) {
      const own = Array.from({ length: count }, (_, index) => thought(index));
      assert.deepEqual(state.entries, own);
      const added = Array.from({ length: 60 }, (_, index) => thought(1000 + index));
      const newest = count === 0 ? -1 : Math.floor((count - 1) / 7) * 7;
      const changed = own.map((entry) => (entry.index === newest ? thought(newest, 'changed') : entry));
      assert.deepEqual(others[count]?.entries, [...changed, ...added]);
    }
  });

  it('does not find what was left out', () => {
    const draft = new EntriesDraft({ entries: [thought(0), thought(1), thought(2)], omitted: 0 });
    const next = new EntriesDraft(draft.finish(1));
    assert.equal(
      next.changeNewest((entry) => (entry.index === 1 ? entry : undefined)),
      false,
    );
    assert.deepEqual(next.last, thought(2));
    assert.deepEqual(new EntriesDraft(next.finish(0)).last, undefined);
  });
});
