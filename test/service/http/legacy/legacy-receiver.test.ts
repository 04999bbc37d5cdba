import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GraphRunEvent } from '../../../../src/protocol/events.js';
import type { SessionFrame } from '../../../../src/protocol/stream/session-frames.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';
import { GraphRunError } from '../../../../src/protocol/problems.js';
import { EMPTY_SESSION } from '../../../../src/protocol/empty-session.js';
import { applyEvents } from '../../../../src/protocol/session-state.js';
import { LegacyReceiver, type LegacyStep } from '../../../../src/service/http/legacy/legacy-receiver.js';
import { contentOf, numbered, originRuns, type OriginItem } from '../../../support/origin-runs.js';

const START: SessionFrame = { kind: 'start', sessionId: 's' };
const MARKER: SessionFrame = { kind: 'replayComplete' };
const DONE: SessionFrame = { kind: 'done' };

/** An application: a receiver, and the messages that it delivered. */
class Viewer {
  readonly receiver = new LegacyReceiver('s');
  readonly events: GraphRunEvent[] = [];
  readonly kinds: string[] = [];

  /** Connects and takes frames until the receiver has a next step. */
  connect(frames: Iterable<SessionFrame>): LegacyStep | undefined {
    this.receiver.connect();
    for (const frame of frames) {
      const step = this.take(frame);
      if (step !== undefined) return step;
    }
    return undefined;
  }

  take(frame: SessionFrame): LegacyStep | undefined {
    const { messages, step } = this.receiver.receive(frame);
    for (const message of messages) {
      this.kinds.push(message.kind);
      if (message.kind === 'event') this.events.push(message.event);
    }
    return step;
  }

  /** The delivered events, as `type:node` with a star for those that the client inferred. */
  get story(): readonly string[] {
    return this.events.map((event) => {
      const { type, nodeId, synthetic } = event as unknown as JsonObject;
      return `${synthetic === true ? '*' : ''}${String(type)}${nodeId === undefined ? '' : `:${String(nodeId)}`}`;
    });
  }

  /** The state that the application folds from the events. */
  get state(): unknown {
    const { status, nodes, pending } = applyEvents(EMPTY_SESSION, this.events);
    const statuses = [...nodes.values()].map((node) => `${node.nodeId} ${node.status}`).sort();
    return { status, statuses, pending: [...pending.keys()].sort() };
  }
}

/** `type:node`, or `inputRequired:node:id`. */
function event(text: string): SessionFrame {
  const [type = '', nodeId = 'n', id = 'i'] = text.split(':');
  const content: Record<string, JsonObject> = {
    graphStart: { type, sessionId: 's' },
    nodeStart: { type, nodeId },
    nodeEnd: { type, nodeId },
    nodeError: { type, nodeId, error: 'it broke' },
    agentEvent: { type, nodeId, event: { turnComplete: {} } },
    thoughtEvent: { type, nodeId, text: 'Hm.' },
    inputRequired: { type, nodeId, interactionId: id, suspendEvent: { waitForInput: {} } },
    graphComplete: { type, sessionId: 's' },
    graphError: { type, sessionId: 's', error: 'it broke' },
    graphCancelled: { type, sessionId: 's' },
  };
  return { kind: 'event', event: { ...content[type], index: 0 } as unknown as GraphRunEvent };
}

const frames = (...texts: readonly string[]) => texts.map(event);

interface Row {
  readonly name: string;
  /** Frames of each connection after `start`; `|` is the marker, `.` is `done`. */
  readonly connections: readonly (readonly string[])[];
  readonly story: readonly string[];
  readonly step?: LegacyStep;
}

