import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Signal } from 'signal-polyfill';
import { EMPTY_RUN } from '../../../src/controller/run/empty-run.js';
import { reduceRun, type RunState } from '../../../src/controller/run/reduce-run.js';
import { RunController } from '../../../src/controller/run/run-controller.js';
import { RunSnapshots } from '../../../src/controller/run/run-snapshots.js';
import { parseEvent, type GraphRunEvent } from '../../../src/protocol/events.js';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { anyEvent } from '../../support/any-event.js';

/** Logs of valid events, numbered from 0, whose times grow. */
const anyLog = fc
  .array(fc.tuple(anyEvent, fc.nat(3)), { maxLength: 40 })
  .map((values) =>
    numbered(values.flatMap(([value, wait]) => readable(value).map((event) => [event, wait]))),
  );

function readable(value: unknown): GraphRunEvent[] {
  try {
    return [parseEvent(value)];
  } catch (error) {
    if (error instanceof GraphRunError) return [];
    throw error;
  }
}

function numbered(events: readonly (readonly [GraphRunEvent, number])[]): GraphRunEvent[] {
  let ts = 1000;
  return events.map(([event, wait], index) => ({ ...event, index, ts: (ts += wait) }));
}

/** The log of a run whose node reports one thought after another. */
function thoughts(count: number): GraphRunEvent[] {
  return Array.from({ length: count }, (_, index): GraphRunEvent => {
    if (index === 0) return { type: 'nodeStart', nodeId: 'a', index, ts: index };
    return { type: 'thoughtEvent', nodeId: `n${index % 7}`, text: `thought ${index}`, index, ts: index * 10 };
  });
}

function messages(events: readonly GraphRunEvent[]): SessionMessage[] {
  return events.map((event) => ({ kind: 'event', event }));
}

function runOf(events: readonly GraphRunEvent[]): RunController {
  const run = new RunController();
  run.open('s');
  run.apply(messages(events));
  return run;
}

/** Everything that the getters say about the run. */
function shown(run: RunController): object {
  const { status, interactions, unanswered, resolvedInteractions, outputs, error, outline, summary } = run;
  return {
    nodeIds: run.nodeIds,
    nodes: run.nodes,
    status,
    interactions,
    unanswered,
    resolvedInteractions,
    outputs,
    error,
    outline,
    summary,
  };
}

/** A state as its readers see it: states share the storage of their entries, which may have later ones, too. */
function read(state: RunState) {
  const activity = [...state.activity].map(
    ([nodeId, { entries, omitted }]) => [nodeId, { entries, omitted }] as const,
  );
  return { ...state, activity: new Map(activity) };
}

type Step =
  | { readonly kind: 'append'; readonly events: number }
  | { readonly kind: 'seek'; readonly index: number }
  | { readonly kind: 'seekTime'; readonly ms: number }
  | { readonly kind: 'follow' }
  | { readonly kind: 'reset' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), events: fc.nat(8) }),
  fc.record({ kind: fc.constant('seek' as const), index: fc.integer({ min: -2, max: 45 }) }),
  fc.record({ kind: fc.constant('seekTime' as const), ms: fc.integer({ min: 990, max: 1130 }) }),
  fc.record({ kind: fc.constant('follow' as const) }),
  fc.record({ kind: fc.constant('reset' as const) }),
);

