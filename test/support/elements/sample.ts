/** Controllers filled with sample sessions through their own methods, and actions that only record their calls. */
import type { Sessions } from '../../../src/actions/create-sessions.js';
import type { SessionActions } from '../../../src/actions/session-actions.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import { DraftsController } from '../../../src/controller/drafts-controller.js';
import type { SessionFilter } from '../../../src/controller/session-filter.js';
import type { ServiceCapabilities } from '../../../src/service/graph-run-service.js';
import { RunController } from '../../../src/controller/run/run-controller.js';
import { SessionHistoryController } from '../../../src/controller/session-history-controller.js';
import type { GraphRunEvent, GraphRunEventBody } from '../../../src/protocol/events.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';

/** A call of an action: its name and arguments. */
export type ActionCall = readonly [name: string, ...args: unknown[]];

/** Actions that record their calls and change nothing but the filter and the moment that is shown. */
export class FakeActions implements SessionActions {
  readonly calls: ActionCall[] = [];
  /** The capabilities of the simulated service. */
  capabilities: ServiceCapabilities = {
    inlineGraph: true,
    rename: true,
    pin: true,
    rerun: true,
  };
  readonly #history: SessionHistoryController | undefined;

  readonly #run: RunController | undefined;

  constructor(history?: SessionHistoryController, run?: RunController) {
    this.#history = history;
    this.#run = run;
  }

  /** Filters the list, as the real action does, because the panel shows the result. */
  setFilter(filter: SessionFilter): void {
    this.#history?.setFilter(filter);
  }
  /** Orders the list, where the test gives it. */
  declare setOrder?: NonNullable<SessionActions['setOrder']>;
  deleteLater(sessionIds: readonly string[]): void {
    this.calls.push(['deleteLater', ...sessionIds]);
  }
  undoDelete(deletionId: number): void {
    this.calls.push(['undoDelete', deletionId]);
  }
  async showOlder(): Promise<void> {
    this.calls.push(['showOlder']);
  }

  rename(sessionId: string, title: string): Promise<void> {
    this.calls.push(['rename', sessionId, title]);
    return Promise.resolve();
  }
  setPinned(sessionId: string, isPinned: boolean): Promise<void> {
    this.calls.push(['setPinned', sessionId, isPinned]);
    return Promise.resolve();
  }
  rerun(sessionId: string, options: object = {}): Promise<string> {
    this.calls.push(['rerun', sessionId, ...(Object.keys(options).length === 0 ? [] : [options])]);
    return Promise.resolve('again');
  }

  monitor(graphId: string): void {
    this.calls.push(['monitor', graphId]);
  }
  stopMonitor(): void {
    this.calls.push(['stopMonitor']);
  }
  start(): Promise<string> {
    this.calls.push(['start']);
    return Promise.resolve('started');
  }
  connect(sessionId: string): void {
    this.calls.push(['connect', sessionId]);
  }
  disconnect(): void {
    this.calls.push(['disconnect']);
  }
  cancel(sessionId: string): Promise<void> {
    this.calls.push(['cancel', sessionId]);
    return Promise.resolve();
  }
  delete(sessionId: string): Promise<void> {
    this.calls.push(['delete', sessionId]);
    return Promise.resolve();
  }
  answer(interactionId: string, answer: unknown): Promise<void> {
    this.calls.push(['answer', interactionId, answer]);
    return Promise.resolve();
  }
  saveDraft(interactionId: string, draft: unknown): void {
    this.calls.push(['saveDraft', interactionId, draft]);
  }
  dismissClosed(interactionId: string): void {
    this.calls.push(['dismissClosed', interactionId]);
  }
  seek(index: number | undefined): void {
    this.calls.push(['seek', index]);
    if (index === undefined) this.#run?.follow();
    else this.#run?.seek(index);
  }
  retryNow(): void {
    this.calls.push(['retryNow']);
  }
  dispose(): void {
    this.calls.push(['dispose']);
  }
}

/** State with actions that record their calls. */
export interface FakeSessions extends Sessions {
  readonly actions: FakeActions;
}

/** Creates empty state with actions that record their calls. */
export function fakeSessions(): FakeSessions {
  const history = new SessionHistoryController();
  const run = new RunController();
  return {
    history,
    run,
    drafts: new DraftsController(memoryDraftStore()),
    actions: new FakeActions(history, run),
  };
}

/** Default creation time of rows, in seconds. One for all: of two rows a millisecond apart the later would sort first. */
const CREATED_AT = Date.now() / 1000 - 60;

/** Creates a row; `change` replaces any of its fields. `createdAt` is in seconds. */
export function row(sessionId: string, change: Partial<SessionSummary> = {}): SessionSummary {
  const createdAt = change.createdAt ?? CREATED_AT;
  return {
    sessionId,
    status: 'completed',
    createdAt,
    updatedAt: createdAt,
    pendingInputs: change.status === 'suspended' ? 1 : 0,
    title: 'Haiku',
    ...change,
  };
}

