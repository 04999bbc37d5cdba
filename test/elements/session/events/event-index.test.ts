import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { EventLog, MAX_KEPT_EVENTS } from '../../../../src/controller/run/event-log.js';
import {
  EventIndex,
  ALL_EVENTS,
  type EventFilter,
  type EventSource,
} from '../../../../src/elements/session/events/event-index.js';
import {
  eventContains,
  eventSummary,
  eventTypeOf,
  isFailure,
} from '../../../../src/elements/session/events/event-summary.js';
import { nodeIdOf, parseEvent, type GraphRunEvent } from '../../../../src/protocol/events.js';
import { GraphRunError } from '../../../../src/protocol/problems.js';
import { anyEvent } from '../../../support/any-event.js';

const anyEvents = fc.array(anyEvent, { maxLength: 40 }).map((values) =>
  values.flatMap((value) => {
    try {
      return [parseEvent(value)];
    } catch (error) {
      if (error instanceof GraphRunError) return [];
      throw error;
    }
  }),
);

const anyFilter: fc.Arbitrary<EventFilter> = fc.record({
  type: fc.constantFrom('', '', 'thoughtEvent', 'fromTheFuture'),
  nodeId: fc.constantFrom('', '', 'a', '__proto__'),
  isFailedOnly: fc.boolean(),
  text: fc.constantFrom('', '', 'A', 'x'),
});

function logOf(events: readonly GraphRunEvent[]): EventLog {
  const log = new EventLog();
  log.append(events);
  return log;
}

/** The log as a source that counts how often events are read. */
function counted(log: EventLog): { readonly source: EventSource; readonly reads: () => number } {
  let count = 0;
  const source: EventSource = {
    get length() {
      return log.length;
    },
    get dropped() {
      return log.dropped;
    },
    get generation() {
      return log.generation;
    },
    at: (position) => {
      count += 1;
      return log.at(position);
    },
  };
  return { source, reads: () => count };
}

function matches(index: EventIndex): readonly number[] {
  return Array.from({ length: index.count }, (_, row) => index.at(row) ?? -1);
}

function matchesNaively(events: readonly GraphRunEvent[], filter: EventFilter): readonly number[] {
  return events.flatMap((event, position) =>
    (filter.type === '' || eventTypeOf(event) === filter.type) &&
    (filter.nodeId === '' || nodeIdOf(event) === filter.nodeId) &&
    (!filter.isFailedOnly || isFailure(event)) &&
    (filter.text === '' || eventContains(event, filter.text.toLowerCase()))
      ? [position]
      : [],
  );
}

const thoughts = (count: number, from = 0): readonly GraphRunEvent[] =>
  Array.from({ length: count }, (_, position) => ({
    type: 'thoughtEvent',
    nodeId: `n${position % 3}`,
    text: `thought ${from + position}`,
    index: from + position,
  }));

