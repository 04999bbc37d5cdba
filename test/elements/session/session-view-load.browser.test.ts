import { expect } from '@open-wc/testing';
import { browserMemory } from '../../../src/elements/base/view-memory.js';
import { readConnection } from '../../../src/actions/reading/read-connection.js';
import { TimeSlices } from '../../../src/actions/reading/time-slices.js';
import type { GraphRunEvent, GraphRunEventBody } from '../../../src/protocol/events.js';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';
import type { Connection } from '../../../src/service/graph-run-service.js';
import {
  all,
  button,
  countUpdates,
  emptyPage,
  mountPanel,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { fakeSessions, load, open, row } from '../../support/elements/sample.js';

const COUNT = 100_000;

/** A run of 100,000 events over 20 nodes: thoughts, calls, streamed text, errors. */
function manyEvents(): readonly GraphRunEvent[] {
  const ids = Array.from({ length: 20 }, (_, index) => `n${index}`);
  const outline = {
    title: 'Large',
    nodes: ids.map((id) => ({ id, type: 'x', title: `Node ${id}` })),
    edges: [],
  };
  const bodies: GraphRunEventBody[] = [{ type: 'graphStart', sessionId: 'h', graph: outline }];
  for (const nodeId of ids) bodies.push({ type: 'nodeStart', nodeId });
  while (bodies.length < COUNT) {
    const number = bodies.length;
    const nodeId = ids[number % ids.length]!;
    const kinds: readonly GraphRunEventBody[] = [
      { type: 'thoughtEvent', nodeId, text: `**Thought ${number}**\n\nwith some words in it` },
      {
        type: 'agentEvent',
        nodeId,
        event: { content: { content: { role: 'model', parts: [{ text: 'a few more words ' }] } } },
      },
      {
        type: 'agentEvent',
        nodeId,
        event: { functionCall: { callId: `${number}`, name: 'f', args: { number } } },
      },
      { type: 'agentEvent', nodeId, event: { usageMetadata: { tokens: number } } },
    ];
    bodies.push(kinds[Math.floor(number / 20) % kinds.length]!);
  }
  return bodies.map((body, index) => ({ ...body, index, ts: 1_700_000_000_000 + index * 50 }));
}

/** Delivers events without a pause, like a connection whose bytes have already arrived. */
function batches(messages: readonly SessionMessage[]): Connection<readonly SessionMessage[]> {
  const generate = async function* () {
    for (let start = 0; start < messages.length; start += 4000) yield messages.slice(start, start + 4000);
  };
  return Object.assign(generate(), { retryNow: () => undefined });
}

/** Number of descendants, including those in shadow roots. */
function size(root: Element): number {
  return all(root, '*').length;
}

describe('a session of 100,000 events', () => {
  afterEach(() => {
    emptyPage();
    localStorage.clear();
  });

  for (const tab of ['activity', 'timeline', 'events']) {
    it(`replays in time slices, and draws little of it: ${tab}`, async function () {
      this.timeout(60_000);
      localStorage.setItem('graph-sessions.view.session-tab', tab);
      const sessions = fakeSessions();
      const { panel } = await mountPanel({ sessions, memory: browserMemory });
      load(sessions.history, [row('h', { status: 'running' })]);
      const messages = manyEvents().map((event) => ({ kind: 'event', event }) as const);
      sessions.run.open('h');
      sessions.run.apply([{ kind: 'start', replayTotal: COUNT }]);

      const { next } = TimeSlices.prototype;
      let turns = 0;
      let largest = 0;
      TimeSlices.prototype.next = async function counted(this: TimeSlices) {
        turns += 1;
        if (turns % 8 === 0) largest = Math.max(largest, size(panel));
        await next.call(this);
      };
      await readConnection(batches(messages), new AbortController().signal, {
        messagesOf: (batch) => batch,
        apply: (batch) => sessions.run.apply(batch),
      });
      sessions.run.apply([
        { kind: 'replayComplete' },
        { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
      ]);
      TimeSlices.prototype.next = next;
      await settled(panel);

      expect(sessions.run.events.length).to.equal(COUNT);
      expect(turns, 'turns of the page').to.be.at.least(3);
      expect(Math.max(largest, size(panel)), 'elements').to.be.lessThan(20_000);

      const scroller = all(panel, '[role=tabpanel]')
        .flatMap((element) => all(element, '.scroller'))
        .at(0)!;
      for (const place of [0.25, 0.5, 1]) {
        scroller.scrollTop = scroller.scrollHeight * place;
        await settled(panel);
        expect(size(panel)).to.be.lessThan(20_000);
      }
      if (tab === 'events') {
        expect(all(panel, '[role=option]').length).to.be.lessThan(70);
        expect(textOf(all(panel, '[role=option]').at(-1)!)).to.match(/^99999 /);
      }
    });
  }
});

describe('a replay', () => {
  afterEach(emptyPage);

  it('is drawn every now and then instead of per batch, and in full at the end', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('h', { status: 'running' })]);
    const { run } = sessions;
    run.open('h');
    run.apply([{ kind: 'start', replayTotal: 1001 }]);
    run.apply([{ kind: 'event', event: { type: 'nodeStart', nodeId: 'n', index: 0, ts: 1 } }]);
    await settled(panel);
    const updates = countUpdates(all(panel, 'sessions-panel-node')[0]!);
    const startMs = performance.now();
    for (let index = 1; index <= 1000; index += 1) {
      run.apply([{ kind: 'event', event: { type: 'thoughtEvent', nodeId: 'n', text: `t${index}`, index } }]);
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', resolve, { once: true });
        port1.start();
        port2.postMessage(undefined);
      });
    }
    // One that the test awaited, one at once, and one after each rest.
    expect(updates()).to.be.below(4 + (performance.now() - startMs) / 50);
    run.apply([
      { kind: 'replayComplete' },
      { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
    ]);
    await settled(panel);
    expect(textOf(panel)).to.contain('1,000 thoughts').and.to.contain('t1000');
  });

  it('draws what nodes out of view did only at the end, and then without a rest', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('h', { status: 'running' })]);
    const { run } = sessions;
    const ids = Array.from({ length: 30 }, (_, index) => `n${index}`);
    const bodies = ids.flatMap((nodeId): GraphRunEventBody[] => [
      { type: 'nodeStart', nodeId },
      { type: 'thoughtEvent', nodeId, text: `Thought of ${nodeId}` },
    ]);
    const messages = bodies.map((body, index) => ({
      kind: 'event' as const,
      event: { ...body, index, ts: index },
    }));
    const { setTimeout } = window;
    try {
      // A rest takes longer.
      window.setTimeout = ((callback: () => void, ms = 0) =>
        ms < 250 ? setTimeout(callback, ms) : 0) as typeof window.setTimeout;
      run.open('h');
      run.apply([{ kind: 'start', replayTotal: bodies.length + 1 }, ...messages]);
      const nodes = () => all(panel, 'sessions-panel-node');
      await until(() => nodes().length === 30 && textOf(panel).includes('Thought of n0'));
      expect(textOf(panel)).not.to.contain('Thought of n29');
      expect(textOf(nodes()[29]!)).to.contain('n29');
      run.apply([
        { kind: 'event', event: { type: 'thoughtEvent', nodeId: 'n0', text: 'The last', index: 60 } },
        { kind: 'replayComplete' },
        { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
      ]);
      await until(() => textOf(nodes()[0]!).includes('The last'));
      await until(() =>
        ids.slice(1).every((id, at) => textOf(nodes()[at + 1]!).includes(`Thought of ${id}`)),
      );
    } finally {
      window.setTimeout = setTimeout;
    }
  });
});

