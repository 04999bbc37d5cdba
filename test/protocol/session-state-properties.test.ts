import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isTerminalEvent, parseEvent, type GraphRunEvent } from '../../src/protocol/events.js';
import { GraphRunError } from '../../src/protocol/problems.js';
import { isTerminalStatus } from '../../src/protocol/session-summary.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvent, applyEvents, readyNodes, type SessionState } from '../../src/protocol/session-state.js';
import { toSummary } from '../../src/protocol/to-summary.js';
import { anyEvent } from '../support/any-event.js';

/** Events as a client gets them: parsed, with any content and in any order. */
const anyEvents: fc.Arbitrary<readonly GraphRunEvent[]> = fc
  .array(anyEvent, { maxLength: 30 })
  .map((values) =>
    values.flatMap((value) => {
      try {
        return [parseEvent(value)];
      } catch (error) {
        if (error instanceof GraphRunError) return [];
        throw error;
      }
    }),
  );

/** Converts the answered questions to a list: `deepEqual` compares only the contents of built-in maps. */
function comparable({ resolved, ...rest }: SessionState) {
  return { ...rest, resolved: [...resolved] };
}

describe('the state of a session, over any sequence of events', () => {
  it('R1 applyEvent is total, and its row can be shown', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        let state = EMPTY_SESSION;
        for (const event of events) {
          state = applyEvent(state, event);
          readyNodes(state);
          const row = toSummary(state);
          for (const time of [row.createdAt, row.updatedAt, row.endedAt ?? 0]) {
            assert.ok(Number.isFinite(time), 'times are numbers');
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('R1 an ended session stays as it ended, with no open question and no running node', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        let ended: SessionState | undefined;
        let state = EMPTY_SESSION;
        for (const event of events) {
          state = applyEvent(state, event);
          ended ??= isTerminalEvent(event) ? state : undefined;
          assert.equal(isTerminalStatus(state.status), ended !== undefined);
          if (ended === undefined) continue;
          const { status, nodes, pending } = state;
          assert.deepEqual([status, nodes, pending.size], [ended.status, ended.nodes, 0]);
          assert.ok([...nodes.values()].every((node) => !['running', 'suspended'].includes(node.status)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('R1 an answered question is never open again', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const state = applyEvents(EMPTY_SESSION, events);
        for (const interactionId of state.resolved.keys()) {
          assert.ok(!state.pending.has(interactionId), interactionId);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('R1 it changes no state that it was given', () => {
    fc.assert(
      fc.property(anyEvents, anyEvents, (first, then) => {
        const state = applyEvents(EMPTY_SESSION, first);
        const before = [...state.nodes, ...state.pending, ...state.resolved];
        applyEvents(state, then);
        assert.ok([...state.nodes, ...state.pending, ...state.resolved].length === before.length);
      }),
      { numRuns: 200 },
    );
  });

  it('R1 it is the same whether events come one by one or in batches', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat(30), (events, at) => {
        let oneByOne = EMPTY_SESSION;
        for (const event of events) oneByOne = applyEvent(oneByOne, event);
        const first = applyEvents(EMPTY_SESSION, events.slice(0, at));
        assert.deepEqual(comparable(applyEvents(first, events.slice(at))), comparable(oneByOne));
      }),
      { numRuns: 500 },
    );
  });
});
