import { isJsonObject, isText, parseJson, type JsonObject, type JsonValue } from '../../protocol/json.js';
import { parseTask, type InterruptRecord, type StateRecord, type TaskRecord } from './langgraph-records.js';

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

/**
 * Reads a run from the states of its turn, oldest first, in an order that does not change while the run continues: a task
 * ends after those before it in the list. Times are those of steps.
 *
 * @param earlier states of the turn's earlier runs, whose tasks this run may have ended
 */
export function piecesOfHistory(
  earlier: readonly StateRecord[],
  states: readonly StateRecord[],
): readonly TimedPiece[] {
  const pieces: TimedPiece[] = [];
  const firstMs = states[0]?.createdMs;
  // A task that asked and has a result was answered in a later run, which then ended it.
  for (const task of earlier.flatMap(({ tasks }) => tasks)) {
    if (isHidden(task) || task.interrupts.length === 0) continue;
    const base = { task: task.taskId, name: task.name, path: [] };
    if (task.result !== undefined || task.error !== undefined || states.length > 0) {
      for (const piece of endPieces({ ...task, interrupts: [] }, base)) pieces.push({ piece, ts: firstMs });
    }
  }
  for (const state of states) {
    const next = states.find(({ parentId }) => parentId === state.checkpointId);
    const tasks = state.tasks.filter((task) => !isHidden(task));
    for (const { taskId: task, name } of tasks) {
      pieces.push({ piece: { kind: 'start', task, name, path: [] }, ts: state.createdMs });
    }
    for (const task of tasks) {
      const base = { task: task.taskId, name: task.name, path: [] };
      const isOpen = task.interrupts.length === 0 && task.result === undefined && task.error === undefined;
      if (isOpen && next === undefined) break;
      const ts = next?.createdMs ?? state.createdMs;
      for (const piece of endPieces(task, base)) pieces.push({ piece, ts });
    }
  }
  return pieces;
}

/** The first task of each input is the engine's own. */
function isHidden({ name }: TaskRecord): boolean {
  return name === '__start__';
}

/** When the tasks of states began, and when the next step did, in milliseconds since 1970. */
export function stepTimes(
  states: readonly StateRecord[],
): ReadonlyMap<string, { readonly startMs: number; readonly endMs: number | undefined }> {
  const times = new Map<string, { startMs: number; endMs: number | undefined }>();
  for (const { tasks, createdMs, checkpointId } of states) {
    const endMs = states.find(({ parentId }) => parentId === checkpointId)?.createdMs;
    for (const { taskId } of tasks) times.set(taskId, { startMs: createdMs, endMs });
  }
  return times;
}
