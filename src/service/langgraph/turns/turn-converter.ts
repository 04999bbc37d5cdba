import { type GraphRunEvent, type GraphRunEventBody, type Outputs } from '../../../protocol/events.js';
import type { GraphOutline } from '../../../protocol/graph.js';
import { isFilledText, isJsonObject, isText, type JsonValue } from '../../../protocol/values/json.js';
import { sentence } from '../../../protocol/sentences.js';
import { breakpointId } from './continue-turn.js';
import type { LangGraphPiece, TaskPath, TimedPiece } from '../langgraph-pieces.js';
import type { LangGraphQuestions } from '../langgraph-questions.js';
import type { InterruptRecord, RunRecord, TaskRecord } from '../langgraph-records.js';
import { MessageConverter } from '../message-converter.js';
import type { TurnEnd } from './turns.js';

/** A question that was asked in a turn. */
interface AskedQuestion {
  readonly interactionId: string;
  readonly nodeId: string;
  /** The task that asked, after those around it. */
  readonly tasks: TaskPath;
  readonly value: JsonValue;
  isOpen: boolean;
}

/** What a converter needs of its turn. */
export interface TurnConverterOptions {
  readonly sessionId: string;
  readonly outline: GraphOutline;
  readonly questions: LangGraphQuestions;
}

/**
 * Converts the runs of one turn to the events of a session, one after the other. The same pieces give the same events,
 * and pieces that say nothing new (each run repeats its step) give none. It knows no times of its own; times never go
 * backwards.
 */
export class TurnConverter {
  readonly #options: TurnConverterOptions;
  readonly #messages = new MessageConverter();
  /** Node by task. */
  readonly #nodes = new Map<string, string>();
  /** Tasks that have not ended, by node. */
  readonly #open = new Map<string, string>();
  /** The node around a node. */
  readonly #places = new Map<string, string>();
  readonly #asked = new Map<string, AskedQuestion>();
  /** The open question whether a run continues that has stopped at a breakpoint. */
  #paused: { readonly nodeId: string; readonly interactionId: string } | undefined;
  /** Outputs of the step of the outer graph that ended last. */
  #stepOutputs: Record<string, Outputs> = {};
  #error: string | undefined;
  #count = 0;
  #ts: number | undefined;
  #events: GraphRunEvent[] = [];

  constructor(options: TurnConverterOptions, startMs: number) {
    this.#options = options;
    const { sessionId, outline } = options;
    this.#emit({ type: 'graphStart', sessionId, graph: outline }, startMs);
  }

  /** True while a question waits for an answer, or a breakpoint for someone to continue. */
  get hasQuestions(): boolean {
    return this.#paused !== undefined || [...this.#asked.values()].some(({ isOpen }) => isOpen);
  }

