import {
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import {
  parseTask,
  type InterruptRecord,
  type RunRecord,
  type StateRecord,
  type TaskRecord,
} from './langgraph-records.js';

/** A place in nested graphs: the ids of the outer tasks, the outermost first; empty for the graph itself. */
export type TaskPath = readonly string[];

/** One fact about a run, from its stream or from its history. */
export type LangGraphPiece =
  | { readonly kind: 'start'; readonly task: string; readonly name: string; readonly path: TaskPath }
  | {
      readonly kind: 'end';
      readonly task: string;
      readonly name: string;
      readonly path: TaskPath;
      readonly result: JsonValue | undefined;
    }
  | {
      readonly kind: 'fail';
      readonly task: string;
      readonly name: string;
      readonly path: TaskPath;
      readonly message: string;
    }
  | {
      readonly kind: 'ask';
      readonly task: string;
      readonly name: string;
      readonly path: TaskPath;
      readonly interrupts: readonly InterruptRecord[];
    }
  | { readonly kind: 'message'; readonly path: TaskPath; readonly node: string; readonly message: JsonObject }
  | { readonly kind: 'custom'; readonly path: TaskPath; readonly payload: JsonValue }
  | { readonly kind: 'error'; readonly message: string };

/** The name of a stream's frame that says that a log is there, before the first fact. */
export const METADATA_FRAME = 'metadata';

/** Reads one frame of a run’s stream; none for one that says nothing new. */
export function piecesOfFrame(event: string, data: string): readonly LangGraphPiece[] {
  const [mode = '', ...names] = event.split('|');
  // `editor:eb3c8e11-…`; the name may contain a colon, the id of a task does not.
  const path = names.map((name) => name.slice(name.lastIndexOf(':') + 1));
  const value = parseJson(data);
  switch (mode) {
    case 'tasks':
      return isJsonObject(value) ? parseTask(value).flatMap((task) => taskPieces(task, value, path)) : [];
    case 'messages': {
      if (!Array.isArray(value)) return [];
      const [message, meta] = value as readonly unknown[];
      const node = isJsonObject(meta) ? meta['langgraph_node'] : undefined;
      return isJsonObject(message)
        ? [{ kind: 'message', path, node: isText(node) ? node : '', message }]
        : [];
    }
    case 'custom':
      return value === undefined ? [] : [{ kind: 'custom', path, payload: value as JsonValue }];
    case 'error':
      return [{ kind: 'error', message: isJsonObject(value) ? messageOf(value) : data }];
    default:
      return [];
  }
}

function taskPieces(task: TaskRecord, wire: JsonObject, path: TaskPath): readonly LangGraphPiece[] {
  const base = { task: task.taskId, name: task.name, path };
  if (wire['input'] !== undefined || wire['triggers'] !== undefined) return [{ kind: 'start', ...base }];
  return endPieces(task, base);
}

function endPieces(
  { interrupts, error, result }: TaskRecord,
  base: { readonly task: string; readonly name: string; readonly path: TaskPath },
): readonly LangGraphPiece[] {
  if (interrupts.length > 0) return [{ kind: 'ask', ...base, interrupts }];
  // A node that fails aborts the others of its step: they stay open until the run ends.
  if (error !== undefined)
    return isAbort(error) ? [] : [{ kind: 'fail', ...base, message: messageOf(error) }];
  return [{ kind: 'end', ...base, result }];
}

function isAbort(error: JsonValue): boolean {
  return isJsonObject(error) && error['name'] === 'AbortError';
}

/** The text of an error, which is a text or an object. */
function messageOf(error: JsonValue): string {
  if (!isJsonObject(error)) return isText(error) ? error : JSON.stringify(error);
  const text = [error['message'], error['error']].find((member) => isText(member) && member !== '');
  return isText(text) ? text : JSON.stringify(error);
}

/** A piece with its time, in milliseconds since 1970, if it has one. */
export interface TimedPiece {
  readonly piece: LangGraphPiece;
  readonly ts: number | undefined;
}

/** What the states of a run do not say of it. */
export interface HistoryRun {
  readonly runId: string;
  /** True when it has ended, and neither failed nor was cancelled: the tasks after its last state have not begun. */
  readonly hasStopped: boolean;
  /** When it began, in milliseconds since 1970. */
  readonly startMs: number;
}

/** A run as `piecesOfHistory` needs it. */
export function historyRun({ runId, status, createdMs }: RunRecord): HistoryRun {
  return { runId, hasStopped: status === 'success', startMs: createdMs };
}

/**
 * Reads a run from the states of its turn, oldest first, in an order that does not change while the run continues: a task
 * ends after those before it in the list, and after what is inside it. Times are those of steps.
 *
 * @param earlier states of the turn's earlier runs, whose tasks this run may have begun or ended
 */
export function piecesOfHistory(
  earlier: readonly StateRecord[],
  states: readonly StateRecord[],
  run: HistoryRun,
  path: TaskPath = [],
): readonly TimedPiece[] {
  const { runId, hasStopped, startMs } = run;
  const pieces: TimedPiece[] = [];
  const firstMs = states[0]?.createdMs;
  const inside = ({ taskId, inner }: TaskRecord): readonly TimedPiece[] => {
    const own = inner.filter((state) => state.runId === runId);
    const before = inner.slice(0, own[0] === undefined ? inner.length : inner.indexOf(own[0]));
    return piecesOfHistory(before, own, run, [...path, taskId]);
  };
  // A task that asked and has a result was answered in a later run, which then ended it; one behind a breakpoint began in it.
  for (const task of earlier.flatMap((state) => tasksLeft(state, earlier))) {
    if (isHidden(task)) continue;
    const base = { task: task.taskId, name: task.name, path };
    if (task.interrupts.length === 0) pieces.push({ piece: { kind: 'start', ...base }, ts: startMs });
    pieces.push(...inside(task));
    if (task.result !== undefined || task.error !== undefined || states.length > 0) {
      for (const piece of endPieces({ ...task, interrupts: [] }, base)) pieces.push({ piece, ts: firstMs });
    }
  }
  for (const state of states) {
    const next = states.find(({ parentId }) => parentId === state.checkpointId);
    const isLast = hasStopped && next === undefined && !hasAsked(state);
    // A breakpoint is before the whole step, or inside some of its tasks.
    if (isLast && !state.tasks.some((task) => stopsInside(task, runId))) continue;
    const tasks = state.tasks.filter((task) => !isHidden(task));
    for (const { taskId: task, name } of tasks) {
      pieces.push({ piece: { kind: 'start', task, name, path }, ts: state.createdMs });
    }
    for (const task of tasks) {
      pieces.push(...inside(task));
      if (isLast && stopsInside(task, runId)) continue;
      const base = { task: task.taskId, name: task.name, path };
      const isOpen = task.interrupts.length === 0 && task.result === undefined && task.error === undefined;
      if (isOpen && next === undefined) break;
      const ts = next?.createdMs ?? state.createdMs;
      for (const piece of endPieces(task, base)) pieces.push({ piece, ts });
    }
  }
  return pieces;
}

/** The tasks of a state that a later run ends: those that asked, or all that follow the last state of their run. */
function tasksLeft(state: StateRecord, states: readonly StateRecord[]): readonly TaskRecord[] {
  if (hasAsked(state)) return state.tasks.filter(({ interrupts }) => interrupts.length > 0);
  const isLast = states.filter(({ runId }) => runId === state.runId).at(-1) === state;
  return isLast ? state.tasks : [];
}

function hasAsked({ tasks }: StateRecord): boolean {
  return tasks.some(({ interrupts }) => interrupts.length > 0);
}

/** True for a task in whose graph a run has stopped at a breakpoint. */
function stopsInside({ inner }: TaskRecord, runId: string): boolean {
  const last = inner.filter((state) => state.runId === runId).at(-1);
  return last !== undefined && last.tasks.length > 0;
}

/** The first task of each input is the engine's own. */
function isHidden({ name }: TaskRecord): boolean {
  return name === '__start__';
}

/** When a task began, and when the next step did, in milliseconds since 1970. */
export interface StepTime {
  readonly startMs: number;
  readonly endMs: number | undefined;
}

/** The times of the tasks of states, and of those inside them, by their ids. */
export function stepTimes(states: readonly StateRecord[]): ReadonlyMap<string, StepTime> {
  const times = new Map<string, StepTime>();
  for (const { tasks, createdMs, checkpointId } of states) {
    const endMs = states.find(({ parentId }) => parentId === checkpointId)?.createdMs;
    for (const { taskId, inner } of tasks) {
      times.set(taskId, { startMs: createdMs, endMs });
      for (const [id, time] of stepTimes(inner)) times.set(id, time);
    }
  }
  return times;
}
