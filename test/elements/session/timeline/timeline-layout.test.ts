import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { NodeSpan } from '../../../../src/controller/node-spans.js';
import {
  layoutTimeline,
  MAX_BARS,
  type TimelineNode,
} from '../../../../src/elements/session/timeline/timeline-layout.js';

const DAY = 24 * 60 * 60 * 1000;

function span(kind: NodeSpan['kind'], startTs: number, endTs?: number): NodeSpan {
  return { kind, attempt: 1, startTs, ...(endTs === undefined ? {} : { endTs }) };
}

function layout(nodes: Readonly<Record<string, readonly NodeSpan[]>>, nowMs = 0) {
  const found = layoutTimeline(
    Object.entries(nodes).map(([nodeId, spans]) => ({ nodeId, spans })),
    nowMs,
  );
  assert.ok(found !== undefined);
  return found;
}

const rounded = (nodes: Parameters<typeof layout>[0], nowMs = 0) =>
  layout(nodes, nowMs).rows.map(({ bars }) => bars.map(({ x, width }) => [Math.round(x), Math.round(width)]));

describe('the layout of a timeline', () => {
  it('joins neighbours if there are too many spans to distinguish', () => {
    const spans = Array.from({ length: 500 }, (_, turn) => [
      {
        ...span('work', turn * 1000, turn * 1000 + 200),
        outcome: turn === 250 ? 'failed' : 'continued',
      } as const,
      span('wait', turn * 1000 + 200, turn * 1000 + 1000),
    ]).flat();
    const [row] = layout({ a: spans }).rows;
    assert.ok(row !== undefined && row.bars.length <= MAX_BARS, `${row?.bars.length} bars`);
    assert.equal(row.bars.at(0)?.span.startTs, 0);
    assert.equal(row.bars.at(-1)?.span.endTs, 500_000);
    const [failed, others] = [true, false].map((isFailed) =>
      row.bars.filter((bar) => (bar.span.outcome === 'failed') === isFailed).map((bar) => bar.span.kind),
    );
    assert.deepEqual(failed, ['work'], 'a failure is not lost');
    assert.deepEqual([...new Set(others)], ['wait'], 'what took longer');
  });

  for (const [name, nodes, expected] of [
    ['one node fills it', { a: [span('work', 0, 3000)] }, [[[0, 100]]]],
    [
      'nodes one after the other',
      { a: [span('work', 0, 1000)], b: [span('work', 1000, 4000)] },
      [[[0, 25]], [[25, 75]]],
    ],
    [
      'concurrent nodes have rows of their own',
      { a: [span('work', 0, 2000)], b: [span('work', 1000, 2000)] },
      [[[0, 100]], [[50, 50]]],
    ],
    [
      'a wait of three days takes a small share',
      { a: [span('work', 0, 5000), span('wait', 5000, 3 * DAY), span('work', 3 * DAY, 3 * DAY + 5000)] },
      [
        [
          [0, 43],
          [43, 14],
          [57, 43],
        ],
      ],
    ],
    [
      'what took no time can be seen',
      { a: [span('work', 0, 0)], b: [span('work', 0, 10_000)] },
      [[[0, 1]], [[0, 100]]],
    ],
  ] as const) {
    it(name, () => {
      const actual = rounded(nodes);
      assert.equal(actual.length, expected.length);
      for (const [row, bars] of expected.entries()) {
        for (const [position, [x, width]] of bars.entries()) {
          const [actualX = -1, actualWidth = -1] = actual[row]?.[position] ?? [];
          assert.ok(Math.abs(actualX - x) <= 1 && Math.abs(actualWidth - width) <= 1, JSON.stringify(actual));
        }
      }
    });
  }

  it('marks shortened stretches, with their real times', () => {
    const { gaps } = layout({
      a: [span('work', 0, 5000), span('wait', 5000, 3 * DAY), span('work', 3 * DAY, 3 * DAY + 5000)],
    });
    assert.deepEqual(
      gaps.map(({ startMs, endMs }) => [startMs, endMs]),
      [[5000, 3 * DAY]],
    );
  });

  it('does not shorten a wait about as long as the running time', () => {
    assert.deepEqual(
      layout({ a: [span('work', 0, 5000), span('wait', 5000, 6000), span('work', 6000, 9000)] }).gaps,
      [],
    );
  });

  it('does not shorten a short wait, whose label would be “idle 0 s”', () => {
    const spans = [span('work', 0, 20), span('wait', 20, 1900), span('work', 1900, 1950)];
    assert.deepEqual(layout({ a: spans }).gaps, []);
    assert.equal(layout({ a: [span('work', 0, 20), span('wait', 20, 2100)] }).gaps.length, 1);
  });

  it('shortens nothing while another node is running', () => {
    assert.deepEqual(layout({ a: [span('wait', 0, DAY)], b: [span('work', 0, DAY)] }).gaps, []);
  });

  it('ends open spans now', () => {
    assert.deepEqual(rounded({ a: [span('work', 0, 5000)], b: [span('work', 5000)] }, 10_000), [
      [[0, 50]],
      [[50, 50]],
    ]);
  });

  it('is undefined before anything has started', () => {
    assert.equal(layoutTimeline([{ nodeId: 'a', spans: [] }], 0), undefined);
  });

  it('has few marks without overlaps', () => {
    for (const endTs of [3000, 90_000, 3 * 60 * 60 * 1000, 3 * DAY]) {
      const { ticks } = layout({ a: [span('work', 0, endTs)] });
      assert.ok(ticks.length >= 2 && ticks.length <= 9, `${endTs}: ${ticks.length}`);
      ticks.forEach(({ x }, position) =>
        assert.ok(position === 0 || x - (ticks[position - 1]?.x ?? 0) >= 11),
      );
    }
  });
});