describe('the index of events', () => {
  it('finds the same events as checking each one, however they arrive', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat(40), anyFilter, anyFilter, (events, at, first, second) => {
        const log = logOf(events.slice(0, at));
        const index = new EventIndex();
        index.setFilter(first);
        index.read(log, Number.POSITIVE_INFINITY);
        log.append(events.slice(at));
        index.read(log, Number.POSITIVE_INFINITY);
        assert.deepEqual(matches(index), matchesNaively(events, first));
        index.setFilter(second);
        index.read(log, Number.POSITIVE_INFINITY);
        assert.deepEqual(matches(index), matchesNaively(events, second));
        for (const [row, position] of matches(index).entries()) assert.equal(index.rowOf(position), row);
        assert.equal(
          [...index.types.values()].reduce((sum, count) => sum + count, 0),
          events.length,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('summarises anything in a line, and never throws', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const event of events) assert.ok(eventSummary(event).length <= 240);
      }),
      { numRuns: 200 },
    );
  });

  it('summarises media by their type', () => {
    const summaryOf = (parts: readonly object[]) =>
      eventSummary(parseEvent({ type: 'nodeEnd', nodeId: 'n', index: 1, outputs: { out: [{ parts }] } }));
    const page = { storedData: { handle: 'h', mimeType: 'text/html' } };
    const image = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    assert.equal(summaryOf([page, image]), 'text/html, image/png');
    assert.equal(summaryOf([{ text: 'A title' }, page]), 'A title');
    // A server may send anything.
    assert.match(summaryOf([{ inlineData: null }, { inlineData: { mimeType: 7 } }]), /^\{ "out"/);
  });

  it('reads each event once, however many batches come', () => {
    const index = new EventIndex();
    const log = new EventLog();
    const { source, reads } = counted(log);
    index.setFilter({ ...ALL_EVENTS, text: 'thought 7' });
    for (let batch = 0; batch < 100; batch += 1) {
      log.append(thoughts(100, batch * 100));
      index.read(source, Number.POSITIVE_INFINITY);
    }
    assert.equal(reads(), 10_000);
    assert.equal(index.count, 1111);
  });

  it('stops when its time is up, and continues from there', () => {
    const index = new EventIndex();
    const { source, reads } = counted(logOf(thoughts(100_000)));
    let turns = 1;
    while (!index.read(source, 0, () => 1)) turns += 1;
    assert.equal(index.count, 100_000);
    assert.equal(reads(), 100_000);
    assert.ok(turns > 300);
  });

  it('forgets events that the log has dropped, and everything when another session is opened', () => {
    const index = new EventIndex();
    const log = new EventLog();
    for (let from = 0; from < MAX_KEPT_EVENTS + 50_000; from += 10_000) {
      log.append(thoughts(10_000, from));
      index.read(log, Number.POSITIVE_INFINITY);
    }
    assert.ok(log.dropped > 0);
    assert.equal(index.at(0), log.dropped);
    assert.equal(index.count, log.length);
    log.clear();
    log.append(thoughts(5));
    index.read(log, Number.POSITIVE_INFINITY);
    assert.deepEqual(matches(index), [0, 1, 2, 3, 4]);
  });

  it('knows the first row of each day, also after a filter and after events were dropped', () => {
    const hours = fc.array(fc.option(fc.nat(100), { nil: undefined, freq: 6 }), { maxLength: 60 });
    fc.assert(
      fc.property(hours, fc.nat(20), fc.boolean(), (steps, dropped, isFiltered) => {
        let ts = new Date(2026, 10, 26, 9).getTime();
        const events = steps.map((step, index): GraphRunEvent => {
          ts += (step ?? 0) * 15 * 60 * 1000;
          const body = {
            type: 'thoughtEvent',
            nodeId: index % 2 === 0 ? 'a' : 'b',
            text: 'x',
            index,
          } as const;
          return step === undefined ? body : { ...body, ts };
        });
        const index = new EventIndex();
        if (isFiltered) index.setFilter({ ...ALL_EVENTS, nodeId: 'a' });
        const source = (from: number): EventSource => ({
          length: events.length - from,
          dropped: from,
          generation: 0,
          at: (position) => events[from + position],
        });
        index.read(source(0), Number.POSITIVE_INFINITY);
        index.read(source(Math.min(dropped, events.length)), Number.POSITIVE_INFINITY);
        const shown = matches(index).map((position) => events[position]?.ts);
        let day = Number.NaN;
        const expected = shown.flatMap((time, row) => {
          if (time === undefined || new Date(time).getDate() === day) return [];
          day = new Date(time).getDate();
          return [row];
        });
        const { days } = index;
        // The first row may continue a day whose first event was dropped, or have no time.
        const withoutFirst = (rows: readonly number[]) => rows.filter((row) => row > 0);
        if (shown[0] !== undefined) assert.deepEqual(days, expected);
        else if (dropped === 0) assert.deepEqual(withoutFirst(days), withoutFirst(expected));
      }),
    );
  });
});