describe('a session of 2000 open questions', () => {
  afterEach(emptyPage);

  it('draws one of them, on demand the oldest of all, and then more', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('h', { status: 'suspended' })]);
    open(sessions, 'h', [
      { type: 'graphStart', sessionId: 'h' },
      { type: 'nodeStart', nodeId: 'n' },
      ...Array.from({ length: 2000 }, (_, index) => ({
        type: 'inputRequired' as const,
        nodeId: 'n',
        interactionId: `q${index}`,
        suspendEvent: { waitForInput: { prompt: { parts: [{ text: `Question ${index}?` }] } } },
      })),
    ]);
    await settled(panel);
    expect(all(panel, 'sessions-panel-question')).to.have.length(1);
    button(panel, 'Show all').click();
    await settled(panel);
    expect(all(panel, 'sessions-panel-question')).to.have.length(20);
    button(panel, 'Show 1,980 more questions').click();
    await settled(panel);
    expect(all(panel, 'sessions-panel-question')).to.have.length(40);
    expect(textOf(all(panel, 'sessions-panel-question').at(-1)!)).to.contain('Question 39?');
  });
});

describe('the activity of many nodes', () => {
  afterEach(emptyPage);

  it('is drawn in time slices', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('h')]);
    const node = customElements.get('sessions-panel-node')!.prototype as { performUpdate(): void };
    const original = node.performUpdate;
    const { next } = TimeSlices.prototype;
    let turns = 0;
    const drawnIn: number[] = [];
    const drawn = new Set<unknown>();
    try {
      node.performUpdate = function performUpdate() {
        original.call(this);
        // A slow machine may draw one again meanwhile: when the clock ticks.
        if (drawn.has(this)) return;
        drawn.add(this);
        drawnIn.push(turns);
        // Longer than a time slice.
        const endMs = performance.now() + 12;
        while (performance.now() < endMs);
      };
      TimeSlices.prototype.next = async function counted(this: TimeSlices) {
        await next.call(this);
        turns += 1;
      };
      const ids = Array.from({ length: 20 }, (_, index) => `n${index}`);
      open(sessions, 'h', [
        { type: 'graphStart', sessionId: 'h' },
        ...ids.map((nodeId) => ({ type: 'nodeStart' as const, nodeId })),
      ]);
      await settled(panel);
    } finally {
      node.performUpdate = original;
      TimeSlices.prototype.next = next;
    }
    expect(drawnIn).to.have.length(20);
    const most = Math.max(...drawnIn.map((turn) => drawnIn.filter((other) => other === turn).length));
    expect(most, 'nodes in one turn').to.be.below(3);
  });

  it('follows its end, and keeps its position while nodes above are laid out', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions });
    load(sessions.history, [row('h', { status: 'running' })]);
    const ids = Array.from({ length: 30 }, (_, index) => `n${index}`);
    open(sessions, 'h', [
      { type: 'graphStart', sessionId: 'h' },
      ...ids.flatMap((nodeId): GraphRunEventBody[] => [
        { type: 'nodeStart', nodeId },
        ...Array.from({ length: 40 }, (_, number) => ({
          type: 'agentEvent' as const,
          nodeId,
          event: { functionCall: { callId: `${number}`, name: `f${number}`, args: {} } },
        })),
      ]),
    ]);
    await settled(panel);
    const scroller = all(panel, '[part=activity]')[0]!;
    const fromEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
    expect(fromEnd()).to.be.below(2);
    const nodes = all(panel, 'sessions-panel-node');
    const frames = async (count: number) => {
      for (let frame = 0; frame < count; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    };
    for (let step = 0; step < 40; step += 1) {
      const { top: start } = scroller.getBoundingClientRect();
      const seen = nodes.find((node) => node.getBoundingClientRect().bottom > start + 1)!;
      const { top } = seen.getBoundingClientRect();
      const before = scroller.scrollTop;
      scroller.scrollTop -= 300;
      const moved = before - Math.max(0, before - 300);
      await frames(3);
      expect(seen.getBoundingClientRect().top - top, `step ${step}`).to.be.closeTo(moved, 2);
    }
  });
});