describe('Looking back', () => {
  it('shows at any position what a fresh fold of the events up to it shows, whatever was shown before', () => {
    fc.assert(
      fc.property(anyLog, fc.array(anyStep, { maxLength: 20 }), (log, steps) => {
        const run = runOf([]);
        let received = 0;
        /** How many events are shown; undefined: all. */
        let count: number | undefined;
        for (const step of steps) {
          if (step.kind === 'append') {
            run.apply(messages(log.slice(received, received + step.events)));
            received = Math.min(log.length, received + step.events);
          } else if (step.kind === 'seek') {
            run.seek(step.index);
            if (received > 0) count = Math.min(received, Math.max(1, step.index + 1));
          } else if (step.kind === 'seekTime') {
            run.seekTime(step.ms);
            const until = log.slice(0, received).filter(({ ts = 0 }) => ts <= step.ms).length;
            if (received > 0) count = Math.max(1, until);
          } else if (step.kind === 'follow') {
            run.follow();
            count = undefined;
          } else {
            run.apply([{ kind: 'reset' }]);
            received = 0;
            count = undefined;
          }
          assert.equal(run.position, count === undefined ? undefined : count - 1);
          assert.deepEqual(shown(run), shown(runOf(log.slice(0, count ?? received))));
          assert.deepEqual(
            [run.latest.status, run.latest.interactions, run.latest.summary],
            (({ latest }) => [latest.status, latest.interactions, latest.summary])(
              runOf(log.slice(0, received)),
            ),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps states along the log that are those of a fresh fold, however many events come at once', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.nat(9)), fc.integer({ min: 1, max: 8 }), (log, sizes, every) => {
        const snapshots = new RunSnapshots(every);
        let state = EMPTY_RUN;
        let rest = log;
        for (const size of [...sizes, log.length]) {
          state = snapshots.append(state, rest.slice(0, size));
          rest = rest.slice(size);
        }
        const kept = { length: log.length, dropped: 0, at: (position: number) => log[position] };
        for (let count = 1; count <= log.length; count += 1) {
          assert.deepEqual(read(snapshots.at(count, kept)), read(reduceRun(EMPTY_RUN, log.slice(0, count))));
        }
      }),
    );
  });

  it('reads no more than a thousand events for a seek in a long log', () => {
    const log = thoughts(20_500);
    const snapshots = new RunSnapshots();
    snapshots.append(EMPTY_RUN, log);
    let reads = 0;
    const kept = { length: log.length, dropped: 0, at: (position: number) => (reads++, log[position]) };
    for (const count of [1, 999, 1000, 1001, 10_999, 20_500]) {
      reads = 0;
      assert.deepEqual(read(snapshots.at(count, kept)), read(reduceRun(EMPTY_RUN, log.slice(0, count))));
      assert.ok(reads <= 1000, `${reads} events were read for ${count}`);
    }
  });

  it('live events change neither what is shown nor its readers', () => {
    const log = thoughts(20);
    const run = runOf(log.slice(0, 10));
    run.seek(4);
    let reads = 0;
    const reader = new Signal.Computed(() => (reads++, [run.nodes, run.summary, run.interactions]));
    reader.get();
    run.apply(messages(log.slice(10)));
    reader.get();
    assert.equal(reads, 1);
    assert.equal(run.position, 4);
    assert.equal(run.latest.lastIndex, 19);
    assert.equal(run.events.length, 20);
    run.follow();
    assert.deepEqual(shown(run), shown(runOf(log)));
  });

  it('an answer is confirmed by the log while an earlier moment is shown', () => {
    const ask: GraphRunEvent = {
      type: 'inputRequired',
      nodeId: 'a',
      interactionId: 'i',
      suspendEvent: { waitForInput: {} },
      index: 1,
    };
    const run = runOf([{ type: 'nodeStart', nodeId: 'a', index: 0 }, ask]);
    run.seek(1);
    run.setAnswer('i', { phase: 'sent' });
    const answered: GraphRunEvent = {
      type: 'inputResolved',
      nodeId: 'a',
      interactionId: 'i',
      by: 'response',
      response: {},
      index: 2,
    };
    run.apply(messages([answered]));
    assert.equal(run.answerOf('i'), undefined);
    assert.equal(run.interactions.length, 1);
    assert.equal(run.latest.interactions.length, 0);
  });

  it('another session, a reset and a closed session are shown as they are now', () => {
    for (const leave of [
      (run: RunController) => run.open('t'),
      (run: RunController) => run.close(),
      (run: RunController) => run.apply([{ kind: 'reset' }]),
    ]) {
      const run = runOf(thoughts(10));
      run.seek(3);
      leave(run);
      assert.equal(run.position, undefined);
      assert.equal(run.firstPosition, undefined);
      assert.deepEqual(run.nodeIds, []);
      run.apply(messages(thoughts(2)));
      assert.equal(run.latest.lastIndex, 1);
      assert.deepEqual(run.nodeIds, ['a']);
    }
  });

  it('does nothing without events, and for a place that is no number', () => {
    const empty = runOf([]);
    empty.seek(3);
    empty.seekTime(3);
    assert.equal(empty.position, undefined);
    const run = runOf(thoughts(5));
    run.seek(Number.NaN);
    run.seekTime(Number.NaN);
    assert.equal(run.position, undefined);
  });

  it('a log that begins in the middle, or has lost its oldest events, goes back as far as it is known', () => {
    const log = thoughts(225_000);
    const run = new RunController();
    run.open('s');
    for (let start = 0; start < log.length; start += 5000)
      run.apply(messages(log.slice(start, start + 5000)));
    assert.ok(run.events.dropped > 0);
    const first = run.firstPosition ?? 0;
    assert.ok(first >= run.events.dropped && first <= run.events.dropped + 1000, `${first}`);
    run.seek(0);
    assert.equal(run.position, first);
    const later = first + 1500;
    run.seek(later);
    assert.deepEqual(shown(run), shown(runOf(log.slice(0, later + 1))));

    const middle = runOf(log.slice(100, 110));
    assert.equal(middle.firstPosition, 100);
    middle.seek(50);
    assert.equal(middle.position, 100);
  });
});
