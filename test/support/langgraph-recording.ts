import { readFile } from 'node:fs/promises';
import type { GraphRunEvent } from '../../src/protocol/events.js';
import type { GraphOutline } from '../../src/protocol/graph.js';
import { isFilledText, isJsonObject, type JsonObject } from '../../src/protocol/values/json.js';
import { EMPTY_SESSION } from '../../src/protocol/empty-session.js';
import { applyEvents, type SessionState } from '../../src/protocol/session-state.js';
import { decodeSse } from '../../src/protocol/stream/sse.js';
import { InnerStates } from '../../src/service/langgraph/inner-states.js';
import {
  historyRun,
  piecesOfFrame,
  piecesOfHistory,
  type TimedPiece,
} from '../../src/service/langgraph/langgraph-pieces.js';
import { USUAL_QUESTIONS } from '../../src/service/langgraph/langgraph-questions.js';
import {
  parseList,
  parseRun,
  parseState,
  type RunRecord,
  type StateRecord,
  type TaskRecord,
} from '../../src/service/langgraph/langgraph-records.js';
import { TurnConverter } from '../../src/service/langgraph/turns/turn-converter.js';
import { turnEnd, turnsOf, type Turn } from '../../src/service/langgraph/turns/turns.js';

const OUTLINE: GraphOutline = { nodes: [], edges: [], order: 'none' };

/** What LangGraph’s server answered in one recorded scenario: runs, streams by run, and histories, newest state first. */
export class LangGraphRecording {
  readonly runs: readonly RunRecord[];
  readonly streams: ReadonlyMap<string, string>;
  readonly histories: readonly (readonly StateRecord[])[];
  /** Histories of the graphs inside tasks, newest state first, by the namespaces of the tasks. */
  readonly #innerHistories: ReadonlyMap<string, readonly StateRecord[]>;
  readonly threads: readonly JsonObject[];

  private constructor(file: JsonObject) {
    const { runs, streams, histories, threads } = file;
    this.runs = parseList(runs, parseRun);
    this.streams = new Map(
      Object.entries(isJsonObject(streams) ? streams : {}).map(([id, text]) => [id, String(text)]),
    );
    this.histories = parseList(histories, (states) => parseList(states, parseState));
    const lists: readonly unknown[] = Array.isArray(histories) ? histories : [];
    this.#innerHistories = new Map(
      lists.flatMap((list, place) => {
        const namespace = namespaceOf(list);
        return namespace === undefined ? [] : [[namespace, this.histories[place] ?? []] as const];
      }),
    );
    this.threads = Array.isArray(threads) ? threads.filter(isJsonObject) : [];
  }

  /** Reads `test/fixtures/langgraph/<name>.json`. */
  static async read(name: string): Promise<LangGraphRecording> {
    const text = await readFile(new URL(`../fixtures/langgraph/${name}.json`, import.meta.url), 'utf8');
    const file: unknown = JSON.parse(text);
    if (!isJsonObject(file)) throw new TypeError('A recording is an object.');
    return new LangGraphRecording(file);
  }

  /** The turn of one of its runs; all runs as those of one thread that has nothing else. */
  turn(runIds: readonly string[] = this.runs.map(({ runId }) => runId)): Turn {
    const runs = this.runs.filter(({ runId }) => runIds.includes(runId));
    const [turn] = turnsOf({ threadId: 't', metadata: {} }, runs);
    if (turn === undefined) throw new Error('There is no such run.');
    return turn;
  }

  /** Converts a turn from the streams of its runs. */
  async fromStreams(turn: Turn): Promise<Converted> {
    const pieces = new Map<string, readonly TimedPiece[]>();
    for (const { runId } of turn.runs) pieces.set(runId, await this.streamPieces(runId));
    return convert(
      turn,
      (runId) => this.#left(runId),
      (run) => pieces.get(run.runId) ?? [],
    );
  }

  /** Converts a turn from a history. */
  async fromHistory(turn: Turn, history: readonly StateRecord[]): Promise<Converted> {
    const inner = new InnerStates(
      { listInnerStates: async (_, namespace) => [...(this.#innerHistories.get(namespace) ?? [])].reverse() },
      't',
    );
    const states = await inner.addTo([...history].reverse(), new AbortController().signal);
    const statesOf = (runId: string) => states.filter((state) => state.runId === runId);
    const left = (runId: string) => statesOf(runId).at(-1)?.tasks ?? [];
    return convert(turn, left, (run, earlier) =>
      piecesOfHistory(
        earlier.flatMap(({ runId }) => statesOf(runId)),
        statesOf(run.runId),
        historyRun(run),
      ),
    );
  }

  /** The tasks after the last state of a run. */
  #left(runId: string): readonly TaskRecord[] {
    const inner = new Set(this.#innerHistories.values());
    const outer = this.histories.filter((states) => !inner.has(states));
    const history = outer.filter((states) => states.some((state) => state.runId === runId)).at(-1);
    return history?.find((state) => state.runId === runId)?.tasks ?? [];
  }

  /** The pieces of a run’s stream. */
  async streamPieces(runId: string): Promise<readonly TimedPiece[]> {
    const body = new Response(this.streams.get(runId) ?? '').body;
    const pieces: TimedPiece[] = [];
    if (body === null) return pieces;
    for await (const items of decodeSse(body)) {
      for (const item of items) {
        if (item.kind !== 'message') continue;
        for (const piece of piecesOfFrame(item.event, item.data)) pieces.push({ piece, ts: undefined });
      }
    }
    return pieces;
  }
}

/** Where the states of a history are, if that is inside a task. */
function namespaceOf(states: unknown): string | undefined {
  const [first]: readonly unknown[] = Array.isArray(states) ? states : [];
  const checkpoint = isJsonObject(first) ? first['checkpoint'] : undefined;
  const namespace = isJsonObject(checkpoint) ? checkpoint['checkpoint_ns'] : undefined;
  return isFilledText(namespace) ? namespace : undefined;
}

/** The events of a turn, and their fold. */
export interface Converted {
  readonly events: readonly GraphRunEvent[];
  readonly state: SessionState;
}

function convert(
  turn: Turn,
  left: (runId: string) => readonly TaskRecord[],
  piecesOf: (run: RunRecord, earlier: readonly RunRecord[]) => readonly TimedPiece[],
): Converted {
  const converter = new TurnConverter({ sessionId: 's', outline: OUTLINE, questions: USUAL_QUESTIONS }, 0);
  for (const [position, run] of turn.runs.entries()) {
    converter.beginRun(run);
    converter.take(piecesOf(run, turn.runs.slice(0, position)));
    if (run.status === 'success') converter.pause(run, left(run.runId));
  }
  const end = turnEnd(turn, converter.hasQuestions);
  if (end !== undefined) converter.end(end, undefined);
  const events = converter.takeEvents();
  return { events, state: applyEvents(EMPTY_SESSION, events) };
}
