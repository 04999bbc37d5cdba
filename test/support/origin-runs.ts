import fc from 'fast-check';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import type { JsonObject } from '../../src/protocol/values/json.js';

/** An event of an original server, and whether its log has it. */
export interface OriginItem {
  readonly event: JsonObject & { readonly type: string };
  readonly isLogged: boolean;
}

const logged = (event: OriginItem['event']): OriginItem => ({ event, isLogged: true });

/** The events of one node, by kind. Some are equal to each other, as on a real server. */
const NODES: Readonly<Record<string, (nodeId: string) => readonly OriginItem[]>> = {
  plain: (nodeId) => [start(nodeId), end(nodeId)],
  failing: (nodeId) => [start(nodeId), logged({ type: 'nodeError', nodeId, error: 'it broke' })],
  input: (nodeId) => [start(nodeId), question(nodeId, 1), end(nodeId)],
  agent: (nodeId) => [
    start(nodeId),
    turn(nodeId),
    question(nodeId, 1),
    turn(nodeId),
    turn(nodeId),
    question(nodeId, 2),
    turn(nodeId),
    end(nodeId),
  ],
  page: (nodeId) => [start(nodeId), thought(nodeId), thought(nodeId), end(nodeId)],
  // A node that runs again because another one failed.
  twice: (nodeId) => [start(nodeId), start(nodeId), end(nodeId), end(nodeId)],
};

function start(nodeId: string): OriginItem {
  return logged({ type: 'nodeStart', nodeId });
}

function end(nodeId: string): OriginItem {
  return logged({
    type: 'nodeEnd',
    nodeId,
    outputs: { context: [{ role: 'model', parts: [{ text: nodeId }] }] },
  });
}

function turn(nodeId: string): OriginItem {
  return logged({ type: 'agentEvent', nodeId, event: { turnComplete: {} } });
}

function question(nodeId: string, number: number): OriginItem {
  const interactionId = `${nodeId}-${number}`;
  const suspendEvent = { waitForInput: { prompt: { parts: [{ text: 'What?' }] }, interactionId } };
  return logged({ type: 'inputRequired', nodeId, interactionId, suspendEvent });
}

function thought(nodeId: string): OriginItem {
  return { event: { type: 'thoughtEvent', nodeId, text: '**Thinking**\n\nA lot.' }, isLogged: false };
}

/** The possible ends of a run of an original server. */
export const ORIGIN_ENDS = {
  completed: logged({ type: 'graphComplete', sessionId: 's', outputs: {} }),
  failed: logged({ type: 'graphError', sessionId: 's', error: 'it broke' }),
  cancelled: { event: { type: 'graphCancelled', sessionId: 's' }, isLogged: false },
} as const satisfies Readonly<Record<string, OriginItem>>;

/** A whole run: everything that is sent live, in order. */
export interface OriginRun {
  readonly items: readonly OriginItem[];
  readonly status: keyof typeof ORIGIN_ENDS;
}

/** Generates random runs: up to five nodes whose events are mixed. */
export const originRuns: fc.Arbitrary<OriginRun> = fc
  .record({
    kinds: fc.array(fc.constantFrom(...Object.keys(NODES)), { maxLength: 5 }),
    picks: fc.array(fc.nat(99), { minLength: 45, maxLength: 45 }),
    status: fc.constantFrom(...(Object.keys(ORIGIN_ENDS) as (keyof typeof ORIGIN_ENDS)[])),
  })
  .map(({ kinds, picks, status }) => {
    const queues = kinds.map((kind, node) => [...(NODES[kind]?.(`n${node}`) ?? [])]);
    const items = [logged({ type: 'graphStart', sessionId: 's' })];
    for (const pick of picks) {
      const busy = queues.filter((queue) => queue.length > 0);
      const item = busy[pick % Math.max(1, busy.length)]?.shift();
      if (item !== undefined) items.push(item);
    }
    // A few nodes are still running when the run ends, unless it completes.
    if (status === 'completed') items.push(...queues.flat());
    return { items: [...items, ORIGIN_ENDS[status]], status };
  });

/** Returns the event with the index that a connection gives it. */
export function numbered({ event }: OriginItem, index: number): GraphRunEvent {
  return { ...event, index } as unknown as GraphRunEvent;
}

/** Returns the event without its index. */
export function contentOf(event: GraphRunEvent): JsonObject {
  const { index: _index, ...content } = event as unknown as JsonObject;
  return content;
}