/** Consecutive spans of a node, from nothing to days long; the last one may be open. */
const anySpans: fc.Arbitrary<readonly NodeSpan[]> = fc
  .tuple(
    fc.nat(5 * DAY),
    fc.array(
      fc.record({
        kind: fc.constantFrom('work' as const, 'wait' as const),
        pauseMs: fc.constantFrom(0, 0, 50, DAY),
        lengthMs: fc.oneof(fc.constant(0), fc.nat(5000), fc.nat(3 * DAY)),
      }),
      { maxLength: 40 },
    ),
    fc.boolean(),
  )
  .map(([startMs, parts, isOpen]) => {
    let at = startMs;
    return parts.map(({ kind, pauseMs, lengthMs }, position) => {
      const startTs = at + pauseMs;
      at = startTs + lengthMs;
      return span(kind, startTs, isOpen && position === parts.length - 1 ? undefined : at);
    });
  });

const anyNodes: fc.Arbitrary<readonly TimelineNode[]> = fc
  .array(anySpans, { maxLength: 8 })
  .map((rows) => rows.map((spans, index) => ({ nodeId: String(index), spans })));

const NOW = 200 * DAY;

describe('the layout of any timeline', () => {
  it('never places a later time before an earlier one, or a time beyond the ends', () => {
    fc.assert(
      fc.property(anyNodes, fc.array(fc.nat(NOW)), (nodes, times) => {
        const found = layoutTimeline(nodes, NOW);
        if (found === undefined) return;
        let last = 0;
        for (const ms of [...times, found.startMs, found.endMs].sort((a, b) => a - b)) {
          const x = found.toX(ms);
          assert.ok(x >= last && x <= 100, `${x} after ${last}`);
          last = x;
        }
      }),
    );
  });

  it('keeps the bars of a row visible, apart and within the width', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        for (const { bars } of layoutTimeline(nodes, NOW)?.rows ?? []) {
          let end = -1e-9;
          for (const { x, width } of bars) {
            assert.ok(x >= end - 1e-6, 'over each other');
            assert.ok(width > 0.5, `too narrow: ${width}`);
            end = x + width;
            assert.ok(end <= 100 + 1e-6, 'beyond the end');
          }
        }
      }),
    );
  });

  it('leaves most of the width to the running time', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const gaps = layoutTimeline(nodes, NOW)?.gaps ?? [];
        const hasWork = nodes.some(({ spans }) =>
          spans.some(({ kind, startTs, endTs = NOW }) => kind === 'work' && endTs - startTs > 1000),
        );
        if (!hasWork) return;
        assert.ok(gaps.reduce((sum, { width }) => sum + width, 0) <= 50);
      }),
    );
  });
});