  /** Returns the events since the last call. */
  takeEvents(): readonly GraphRunEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Begins a run: its answers close their questions, and it continues one that has stopped at a breakpoint. */
  beginRun({ resume, createdMs }: Pick<RunRecord, 'resume' | 'createdMs'>): void {
    const paused = this.#paused;
    this.#paused = undefined;
    if (paused !== undefined) {
      const response = { confirm: true };
      this.#emit({ type: 'inputResolved', ...paused, by: 'response', response }, createdMs);
    }
    if (resume === undefined) return;
    const known = isJsonObject(resume) ? Object.entries(resume).filter(([id]) => this.#asked.has(id)) : [];
    if (known.length > 0) {
      for (const [id, value] of known) this.#resolve(this.#questionOf(id), value, createdMs);
      return;
    }
    // An answer that names no question belongs to the only one; ids that no question ever had do nothing.
    const open = [...this.#asked.values()].filter(({ isOpen }) => isOpen);
    if (open.length === 1 && !isMapOfIds(resume)) this.#resolve(open[0], resume, createdMs);
  }

  /** Takes pieces of the current run, in their order. */
  take(pieces: readonly TimedPiece[]): void {
    for (const { piece, ts } of pieces) this.#piece(piece, ts);
  }

  /**
   * Asks whether a run that has ended continues: it has stopped at a breakpoint if it has left tasks, and asks nothing
   * itself. Does nothing otherwise.
   */
  pause({ runId, updatedMs }: Pick<RunRecord, 'runId' | 'updatedMs'>, left: readonly TaskRecord[]): void {
    const [first] = left.filter(({ taskId }) => this.#isUnfinished(taskId));
    if (first === undefined || this.hasQuestions) return;
    const names = left.filter(({ taskId }) => !this.#nodes.has(taskId)).map(({ name }) => name);
    const nodeId = this.#nodes.get(first.taskId) ?? first.name;
    this.#paused = { nodeId, interactionId: breakpointId(runId) };
    const suspendEvent = { confirm: { before: [...new Set(names)] } };
    this.#emit({ type: 'inputRequired', ...this.#paused, suspendEvent }, updatedMs);
  }

  /** True for a task that has not begun, or not ended. */
  #isUnfinished(task: string): boolean {
    const nodeId = this.#nodes.get(task);
    return nodeId === undefined || this.#open.get(nodeId) === task;
  }

  /** Ends the turn. `isSynthetic`: the client inferred it. */
  end(end: TurnEnd, ts: number | undefined, isSynthetic = false): void {
    const { sessionId } = this.#options;
    const synthetic = isSynthetic ? { synthetic: true as const } : {};
    this.#emitAll(this.#messages.flushAll(), ts);
    if (end === 'cancelled') this.#emit({ type: 'graphCancelled', sessionId, ...synthetic }, ts);
    else if (end === 'failed') {
      this.#emit(
        { type: 'graphError', sessionId, error: this.#error ?? sentence('run-failed'), ...synthetic },
        ts,
      );
    } else this.#emit({ type: 'graphComplete', sessionId, outputs: this.#stepOutputs, ...synthetic }, ts);
  }

  #piece(piece: LangGraphPiece, ts: number | undefined): void {
    switch (piece.kind) {
      case 'error':
        this.#error = piece.message;
        break;
      case 'custom':
        this.#custom(piece.path, piece.payload, ts);
        break;
      case 'message': {
        const nodeId = this.#nodeIn(this.#innermost(piece.path), piece.node) ?? this.#innermost(piece.path);
        this.#emitAll(this.#messages.take(piece.message, nodeId), ts);
        break;
      }
      case 'ask':
        for (const interrupt of piece.interrupts) this.#ask(interrupt, [...piece.path, piece.task], ts);
        break;
      case 'start':
        this.#start(piece, ts);
        break;
      case 'end':
      case 'fail':
        this.#finish(piece, ts);
        break;
    }
  }

  #start({ task, name, path }: Extract<LangGraphPiece, { kind: 'start' }>, ts: number | undefined): void {
    const parent = this.#innermost(path);
    if (this.#nodes.has(task) || (path.length > 0 && parent === undefined)) return;
    if (parent === undefined && this.#openIn(undefined).length === 0) this.#stepOutputs = {};
    const id = innerId(parent, name);
    let nodeId = id;
    let title = name;
    // Several tasks of one node at once are instances of it.
    for (let count = 2; this.#open.has(nodeId); count += 1) {
      nodeId = `${id}#${count}`;
      title = `${name} ${count}`;
    }
    this.#nodes.set(task, nodeId);
    this.#open.set(nodeId, task);
    if (parent !== undefined) this.#places.set(nodeId, parent);
    const place = parent === undefined ? {} : { parent };
    const instance = nodeId === id ? {} : { of: id };
    this.#emit(
      { type: 'nodeStart', nodeId, ...instance, ...place, ...(nodeId === name ? {} : { title }) },
      ts,
    );
  }

  #finish(piece: Extract<LangGraphPiece, { kind: 'end' | 'fail' }>, ts: number | undefined): void {
    const nodeId = this.#nodes.get(piece.task);
    if (nodeId === undefined || this.#open.get(nodeId) !== piece.task) return;
    // A history shows the result of a task before the run that brought it has begun.
    if ([...this.#asked.values()].some(({ tasks, isOpen }) => isOpen && tasks.includes(piece.task))) return;
    this.#open.delete(nodeId);
    // What was aborted inside it says nothing more.
    this.#closeInside(nodeId);
    this.#emitAll(this.#messages.flush(nodeId), ts);
    if (piece.kind === 'fail') {
      this.#error ??= piece.message;
      this.#emit({ type: 'nodeError', nodeId, error: piece.message }, ts);
      return;
    }
    const outputs = outputsOf(piece.result);
    if (outputs !== undefined && piece.path.length === 0) this.#stepOutputs[nodeId] = outputs;
    this.#emit({ type: 'nodeEnd', nodeId, ...(outputs === undefined ? {} : { outputs }) }, ts);
  }

  #ask({ id, value }: InterruptRecord, tasks: TaskPath, ts: number | undefined): void {
    const nodeId = this.#innermost(tasks);
    // The same question comes again from each level of nesting, the innermost first, and with each answer to another one.
    if (nodeId === undefined || this.#asked.has(id)) return;
    this.#asked.set(id, { interactionId: id, nodeId, tasks, value, isOpen: true });
    const suspendEvent = this.#options.questions.toQuestion(value);
    this.#emit({ type: 'inputRequired', nodeId, interactionId: id, suspendEvent }, ts);
  }

  /** The question that an id answers: the engine takes that of an answered one for the next question of its task. */
  #questionOf(id: string): AskedQuestion | undefined {
    const named = this.#asked.get(id);
    if (named === undefined || named.isOpen) return named;
    return [...this.#asked.values()].find(
      ({ tasks, isOpen }) => isOpen && tasks.at(-1) === named.tasks.at(-1),
    );
  }

  #resolve(question: AskedQuestion | undefined, value: JsonValue, ts: number): void {
    if (question?.isOpen !== true) return;
    question.isOpen = false;
    const { nodeId, interactionId } = question;
    const response = this.#options.questions.toResponse(question.value, value);
    this.#emit({ type: 'inputResolved', nodeId, interactionId, by: 'response', response }, ts);
  }

  #custom(path: TaskPath, payload: JsonValue, ts: number | undefined): void {
    const place = this.#innermost(path);
    const open = this.#openIn(place);
    const named =
      isJsonObject(payload) && isText(payload['node']) ? this.#nodeIn(place, payload['node']) : undefined;
    const nodeId = named ?? (open.length === 1 ? open[0] : place);
    const where = nodeId === undefined ? {} : { nodeId };
    this.#emit({ type: 'agentEvent', ...where, event: { custom: payload } }, ts);
  }

  /** The node of the innermost of some tasks that has begun. */
  #innermost(tasks: TaskPath): string | undefined {
    const task = [...tasks].reverse().find((id) => this.#nodes.has(id));
    return task === undefined ? undefined : this.#nodes.get(task);
  }

  /** The nodes that are running right inside another one; undefined: in the graph itself. */
  #openIn(place: string | undefined): readonly string[] {
    return [...this.#open.keys()].filter((nodeId) => this.#places.get(nodeId) === place);
  }

  #closeInside(place: string): void {
    for (const nodeId of this.#openIn(place)) {
      this.#open.delete(nodeId);
      this.#closeInside(nodeId);
    }
  }

