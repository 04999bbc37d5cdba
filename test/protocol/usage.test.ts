import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import { parseSessionSummary } from '../../src/protocol/session-summary.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvent, applyEvents } from '../../src/protocol/session-state.js';
import { toSummary } from '../../src/protocol/to-summary.js';
import {
  addUsage,
  parseUsage,
  reportedUsage,
  totalUsage,
  type ModelUsage,
} from '../../src/protocol/usage.js';

function logOf(
  usages: readonly (readonly [nodeId: string | undefined, usage: unknown])[],
): readonly GraphRunEvent[] {
  const start: GraphRunEvent = {
    type: 'graphStart',
    sessionId: 's',
    graph: {
      nodes: [
        { id: 'a', type: 't' },
        { id: 'b', type: 't' },
      ],
      edges: [],
    },
    index: 0,
    ts: 1,
  };
  const reports = usages.map(([nodeId, usage], at): GraphRunEvent => {
    const event = { usage: usage as never };
    return { type: 'agentEvent', ...(nodeId === undefined ? {} : { nodeId }), event, index: at + 1, ts: 2 };
  });
  return [start, ...reports];
}

describe('usage', () => {
  it('is added up by node, by session and by model', () => {
    const state = applyEvents(
      EMPTY_SESSION,
      logOf([
        ['a', { model: 'x', inputTokens: 100, outputTokens: 10, costUsd: 0.5 }],
        ['b', { model: 'y', inputTokens: 20, cachedInputTokens: 5 }],
        ['a', { model: 'x', inputTokens: 1, reasoningTokens: 3 }],
        [undefined, { outputTokens: 7 }],
      ]),
    );
    assert.deepEqual(state.nodes.get('a')?.usage, [
      { inputTokens: 101, outputTokens: 10, reasoningTokens: 3, costUsd: 0.5, model: 'x' },
    ]);
    assert.deepEqual(
      state.usage?.map(({ model }) => model),
      ['x', 'y', undefined],
    );
    const total = {
      inputTokens: 121,
      outputTokens: 17,
      cachedInputTokens: 5,
      reasoningTokens: 3,
      costUsd: 0.5,
    };
    assert.deepEqual(toSummary(state).usage, total);
    assert.deepEqual(parseSessionSummary(JSON.parse(JSON.stringify(toSummary(state)))).usage, total);
    assert.equal(state.nodes.get('a')?.status, 'waiting');
  });

  it('passes over what is no finite number of at least 0, and what is no usage', () => {
    const odd = { inputTokens: -1, outputTokens: Number.NaN, reasoningTokens: '5', costUsd: Infinity };
    assert.equal(parseUsage(odd as never), undefined);
    assert.deepEqual(parseUsage({ ...odd, cachedInputTokens: 4 } as never), { cachedInputTokens: 4 });
    for (const usage of [null, 5, 'x', [], {}, odd]) {
      const log = logOf([['a', usage]]);
      assert.equal(toSummary(applyEvents(EMPTY_SESSION, log)).usage, undefined);
    }
    assert.equal(parseSessionSummary({ sessionId: 's', status: 'running', usage: odd }).usage, undefined);
  });

  it('is the same whether events are folded one by one or at once, for any report', () => {
    const report = fc.record(
      {
        model: fc.constantFrom('x', 'y', ''),
        inputTokens: fc.double(),
        outputTokens: fc.nat(),
        costUsd: fc.double(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', undefined), fc.oneof(report, fc.jsonValue()))),
        (usages) => {
          const log = logOf(usages);
          const state = applyEvents(EMPTY_SESSION, log);
          let single = EMPTY_SESSION;
          for (const event of log) single = applyEvent(single, event);
          assert.deepEqual(single.usage, state.usage);
          const total = toSummary(state).usage;
          assert.deepEqual(total, JSON.parse(JSON.stringify(total ?? null)) ?? undefined);
          for (const count of Object.values(total ?? {})) assert.ok(Number.isFinite(count) && count >= 0);
        },
      ),
    );
  });

  it('tells at most 20 models apart', () => {
    let known: readonly ModelUsage[] = [];
    for (let at = 0; at < 100; at += 1) known = addUsage(known, { model: `m${at}`, inputTokens: 1 });
    assert.equal(known.length, 21);
    assert.deepEqual(totalUsage(known), { inputTokens: 100 });
    assert.equal(reportedUsage({ usage: { model: 'x'.repeat(500), costUsd: 1 } })?.model?.length, 100);
  });
});
