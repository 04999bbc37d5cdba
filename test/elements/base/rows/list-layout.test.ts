import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { groupStarts, holdBack } from '../../../../src/elements/list/list-order.js';
import {
  layoutList,
  MAX_ROWS,
  scrollTopFor,
  windowOf,
} from '../../../../src/elements/base/rows/list-layout.js';

const HEIGHTS = { row: 52, heading: 30 };

describe('layout of the list', () => {
  it('puts a heading above the first row of a day', () => {
    const layout = layoutList(4, [0, 2], HEIGHTS);
    assert.deepEqual(
      [0, 1, 2, 3].map((position) => layout.top(position)),
      [0, 82, 134, 216],
    );
    assert.equal(layout.height, 268);
    assert.deepEqual(
      [0, 1, 2, 3].map((position) => layout.hasHeading(position)),
      [true, false, true, false],
    );
  });

  it('finds the row at an offset, for any headings', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.uniqueArray(fc.nat(399), { maxLength: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, days, share) => {
          const headings = days.filter((day) => day < count).sort((a, b) => a - b);
          const layout = layoutList(count, headings, HEIGHTS);
          const offset = share * (layout.height - 1);
          const position = layout.at(offset);
          assert.ok(layout.top(position) <= offset);
          assert.ok(offset < layout.top(position + 1));
        },
      ),
    );
  });

  it('is empty without rows', () => {
    const layout = layoutList(0, [], HEIGHTS);
    assert.equal(layout.height, 0);
    assert.equal(layout.at(10), -1);
    assert.deepEqual(windowOf(layout, 0, 500), { start: 0, end: 0 });
  });
});

describe('window onto the list', () => {
  const layout = layoutList(10_000, [0, 5000], HEIGHTS);

  it('has the visible rows and some beyond', () => {
    const { start, end } = windowOf(layout, layout.top(5000), 520);
    assert.equal(start, 4994);
    assert.ok(end >= 5010 && end <= 5020, `${end}`);
  });

  it('never has more rows than the limit, and always the first visible one', () => {
    fc.assert(
      fc.property(fc.nat(600_000), fc.nat(6000), (scrollTop, viewHeight) => {
        const { start, end } = windowOf(layout, scrollTop, viewHeight);
        assert.ok(end - start <= MAX_ROWS);
        const first = layout.at(scrollTop);
        assert.ok(start <= first && first < end);
      }),
    );
  });

  it('scrolls no further than a row needs to be seen', () => {
    assert.equal(scrollTopFor(layout, 3, 0, 520), 0);
    assert.equal(scrollTopFor(layout, 20, 0, 520), layout.top(21) - 520);
    assert.equal(scrollTopFor(layout, 20, layout.top(30), 520), layout.top(20));
    assert.equal(scrollTopFor(layout, 9999, 0, 520), layout.height - 520);
  });
});

describe('order of the list', () => {
  it('holds back what is newer than the row on top', () => {
    assert.deepEqual(holdBack(['c', 'b', 'a'], ['a']), { ids: ['a'], heldBack: 2 });
    assert.deepEqual(holdBack(['b', 'a'], ['b', 'a']), { ids: ['b', 'a'], heldBack: 0 });
  });

  it('takes the next row when the one on top is gone', () => {
    assert.deepEqual(holdBack(['d', 'b', 'a'], ['c', 'b', 'a']), { ids: ['b', 'a'], heldBack: 1 });
    assert.deepEqual(holdBack(['d'], ['c', 'b']), { ids: ['d'], heldBack: 0 });
  });

  it('holds back what comes between rows, also below pinned ones', () => {
    assert.deepEqual(holdBack(['pin', 'new', 'a'], ['pin', 'a']), { ids: ['pin', 'a'], heldBack: 1 });
    assert.deepEqual(holdBack(['b', 'a', 'older'], ['b', 'a']), { ids: ['b', 'a', 'older'], heldBack: 0 });
    assert.deepEqual(holdBack(['a'], []), { ids: ['a'], heldBack: 0 });
  });

  it('begins a day where the local date changes', () => {
    const day = (ms: number | undefined) => new Date(ms ?? 0).toDateString();
    const at = (day: number, hour: number) => new Date(2025, 10, day, hour).getTime();
    const times = [at(22, 23), at(22, 0), at(21, 23), at(19, 4), at(19, 3)];
    assert.deepEqual(
      groupStarts(times.length, (position) => day(times[position])),
      [0, 2, 3],
    );
  });
});