const ROWS: readonly Row[] = [
  {
    name: 'a replay is skipped as far as it was delivered',
    connections: [
      ['graphStart', '|', 'nodeStart:a'],
      ['graphStart', 'nodeStart:a', 'nodeEnd:a', '|'],
    ],
    story: ['graphStart', 'nodeStart:a', 'nodeEnd:a'],
  },
  {
    name: 'equal events are distinguished by their position',
    connections: [
      ['agentEvent:a', '|', 'agentEvent:a'],
      ['agentEvent:a', 'agentEvent:a', 'agentEvent:a', '|'],
    ],
    story: ['agentEvent:a', 'agentEvent:a', 'agentEvent:a'],
  },
  {
    name: 'an event that was lost between replay and live is delivered by the next replay',
    connections: [
      ['graphStart', '|', 'nodeStart:b'],
      ['graphStart', 'nodeStart:a', 'nodeStart:b', '|'],
    ],
    story: ['graphStart', 'nodeStart:b', 'nodeStart:a'],
  },
  {
    name: 'an event that the server dropped is not expected in the next replay',
    connections: [
      ['graphStart', '|', 'nodeStart:a'],
      ['graphStart', '|', 'nodeStart:b'],
      ['graphStart', 'nodeStart:b', 'nodeStart:c', '|'],
    ],
    story: ['graphStart', 'nodeStart:a', 'nodeStart:b', 'nodeStart:c'],
  },
  {
    name: 'after a late event of a node its later ones are delivered again',
    connections: [
      ['graphStart', '|', 'nodeEnd:a'],
      ['graphStart', 'nodeStart:a', 'nodeEnd:a', '|'],
    ],
    story: ['graphStart', 'nodeEnd:a', 'nodeStart:a', '*nodeEnd:a'],
  },
  {
    name: 'thoughts are delivered and never expected in a replay',
    connections: [
      ['nodeStart:a', '|', 'thoughtEvent:a', 'nodeEnd:a'],
      ['nodeStart:a', 'nodeEnd:a', '|', 'thoughtEvent:b'],
    ],
    story: ['nodeStart:a', 'thoughtEvent:a', 'nodeEnd:a', 'thoughtEvent:b'],
  },
  {
    name: 'a terminal event of a replay comes last, then the stream ends',
    connections: [['graphStart', 'graphError', 'nodeEnd:a', '|']],
    story: ['graphStart', 'nodeEnd:a', 'graphError'],
    step: 'ended',
  },
  {
    name: 'a live terminal event waits for one verifying replay',
    connections: [
      ['graphStart', '|', 'graphComplete'],
      ['graphStart', 'nodeStart:a', 'nodeEnd:a', 'graphComplete', '|'],
    ],
    story: ['graphStart', 'nodeStart:a', 'nodeEnd:a', 'graphComplete'],
    step: 'ended',
  },
  {
    name: 'a live cancellation is delivered although no replay has it',
    connections: [
      ['graphStart', '|', 'graphCancelled'],
      ['graphStart', 'nodeStart:a', '|'],
    ],
    story: ['graphStart', 'nodeStart:a', 'graphCancelled'],
    step: 'ended',
  },
  {
    name: 'done without a terminal event asks for the status',
    connections: [['graphStart', '|', '.']],
    story: ['graphStart'],
    step: 'askStatus',
  },
  {
    name: 'the end of its node answers a question',
    connections: [['inputRequired:a', '|', 'nodeEnd:a']],
    story: ['inputRequired:a', '*inputResolved:a', 'nodeEnd:a'],
  },
  {
    name: 'the failure of its node answers a question',
    connections: [['inputRequired:a', 'nodeError:a', '|']],
    story: ['inputRequired:a', '*inputResolved:a', 'nodeError:a'],
  },
  {
    name: 'progress of the agent answers a question, that of another node does not',
    connections: [['inputRequired:a', '|', 'agentEvent:b', 'thoughtEvent:a', 'agentEvent:a', 'agentEvent:a']],
    story: [
      'inputRequired:a',
      'agentEvent:b',
      'thoughtEvent:a',
      '*inputResolved:a',
      'agentEvent:a',
      'agentEvent:a',
    ],
  },
  {
    name: 'a new question of the node replaces the last one',
    connections: [['inputRequired:a:one', '|', 'inputRequired:a:two']],
    story: ['inputRequired:a', '*inputResolved:a', 'inputRequired:a'],
  },
  {
    name: 'a question that comes late counts as answered, an open one stays open',
    connections: [
      ['nodeStart:a', '|', 'agentEvent:a', 'inputRequired:a:two'],
      ['nodeStart:a', 'inputRequired:a:one', 'agentEvent:a', 'inputRequired:a:two', '|'],
    ],
    story: [
      'nodeStart:a',
      'agentEvent:a',
      'inputRequired:a',
      'inputRequired:a',
      '*inputResolved:a',
      '*inputRequired:a',
    ],
  },
];

