import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { NodeSpan } from '../../../../src/controller/run/node-spans.js';
import { gapLabels } from '../../../../src/elements/session/timeline/gap-labels.js';
import { MAX_BARS } from '../../../../src/elements/session/timeline/timeline-bars.js';
import {
  layoutTimeline,
  type TimelineNode,
} from '../../../../src/elements/session/timeline/timeline-layout.js';
import { timelineFigures } from '../../../../src/elements/session/timeline/timeline-figures.js';
import { timelineTimes } from '../../../../src/elements/session/timeline/timeline-times.js';
import { duration, roundDuration } from '../../../../src/elements/strings/duration.js';
import { englishStrings } from '../../../../src/elements/strings/english.js';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

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
    assert.equal(Math.min(...row.bars.map(({ span: { startTs } }) => startTs)), 0);
    assert.equal(Math.max(...row.bars.map(({ span: { endTs = 0 } }) => endTs)), 500_000);
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
      { a: [span('wait', 5000, 3 * DAY)], b: [span('work', 0, 5000), span('work', 3 * DAY, 3 * DAY + 5000)] },
      [
        [[44, 12]],
        [
          [0, 44],
          [56, 44],
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

  it('does not shorten a wait of less than 30 s, or one that is short beside the running time', () => {
    const spans = [span('work', 0, 20), span('wait', 20, 29_000), span('work', 29_000, 29_050)];
    assert.deepEqual(layout({ a: spans }).gaps, []);
    assert.deepEqual(layout({ a: [span('work', 0, HOUR), span('wait', HOUR, HOUR + 60_000)] }).gaps, []);
  });

  it('gives a wait of three days more space than one of 40 s', () => {
    const spans = [
      span('wait', 0, 40_000),
      span('work', 40_000, 40_004),
      span('wait', 40_004, 3 * DAY),
      span('work', 3 * DAY, 3 * DAY + 4),
      span('wait', 3 * DAY + 4, 3 * DAY + 2 * HOUR),
    ];
    for (const trackPx of [110, 640, 1600]) {
      const found = layoutTimeline([{ nodeId: 'a', spans }], 0, { trackPx });
      const widths = found?.gaps.map(({ width }) => width) ?? [];
      const [seconds = 0, days = 0, hours = 0] = widths;
      assert.ok(days > hours * 1.1 && hours > seconds * 1.1, widths.join(' '));
      assert.ok(days + hours + seconds > 98, 'work of 8 ms takes nothing from them');
    }
  });

  it('leaves out running time of a few milliseconds beside a wait, but never a failure', () => {
    const spans = (outcome: 'continued' | 'failed') => [
      { ...span('work', 0, 20), outcome },
      span('wait', 20, 5000),
      { ...span('work', 5000, 5040), outcome },
    ];
    assert.deepEqual(
      (['continued', 'failed'] as const).map((outcome) => layout({ a: spans(outcome) }).rows[0]?.bars.length),
      [1, 3],
    );
    assert.equal(layout({ a: [span('work', 0, 20)] }).rows[0]?.bars.length, 1, 'no wait beside it');
  });

  it('shows the run as a whole: when a node was running, and when all that happened was waiting', () => {
    const { runBars } = layout({
      a: [span('work', 0, 2000), span('wait', 2000, 9000)],
      b: [span('wait', 0, 4000), span('work', 4000, 5000)],
    });
    assert.deepEqual(
      runBars.map(({ span: { kind, startTs, endTs } }) => [kind, startTs, endTs]),
      [
        ['wait', 2000, 4000],
        ['wait', 5000, 9000],
        ['work', 0, 2000],
        ['work', 4000, 5000],
      ],
    );
  });

  it('does not move what has been, from second to second, while a run is open', () => {
    const nodes = [
      { nodeId: 'a', spans: [span('work', 0, 5000)] },
      { nodeId: 'b', spans: [span('work', 5000)] },
    ];
    const widthAt = (nowMs: number, isOpen: boolean) =>
      Math.round((layoutTimeline(nodes, nowMs, { isOpen })?.toX(5000) ?? 0) * 100) / 100;
    const seconds = Array.from({ length: 55 }, (_, second) => 6000 + second * 1000);
    assert.deepEqual([...new Set(seconds.map((nowMs) => widthAt(nowMs, true)))], [50, 25, 16.67, 8.33]);
    assert.equal(widthAt(10_000, false), 50);
    assert.equal(new Set(seconds.map((nowMs) => widthAt(nowMs, false))).size, 55);
  });

  it('keeps everything in its place while a run only waits', () => {
    const places = Array.from({ length: 100 }, (_, second) =>
      layoutTimeline(
        [{ nodeId: 'a', spans: [span('work', 0, 20_000), span('wait', 20_000)] }],
        20_000 + HOUR + second * 1000,
        { isOpen: true },
      )?.toX(20_000),
    );
    assert.equal(new Set(places).size, 1);
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
    for (const endTs of [3000, 90_000, 3 * HOUR, 3 * DAY]) {
      const { marks } = layout({ a: [span('work', 0, endTs)] }).ticks;
      assert.ok(marks.length >= 2 && marks.length <= 9, `${endTs}: ${marks.length}`);
      marks.forEach(({ x }, position) =>
        assert.ok(position === 0 || x - (marks[position - 1]?.x ?? 0) >= 10),
      );
    }
  });

  it('has no two marks within a second where marks are times of day', () => {
    const spans = [span('work', 0, 2000), span('wait', 2000, DAY), span('work', DAY, DAY + 1500)];
    const { marks, isClock } = layoutTimeline([{ nodeId: 'a', spans }], 0, { trackPx: 1600 })?.ticks ?? {
      marks: [],
      isClock: false,
    };
    assert.ok(isClock && marks.length >= 3);
    marks.forEach(({ ms }, position) => assert.ok(ms - (marks[position - 1]?.ms ?? -1000) >= 1000));
  });

  it('has the date at the first mark of another day', () => {
    const startMs = new Date(2026, 10, 26, 23, 0).getTime();
    const spans = [
      span('work', startMs, startMs + 60_000),
      span('wait', startMs + 60_000, startMs + 2 * DAY),
      span('work', startMs + 2 * DAY, startMs + 2 * DAY + 120_000),
    ];
    const { marks } = layout({ a: spans }).ticks;
    const dated = marks.filter(({ isDated }) => isDated);
    assert.deepEqual(
      dated.map(({ ms }) => ms),
      [startMs + 2 * DAY],
    );
    const overnight = layout({ a: [span('work', startMs, startMs + 4 * HOUR)] }).ticks.marks;
    assert.deepEqual(
      overnight.filter(({ isDated }) => isDated).map(({ ms }) => new Date(ms).getHours()),
      [0],
    );
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
        lengthMs: fc.oneof(fc.constant(0), fc.nat(100), fc.nat(5000), fc.nat(90_000), fc.nat(3 * DAY)),
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

/** Widths of the track: of a narrow panel to a wide one. */
const anyTrack = fc.integer({ min: 90, max: 1700 });

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

  it('keeps the bars of a row visible and within the width', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const found = layoutTimeline(nodes, NOW);
        for (const { bars } of [...(found?.rows ?? []), { bars: found?.runBars ?? [] }]) {
          for (const { x, width } of bars) {
            assert.ok(width > 0.4, `too narrow: ${width}`);
            assert.ok(x >= 0 && x + width <= 100 + 1e-6, 'beyond the end');
          }
        }
      }),
    );
  });

  it('never draws a longer wait narrower than a shorter one', () => {
    fc.assert(
      fc.property(anyNodes, anyTrack, fc.boolean(), (nodes, trackPx, isOpen) => {
        const found = layoutTimeline(nodes, NOW, { trackPx, isOpen });
        const waits = (found?.rows ?? [])
          .flatMap(({ bars }) => bars)
          .filter((bar) => bar.span.kind === 'wait')
          .map(({ span: { startTs, endTs = NOW }, width }) => ({ ms: endTs - startTs, width }))
          .sort((a, b) => a.ms - b.ms);
        for (const [position, { ms, width }] of waits.entries()) {
          const shorter = waits.slice(0, position).filter((wait) => wait.ms < ms);
          const widest = Math.max(0, ...shorter.map((wait) => wait.width));
          assert.ok(width >= widest - 1e-6, `${ms} ms has ${width}, a shorter one ${widest}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never draws a shortened stretch wider than unshortened, and shortens only when no node runs', () => {
    fc.assert(
      fc.property(anyNodes, anyTrack, (nodes, trackPx) => {
        const found = layoutTimeline(nodes, NOW, { trackPx });
        if (found === undefined) return;
        const { gaps, toX } = found;
        const spans = nodes.flatMap((node) => node.spans);
        const edges = [...new Set(spans.flatMap(({ startTs, endTs = NOW }) => [startTs, endTs]))].sort(
          (a, b) => a - b,
        );
        // The scale of any stretch that is not shortened.
        const linear = edges.findIndex(
          (from, position) =>
            (edges[position + 1] ?? from) - from > 0 &&
            gaps.every(({ startMs, endMs }) => endMs <= from || startMs >= (edges[position + 1] ?? from)),
        );
        const [from, to] = [edges[linear] ?? 0, edges[linear + 1] ?? 0];
        const perMs = linear < 0 ? Number.POSITIVE_INFINITY : (toX(to) - toX(from)) / (to - from);
        for (const { startMs, endMs, width } of gaps) {
          assert.ok(endMs - startMs >= 30_000);
          assert.ok(width <= (endMs - startMs) * perMs * (1 + 1e-6), `${width} for ${endMs - startMs} ms`);
          for (const { kind, startTs, endTs = NOW } of spans) {
            assert.ok(kind === 'wait' || endTs <= startMs || startTs >= endMs);
          }
        }
      }),
    );
  });

  it('labels every shortened stretch, within the track and apart from the other labels', () => {
    fc.assert(
      fc.property(anyNodes, anyTrack, (nodes, trackPx) => {
        const gaps = layoutTimeline(nodes, NOW, { trackPx })?.gaps ?? [];
        const labels = gapLabels(gaps, trackPx, (ms) => [
          duration(ms, englishStrings),
          roundDuration(ms, englishStrings),
        ]);
        assert.equal(labels.length, gaps.length);
        const ends: number[] = [];
        for (const { gap, text, x, line } of labels) {
          const half = ((text.length * 5.5) / trackPx / 2) * 100;
          assert.ok(text !== '' && x >= half - 1e-6 && x <= 100 - half + 1e-6, `${text} at ${x}`);
          assert.ok(x - half >= (ends[line] ?? 0), 'over another');
          assert.ok(Math.abs(x - gap.x - gap.width / 2) < half + gap.width + 10, 'far from its stretch');
          ends[line] = x + half;
        }
      }),
    );
  });

  it('adds up exactly the running and waiting times of the log', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        for (const node of nodes) {
          const sum = (kind: NodeSpan['kind']) =>
            node.spans
              .filter((one) => one.kind === kind)
              .reduce((ms, { startTs, endTs = NOW }) => ms + endTs - startTs, 0);
          const times = timelineTimes([node], NOW);
          assert.deepEqual(times, { workMs: sum('work'), waitMs: sum('wait') });
          const { work, wait } = timelineFigures(times, false, englishStrings);
          assert.equal(wait, times.waitMs === 0 ? undefined : duration(times.waitMs, englishStrings));
          const isNothing = times.waitMs > 0 && times.workMs < 50;
          assert.equal(work, isNothing ? undefined : duration(times.workMs, englishStrings));
        }
      }),
    );
  });

  it('leaves half of the width to running time of a second and more', () => {
    const spans = Array.from({ length: 24 }, (_, turn) => [
      span('work', turn * DAY, turn * DAY + 50),
      span('wait', turn * DAY + 50, (turn + 1) * DAY),
    ]).flat();
    const gaps = layout({ a: spans }).gaps;
    assert.equal(gaps.length, 24);
    assert.ok(gaps.reduce((sum, { width }) => sum + width, 0) <= 50 + 1e-6);
  });
});