  /** The running node of this name right inside another one. */
  #nodeIn(place: string | undefined, name: string): string | undefined {
    const nodeId = innerId(place, name);
    return this.#open.has(nodeId) ? nodeId : undefined;
  }

  #emitAll(bodies: readonly GraphRunEventBody[], ts: number | undefined): void {
    for (const body of bodies) this.#emit(body, ts);
  }

  #emit(body: GraphRunEventBody & { readonly synthetic?: true }, ts: number | undefined): void {
    if (ts !== undefined) this.#ts = Math.max(this.#ts ?? ts, ts);
    const time = ts === undefined || this.#ts === undefined ? {} : { ts: this.#ts };
    this.#events.push({ ...body, index: this.#count, ...time });
    this.#count += 1;
  }
}

/** The id of a node inside another one; undefined: in the graph itself. */
function innerId(place: string | undefined, name: string): string {
  return place === undefined ? name : `${place}/${name}`;
}

/** True for an answer by ids: 32 hexadecimal digits. */
function isMapOfIds(resume: JsonValue): boolean {
  return isJsonObject(resume) && Object.keys(resume).some((key) => /^[0-9a-f]{32}$/.test(key));
}

/** The result of a task: an object, or a list of pairs. */
function outputsOf(result: JsonValue | undefined): Outputs | undefined {
  if (result === undefined) return undefined;
  if (isJsonObject(result)) return result;
  const isPairs =
    Array.isArray(result) && result.every((pair) => Array.isArray(pair) && isFilledText(pair[0]));
  if (!isPairs) return { result };
  return Object.fromEntries(
    result.flatMap((pair: JsonValue) =>
      Array.isArray(pair) && isText(pair[0]) ? [[pair[0], pair[1] ?? null] as const] : [],
    ),
  );
}