const SPECIAL: Readonly<Record<string, SessionFrame>> = { '|': MARKER, '.': DONE };

describe('legacy receiver', () => {
  for (const { name, connections, story, step } of ROWS) {
    it(`X2 ${name}`, () => {
      const viewer = new Viewer();
      let last: LegacyStep | undefined;
      for (const texts of connections) {
        last = viewer.connect([START, ...texts.map((text) => SPECIAL[text] ?? event(text))]);
      }
      assert.deepEqual(viewer.story, story);
      assert.equal(last, step);
      assert.deepEqual(
        viewer.events.map(({ index }) => index),
        story.map((_, index) => index),
      );
    });
  }

  it('X2 the start is delivered once, the marker on each connection except the verifying one', () => {
    const viewer = new Viewer();
    viewer.connect([START, ...frames('graphStart'), MARKER]);
    viewer.connect([START, ...frames('graphStart'), MARKER, ...frames('graphComplete')]);
    viewer.connect([START, ...frames('graphStart', 'graphComplete'), MARKER]);
    assert.deepEqual(viewer.kinds, ['start', 'event', 'replayComplete', 'replayComplete', 'event']);
  });

  it('X5 a status replaces the terminal event after one more replay', () => {
    const ends = { completed: '*graphComplete', failed: '*graphError', cancelled: '*graphCancelled' };
    for (const [status, end] of Object.entries(ends)) {
      const viewer = new Viewer();
      viewer.connect([START, ...frames('nodeError:a'), MARKER, DONE]);
      viewer.receiver.expectEnd(status);
      assert.equal(viewer.connect([START, ...frames('nodeError:a'), MARKER]), 'ended');
      assert.deepEqual(viewer.story, ['nodeError:a', end]);
    }
    const failed = new Viewer();
    failed.connect([START, ...frames('nodeError:a', 'nodeError:b')]);
    failed.receiver.expectEnd('failed');
    failed.take(MARKER);
    const [last] = failed.events.slice(-1);
    assert.ok(last?.type === 'graphError' && last.error === 'it broke; it broke');
  });

  it('X5 a replay that has the terminal event is the last one', () => {
    const viewer = new Viewer();
    viewer.connect([START, ...frames('graphStart'), MARKER, DONE]);
    viewer.receiver.expectEnd('completed');
    viewer.connect([START, ...frames('graphStart', 'nodeEnd:a', 'graphComplete'), MARKER]);
    assert.deepEqual(viewer.story, ['graphStart', 'nodeEnd:a', 'graphComplete']);
  });

  it('nothing may come before the start', () => {
    const viewer = new Viewer();
    assert.throws(
      () => viewer.connect(frames('graphStart')),
      (error) => error instanceof GraphRunError && error.code === 'protocol-error',
    );
  });
});

interface Connection {
  /** Items that happen before the connection. */
  readonly pause: number;
  /** Where the replay is cut; undefined: it comes whole. */
  readonly replayCut: number | undefined;
  /** Items lost between replay and live. */
  readonly gap: number;
  readonly liveCount: number;
  /** The first index of its events. */
  readonly drift: number;
}

function connections(maxGap: number): fc.Arbitrary<readonly Connection[]> {
  return fc.array(
    fc.record({
      pause: fc.nat(6),
      replayCut: fc.option(fc.nat(12), { nil: undefined, freq: 3 }),
      gap: fc.nat(maxGap),
      liveCount: fc.nat(8),
      drift: fc.nat(50),
    }),
    { maxLength: 8 },
  );
}

/** Returns the frames of one connection, and how much has happened at its end. */
function framesOf(items: readonly OriginItem[], from: number, connection: Connection) {
  const { replayCut, gap, liveCount, drift } = connection;
  const replay = items.slice(0, from).filter(({ isLogged }) => isLogged);
  const isCut = replayCut !== undefined && replayCut < replay.length;
  const liveFrom = from + gap;
  const live = isCut ? [] : items.slice(liveFrom, liveFrom + liveCount);
  const toFrame = (item: OriginItem, position: number): SessionFrame => ({
    kind: 'event',
    event: numbered(item, drift + position),
  });
  const isDone = !isCut && from + gap + liveCount >= items.length;
  const sent: SessionFrame[] = [
    START,
    ...(isCut ? replay.slice(0, replayCut) : replay).map(toFrame),
    ...(isCut ? [] : [MARKER, ...live.map(toFrame)]),
    ...(isDone ? [DONE] : []),
  ];
  return { sent, to: isCut ? from : Math.min(items.length, liveFrom + live.length) };
}

