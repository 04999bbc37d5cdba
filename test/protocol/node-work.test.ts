import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseEvent, type GraphRunEventBody } from '../../src/protocol/events.js';
import { hasWork } from '../../src/protocol/node-work.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvents, type NodeState } from '../../src/protocol/session-state.js';

const question = (nodeId: string): GraphRunEventBody => ({
  type: 'inputRequired',
  nodeId,
  interactionId: `q-${nodeId}`,
  suspendEvent: { waitForInput: { prompt: { parts: [{ text: '?' }] } } },
});

function statusAfter(...bodies: readonly GraphRunEventBody[]): string {
  const graph = { nodes: [{ id: 'agent', type: 'ag-ui' }], edges: [], order: 'none' };
  const log: readonly GraphRunEventBody[] = [
    { type: 'graphStart', sessionId: 's', graph },
    { type: 'nodeStart', nodeId: 'agent' },
    ...bodies,
  ];
  return applyEvents(
    EMPTY_SESSION,
    log.map((body, index) => ({ ...body, index })),
  ).status;
}

const step = (nodeId: string, parent = 'agent'): GraphRunEventBody => ({
  type: 'nodeStart',
  nodeId,
  parent,
});

describe('a node with steps', () => {
  it('waits with its only step', () => {
    assert.equal(statusAfter(step('a'), question('a')), 'suspended');
  });

  it('keeps the session running while another of its steps is running', () => {
    assert.equal(statusAfter(step('a'), step('b'), question('a')), 'running');
    assert.equal(
      statusAfter(step('a'), step('b'), question('a'), { type: 'nodeEnd', nodeId: 'b' }),
      'suspended',
    );
  });

  it('that waits itself pauses all of its steps, at any depth', () => {
    assert.equal(statusAfter(step('a'), step('b', 'a'), question('agent')), 'suspended');
  });

  it('is read with its parent, and one that is its own parent has none', () => {
    const event = parseEvent({ type: 'nodeStart', nodeId: 'a', parent: 'agent', index: 1 });
    assert.equal(event.type === 'nodeStart' ? event.parent : undefined, 'agent');
    const state = applyEvents(EMPTY_SESSION, [{ type: 'nodeStart', nodeId: 'a', parent: 'a', index: 0 }]);
    assert.equal(state.nodes.get('a')?.parent, undefined);
  });

  it('has work as its definition says, whatever the parents are', () => {
    const statuses = fc.constantFrom<NodeState['status']>('running', 'suspended', 'completed');
    const trees = fc.array(fc.tuple(statuses, fc.option(fc.nat(9), { nil: undefined })), { maxLength: 10 });
    fc.assert(
      fc.property(trees, (rows) => {
        const nodes = new Map(
          rows.map(([status, parent], at): [string, NodeState] => [
            String(at),
            {
              nodeId: String(at),
              title: '',
              status,
              attempt: 1,
              ...(parent === undefined ? {} : { parent: String(parent) }),
            },
          ]),
        );
        const around = (id: string): readonly string[] => {
          const found = new Set<string>();
          for (let outer = nodes.get(id)?.parent; outer !== undefined && !found.has(outer);) {
            found.add(outer);
            outer = nodes.get(outer)?.parent;
          }
          return [...found];
        };
        const waits = (id: string) => nodes.get(id)?.status === 'suspended';
        const expected = [...nodes.keys()].some(
          (id) =>
            nodes.get(id)?.status === 'running' &&
            !around(id).some(waits) &&
            ![...nodes.keys()].some((other) => waits(other) && around(other).includes(id)),
        );
        assert.equal(hasWork(nodes), expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes linear time in a chain of 100,000 steps', () => {
    const chain = (status: NodeState['status']) =>
      new Map(
        Array.from({ length: 100_000 }, (_, at): [string, NodeState] => [
          String(at),
          {
            nodeId: String(at),
            title: '',
            status: at === 0 ? status : 'running',
            attempt: 1,
            ...(at === 0 ? {} : { parent: String(at - 1) }),
          },
        ]),
      );
    assert.equal(hasWork(chain('suspended')), false);
    assert.equal(hasWork(chain('running')), true);
  });
});
