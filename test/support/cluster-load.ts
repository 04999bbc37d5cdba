import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import type { Graph } from '../../src/protocol/graph.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';

/** Thoughts of a counting node. */
const COUNT = 6;
const COUNTING = { type: 'count', configuration: { count: COUNT, paceMs: 40 } };

/** Counts, asks, and counts on in two branches. */
const GRAPH: Graph = {
  nodes: [
    { id: 'first', ...COUNTING },
    { id: 'question', type: 'ask' },
    { id: 'left', ...COUNTING },
    { id: 'right', ...COUNTING },
  ],
  edges: [
    { from: 'first', to: 'question' },
    { from: 'question', to: 'left' },
    { from: 'question', to: 'right' },
  ],
};

/** What the readers of a session have got. */
export interface SeenSession {
  readonly sessionId: string;
  readonly readers: readonly (readonly GraphRunEvent[])[];
}

/**
 * People who start sessions, follow and answer them, each one after the other, with the client of the package: what it does
 * not get over by itself rejects `stop`.
 */
export class ClusterLoad {
  readonly service: HttpGraphRunService;
  readonly #seen: SeenSession[] = [];
  readonly #abort = new AbortController();
  #people: Promise<unknown> | undefined;
  #isStopped = false;

  private constructor(baseUrl: string) {
    this.service = new HttpGraphRunService({ baseUrl });
  }

  /** Begins with a number of people at an address. Everything ends after the test, also when it fails. */
  static async start(t: TestContext, baseUrl: string, people: number): Promise<ClusterLoad> {
    const load = new ClusterLoad(baseUrl);
    const { signal } = load.#abort;
    t.after(() => load.#abort.abort());
    // As a panel does: a client that knows the server repeats its calls.
    for await (const _ of load.service.monitorSessions('g', { signal })) break;
    load.#people = Promise.all(Array.from({ length: people }, () => load.#person()));
    // Reported by `stop`.
    load.#people.catch(() => undefined);
    return load;
  }

  /** Starts a session, without following it. */
  async create(): Promise<string> {
    const { signal } = this.#abort;
    const { sessionId } = await this.service.createSession({ graphId: 'g', graph: GRAPH }, { signal });
    return sessionId;
  }

  /** Follows a session until it has ended or, with `untilQuestion`, waits. Answers its questions otherwise. */
  async follow(
    sessionId: string,
    { untilQuestion = false, answers = false } = {},
  ): Promise<readonly GraphRunEvent[]> {
    const events: GraphRunEvent[] = [];
    const { signal } = this.#abort;
    for await (const { messages } of this.service.connectSession(sessionId, { signal })) {
      for (const message of messages) {
        assert.notEqual(message.kind, 'reset', 'the log stayed the same');
        if (message.kind !== 'event') continue;
        const { event } = message;
        events.push(event);
        if (event.type !== 'inputRequired') continue;
        if (untilQuestion) return events;
        if (!answers) continue;
        await this.service.resumeSession(sessionId, event.interactionId, { answer: 1 }, { signal });
      }
    }
    return events;
  }

  /** Lets all people finish the session in progress. Resolves with all that were started. */
  async stop(): Promise<readonly SeenSession[]> {
    this.#isStopped = true;
    await this.#people;
    return this.#seen;
  }

  async #person(): Promise<void> {
    while (!this.#isStopped) {
      const sessionId = await this.create();
      const readers = await Promise.all([this.follow(sessionId, { answers: true }), this.follow(sessionId)]);
      this.#seen.push({ sessionId, readers });
    }
  }
}

/** Asserts that a session has completed, that nothing of it was lost, doubled or interrupted, and that all readers saw it. */
export function assertUnharmed({ sessionId, readers }: SeenSession): void {
  const [events = []] = readers;
  for (const seen of readers) {
    assert.deepEqual(
      seen.map(({ index }) => index),
      events.map((_, position) => position),
      `session ${sessionId}`,
    );
  }
  const counted = new Map<string, number[]>();
  for (const event of events) {
    if (event.type !== 'thoughtEvent') continue;
    const { nodeId = '', text } = event;
    if (nodeId !== 'question')
      counted.set(nodeId, [...(counted.get(nodeId) ?? []), Number(text.split(' ')[1])]);
  }
  const all = Array.from({ length: COUNT }, (_, number) => number);
  assert.deepEqual(
    Object.fromEntries(counted),
    { first: all, left: all, right: all },
    `session ${sessionId}`,
  );
  const rest = events.map(({ type }) => type).filter((type) => type !== 'thoughtEvent');
  const expected = [
    'graphComplete',
    'graphStart',
    'inputRequired',
    'inputResolved',
    ...Array.from({ length: 4 }, () => 'nodeEnd'),
    ...Array.from({ length: 4 }, () => 'nodeStart'),
  ];
  assert.equal(rest.sort().join(), expected.join(), `session ${sessionId}: ${JSON.stringify(events)}`);
}