const WHOLE: Connection = { pause: 0, replayCut: undefined, gap: 0, liveCount: 0, drift: 0 };

/** Reads a run as the legacy mode does; calls `check` with the viewer after each whole replay. */
function watch(
  { items, status }: { items: readonly OriginItem[]; status: string },
  script: readonly Connection[],
  check: (viewer: Viewer, position: number) => void,
): Viewer {
  const viewer = new Viewer();
  let position = 1;
  for (const connection of [...script, { ...WHOLE, liveCount: items.length }]) {
    position = Math.min(items.length, position + connection.pause);
    const { sent, to } = framesOf(items, position, connection);
    let step = viewer.connect(sent);
    if (sent.includes(MARKER) && sent.at(-1) === MARKER) check(viewer, position);
    position = to;
    for (let tries = 0; step === 'verify' || step === 'askStatus'; tries += 1) {
      assert.ok(tries < 2, 'It asks at most twice.');
      if (step === 'askStatus') viewer.receiver.expectEnd(status);
      step = viewer.connect(framesOf(items, items.length, WHOLE).sent);
    }
    if (step === 'ended') return viewer;
  }
  throw new Error('It did not end.');
}

function expectAll(viewer: Viewer, items: readonly OriginItem[]): void {
  const text = (content: JsonObject) => JSON.stringify(content);
  const delivered = viewer.events
    .filter(
      ({ synthetic, type }) => synthetic !== true && type !== 'thoughtEvent' && type !== 'graphCancelled',
    )
    .map((event) => text(contentOf(event)));
  const log = items.filter(({ isLogged }) => isLogged).map(({ event }) => text(event));
  assert.deepEqual(delivered.sort(), log.sort(), 'Each logged event is delivered once.');
  assert.deepEqual(
    viewer.events.map(({ index }) => index),
    viewer.events.map((_, index) => index),
  );
  const isEnd = ({ type }: GraphRunEvent) => ['graphComplete', 'graphError', 'graphCancelled'].includes(type);
  assert.equal(viewer.events.findIndex(isEnd), viewer.events.length - 1, 'One end, and it comes last.');
}

/** Returns the state of an application that reads the log for the first time. */
function freshState(items: readonly OriginItem[], position: number): unknown {
  const fresh = new Viewer();
  fresh.connect(framesOf(items, position, WHOLE).sent);
  return fresh.state;
}

const RUNS = { numRuns: 2000 };

describe('legacy receiver, any run', () => {
  it('X2 with any cuts and any indexes, each logged event comes once, in order', () => {
    fc.assert(
      fc.property(originRuns, connections(0), (run, script) => {
        const viewer = watch(run, script, () => undefined);
        expectAll(viewer, run.items);
        const delivered = viewer.events.filter(
          ({ synthetic, type }) => synthetic !== true && type !== 'thoughtEvent',
        );
        const sent = run.items.filter(
          ({ isLogged, event: { type } }) => isLogged || type === 'graphCancelled',
        );
        const log = delivered.some(({ type }) => type === 'graphCancelled')
          ? sent
          : sent.filter(({ isLogged }) => isLogged);
        assert.deepEqual(
          delivered.map(contentOf),
          log.map((item) => item.event),
        );
      }),
      RUNS,
    );
  });

  it('X2 with any losses between replay and live, nothing is missing, and all nodes and questions end as in the log', () => {
    fc.assert(
      fc.property(originRuns, connections(5), (run, script) => {
        const viewer = watch(run, script, (soFar, position) => {
          assert.deepEqual(soFar.state, freshState(run.items, position));
        });
        expectAll(viewer, run.items);
        const { statuses } = viewer.state as { statuses: unknown };
        const end = watch(run, [], () => undefined).state as { statuses: unknown };
        assert.deepEqual(statuses, end.statuses);
      }),
      RUNS,
    );
  });
});