/** Loads a whole list into a history, as a connection does when it becomes live. */
export function load(
  history: SessionHistoryController,
  rows: readonly SessionSummary[],
  graphId = 'g',
): void {
  history.setGraph(graphId);
  history.apply([
    { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
    { kind: 'snapshotStart' },
    ...rows.map((item) => ({ kind: 'row', row: item }) as const),
    { kind: 'snapshotComplete', isTruncated: false },
  ]);
}

/** Changes or adds one row. */
export function push(history: SessionHistoryController, session: SessionSummary): void {
  history.apply([{ kind: 'row', row: session }]);
}

/** Opens a session and applies its events as a complete replay. */
export function open(
  { history, run }: Sessions,
  sessionId: string,
  events: readonly GraphRunEventBody[],
  startTs = Date.now() - 60_000,
): void {
  history.setActive(sessionId);
  run.open(sessionId);
  run.apply([
    { kind: 'connection', connection: { phase: 'replaying', attempt: 0 } },
    { kind: 'start', replayTotal: events.length },
    ...numbered(events, 0, startTs).map((event) => ({ kind: 'event', event }) as const),
    { kind: 'replayComplete' },
    { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
  ]);
}

/** Applies live events after the existing ones. */
export function live(run: RunController, events: readonly GraphRunEventBody[], ts = Date.now()): void {
  run.apply(numbered(events, run.events.length, ts).map((event) => ({ kind: 'event', event }) as const));
}

function numbered(events: readonly GraphRunEventBody[], from: number, ts: number): GraphRunEvent[] {
  return events.map((event, position) => ({ ...event, index: from + position, ts: ts + position * 1500 }));
}

/** Events of a haiku graph whose poet asks for a mood. */
export function haikuEvents(sessionId: string): GraphRunEventBody[] {
  return [
    {
      type: 'graphStart',
      sessionId,
      graph: {
        title: 'Haiku',
        nodes: [
          { id: 'topic', type: 'input', title: 'Topic' },
          { id: 'research', type: 'agent', title: 'Research' },
          { id: 'poet', type: 'agent', title: 'Poet' },
          { id: 'image', type: 'image', title: 'Illustration' },
          { id: 'page', type: 'html', title: 'Web page' },
        ],
        edges: [
          { from: 'topic', to: 'research' },
          { from: 'research', to: 'poet' },
          { from: 'poet', to: 'image' },
          { from: 'image', to: 'page' },
        ],
      },
    },
    { type: 'nodeStart', nodeId: 'topic' },
    {
      type: 'inputRequired',
      nodeId: 'topic',
      interactionId: 'i-topic',
      suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'What shall it be about?' }] } } },
    },
    {
      type: 'inputResolved',
      nodeId: 'topic',
      interactionId: 'i-topic',
      by: 'response',
      response: { input: { role: 'user', parts: [{ text: 'green beans' }] } },
    },
    {
      type: 'nodeEnd',
      nodeId: 'topic',
      outputs: { context: { role: 'user', parts: [{ text: 'green beans' }] } },
    },
    { type: 'nodeStart', nodeId: 'research' },
    { type: 'thoughtEvent', nodeId: 'research', text: 'Which season do beans stand for?' },
    { type: 'thoughtEvent', nodeId: 'research', text: 'Early summer, most likely. Checking an almanac.' },
    {
      type: 'agentEvent',
      nodeId: 'research',
      event: {
        functionCall: {
          callId: 'c1',
          name: 'search',
          title: 'Search “kigo green beans”',
          args: { query: 'kigo green beans' },
        },
      },
    },
    {
      type: 'agentEvent',
      nodeId: 'research',
      event: { functionResult: { callId: 'c1', content: { results: 3 } } },
    },
    { type: 'thoughtEvent', nodeId: 'research', text: 'Looking for seasonal words' },
    {
      type: 'nodeEnd',
      nodeId: 'research',
      outputs: {
        context: {
          role: 'model',
          parts: [
            {
              text: 'Beans climb poles in June; the pods snap when fresh.\nIn haiku they stand for early summer.',
            },
          ],
        },
      },
    },
    { type: 'nodeStart', nodeId: 'poet' },
    { type: 'thoughtEvent', nodeId: 'poet', text: 'Two moods would fit this topic; asking before writing.' },
    {
      type: 'inputRequired',
      nodeId: 'poet',
      interactionId: 'i-mood',
      suspendEvent: {
        waitForChoice: {
          prompt: { parts: [{ text: 'Which mood should it have?' }] },
          choices: [
            { id: 'calm', label: 'Calm' },
            { id: 'playful', label: 'Playful' },
            { id: 'melancholy', label: 'Melancholy' },
          ],
          layout: 'row',
          noneOfTheAboveLabel: 'None of these',
        },
      },
    },
  ];
}
