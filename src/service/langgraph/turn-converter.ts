import { type GraphRunEvent, type GraphRunEventBody, type Outputs } from '../../protocol/events.js';
import type { GraphOutline } from '../../protocol/graph.js';
import { isFilledText, isJsonObject, isText, type JsonValue } from '../../protocol/json.js';
import type { LangGraphPiece, TaskPath, TimedPiece } from './langgraph-pieces.js';
import type { LangGraphQuestions } from './langgraph-questions.js';
import type { InterruptRecord, RunRecord } from './langgraph-records.js';
import { MessageConverter } from './message-converter.js';
import type { TurnEnd } from './turns.js';

/** A question that was asked in a turn. */
interface AskedQuestion {
  readonly interactionId: string;
  readonly nodeId: string;
  readonly task: string;
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
  /** Node by task; inner tasks are not in it. */
  readonly #nodes = new Map<string, string>();
  /** Tasks that have not ended, by node. */
  readonly #open = new Map<string, string>();
  readonly #seenInner = new Set<string>();
  readonly #asked = new Map<string, AskedQuestion>();
  /** Outputs of the step that ended last. */
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

  /** True while a question waits for an answer. */
  get hasQuestions(): boolean {
    return [...this.#asked.values()].some(({ isOpen }) => isOpen);
  }

  /** Returns the events since the last call. */
  takeEvents(): readonly GraphRunEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Begins a run: its answers close their questions. */
  beginRun({ resume, createdMs }: Pick<RunRecord, 'resume' | 'createdMs'>): void {
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

  /** Ends the turn. `isSynthetic`: the client inferred it. */
  end(end: TurnEnd, ts: number | undefined, isSynthetic = false): void {
    const { sessionId } = this.#options;
    const synthetic = isSynthetic ? { synthetic: true as const } : {};
    this.#emitAll(this.#messages.flushAll(), ts);
    if (end === 'cancelled') this.#emit({ type: 'graphCancelled', sessionId, ...synthetic }, ts);
    else if (end === 'failed') {
      this.#emit(
        { type: 'graphError', sessionId, error: this.#error ?? 'The run failed.', ...synthetic },
        ts,
      );
    } else this.#emit({ type: 'graphComplete', sessionId, outputs: this.#stepOutputs, ...synthetic }, ts);
  }

  #piece(piece: LangGraphPiece, ts: number | undefined): void {
    if (piece.kind === 'error') this.#error = piece.message;
    else if (piece.kind === 'custom') this.#custom(piece.path, piece.payload, ts);
    else if (piece.kind === 'message') {
      const nodeId = this.#outerNode(piece.path) ?? this.#openNode(piece.node);
      this.#emitAll(this.#messages.take(piece.message, nodeId), ts);
    } else if (piece.kind === 'ask') this.#ask(piece, ts);
    else if (piece.path.length > 0) this.#inner(piece, ts);
    else if (piece.kind === 'start') this.#start(piece, ts);
    else this.#finish(piece, ts);
  }

  #start({ task, name }: Extract<LangGraphPiece, { kind: 'start' }>, ts: number | undefined): void {
    if (this.#nodes.has(task)) return;
    if (this.#open.size === 0) this.#stepOutputs = {};
    let nodeId = name;
    // Several tasks of one node at once are instances of it.
    for (let count = 2; this.#open.has(nodeId); count += 1) nodeId = `${name}#${count}`;
    this.#nodes.set(task, nodeId);
    this.#open.set(nodeId, task);
    const instance = nodeId === name ? {} : { of: name, title: nodeId.replace('#', ' ') };
    this.#emit({ type: 'nodeStart', nodeId, ...instance }, ts);
  }

  #finish(piece: Extract<LangGraphPiece, { kind: 'end' | 'fail' }>, ts: number | undefined): void {
    const nodeId = this.#nodes.get(piece.task);
    if (nodeId === undefined || this.#open.get(nodeId) !== piece.task) return;
    const questions = [...this.#asked.values()].filter(({ task, isOpen }) => isOpen && task === piece.task);
    // A history shows the result of a task before the run that brought it has begun.
    if (questions.length > 0) return;
    this.#open.delete(nodeId);
    this.#emitAll(this.#messages.flush(nodeId), ts);
    if (piece.kind === 'fail') {
      this.#error ??= piece.message;
      this.#emit({ type: 'nodeError', nodeId, error: piece.message }, ts);
      return;
    }
    const outputs = outputsOf(piece.result);
    if (outputs !== undefined) this.#stepOutputs[nodeId] = outputs;
    this.#emit({ type: 'nodeEnd', nodeId, ...(outputs === undefined ? {} : { outputs }) }, ts);
  }

  /** A step of an inner graph is a report of the outer node. */
  #inner(piece: Extract<LangGraphPiece, { kind: 'start' | 'end' | 'fail' }>, ts: number | undefined): void {
    const nodeId = this.#outerNode(piece.path);
    const key = `${piece.kind === 'start' ? 'start' : 'end'} ${piece.task}`;
    if (nodeId === undefined || this.#seenInner.has(key)) return;
    this.#seenInner.add(key);
    const { name } = piece;
    const step =
      piece.kind === 'start'
        ? { name, state: 'started' }
        : piece.kind === 'end'
          ? { name, state: 'completed', ...(piece.result === undefined ? {} : { result: piece.result }) }
          : { name, state: 'failed', error: piece.message };
    this.#emit({ type: 'agentEvent', nodeId, event: { step } }, ts);
  }

  #ask(piece: Extract<LangGraphPiece, { kind: 'ask' }>, ts: number | undefined): void {
    const task = piece.path[0] ?? piece.task;
    const nodeId = this.#nodes.get(task);
    if (nodeId === undefined) return;
    for (const interrupt of piece.interrupts) this.#askOne(interrupt, nodeId, task, ts);
  }

  #askOne({ id, value }: InterruptRecord, nodeId: string, task: string, ts: number | undefined): void {
    // The same question comes again from each level of nesting, and with each answer to another one.
    if (this.#asked.has(id)) return;
    this.#asked.set(id, { interactionId: id, nodeId, task, value, isOpen: true });
    const suspendEvent = this.#options.questions.toQuestion(value);
    this.#emit({ type: 'inputRequired', nodeId, interactionId: id, suspendEvent }, ts);
  }

  /** The question that an id answers: the engine takes that of an answered one for the next question of its task. */
  #questionOf(id: string): AskedQuestion | undefined {
    const named = this.#asked.get(id);
    if (named === undefined || named.isOpen) return named;
    return [...this.#asked.values()].find(({ task, isOpen }) => isOpen && task === named.task);
  }

  #resolve(question: AskedQuestion | undefined, value: JsonValue, ts: number): void {
    if (question?.isOpen !== true) return;
    question.isOpen = false;
    const { nodeId, interactionId } = question;
    const response = this.#options.questions.toResponse(question.value, value);
    this.#emit({ type: 'inputResolved', nodeId, interactionId, by: 'response', response }, ts);
  }

  #custom(path: TaskPath, payload: JsonValue, ts: number | undefined): void {
    const named =
      isJsonObject(payload) && isText(payload['node']) ? this.#openNode(payload['node']) : undefined;
    const only = this.#open.size === 1 ? [...this.#open.keys()][0] : undefined;
    const nodeId = this.#outerNode(path) ?? named ?? only;
    const where = nodeId === undefined ? {} : { nodeId };
    this.#emit({ type: 'agentEvent', ...where, event: { custom: payload } }, ts);
  }

  #outerNode(path: TaskPath): string | undefined {
    const [task] = path;
    return task === undefined ? undefined : this.#nodes.get(task);
  }

  #openNode(name: string): string | undefined {
    return this.#open.has(name) ? name : undefined;
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
