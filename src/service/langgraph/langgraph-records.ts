import { isJsonObject, isText, parseJson, type JsonObject, type JsonValue } from '../../protocol/json.js';
import { GraphRunError } from '../../protocol/problems.js';

/** A thread as the search lists it. Times are milliseconds since 1970. */
export interface ThreadRecord {
  readonly threadId: string;
  /** `idle`, `busy`, `interrupted`, `error`, or a later word. */
  readonly status: string;
  /** Changes with the thread. */
  readonly updatedAt: string;
  readonly metadata: JsonObject;
  /** The questions of its newest state, oldest first. */
  readonly interrupts: readonly InterruptRecord[];
}

/** A question as the engine names it: `interrupt(value)`. */
export interface InterruptRecord {
  readonly id: string;
  readonly value: JsonValue;
}

/** A run of a thread. */
export interface RunRecord {
  readonly runId: string;
  /** `pending`, `running`, `success`, `error`, `timeout`, `interrupted`, or a later word. */
  readonly status: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly assistantId: string;
  readonly input: JsonObject | undefined;
  /** Its answer to questions: usually a value by id; undefined: it answers none. */
  readonly resume: JsonValue | undefined;
  /** True when any number of readers can join it without taking events from each other. */
  readonly isJoinable: boolean;
}

/** A task of a step: one run of a node. */
export interface TaskRecord {
  readonly taskId: string;
  readonly name: string;
  readonly interrupts: readonly InterruptRecord[];
  readonly result: JsonValue | undefined;
  readonly error: JsonValue | undefined;
}

/** A state of the history, with the tasks that follow it. */
export interface StateRecord {
  readonly runId: string;
  readonly checkpointId: string;
  readonly parentId: string;
  readonly createdMs: number;
  readonly tasks: readonly TaskRecord[];
}

/** Reads a thread. @throws GraphRunError `protocol-error` without an id. */
export function parseThread(value: unknown): ThreadRecord {
  const record = objectOf(value, 'a thread');
  return {
    threadId: textOf(record, 'thread_id'),
    status: isText(record['status']) ? record['status'] : '',
    updatedAt: isText(record['updated_at']) ? record['updated_at'] : '',
    metadata: memberObject(record, 'metadata'),
    interrupts: Object.values(memberObject(record, 'interrupts')).flatMap(parseInterrupts),
  };
}

/** Reads a run. @throws GraphRunError `protocol-error` without an id. */
export function parseRun(value: unknown): RunRecord {
  const record = objectOf(value, 'a run');
  const kwargs = memberObject(record, 'kwargs');
  const { input, command, resumable, stream_mode: modes } = kwargs;
  const createdMs = timeOf(record['created_at']);
  return {
    runId: textOf(record, 'run_id'),
    status: isText(record['status']) ? record['status'] : '',
    createdMs,
    updatedMs: Math.max(createdMs, timeOf(record['updated_at'])),
    assistantId: isText(record['assistant_id']) ? record['assistant_id'] : '',
    input: isJsonObject(input) ? input : undefined,
    resume: isJsonObject(command) ? command['resume'] : undefined,
    isJoinable: resumable === true && Array.isArray(modes) && modes.includes('tasks'),
  };
}

/** Reads a state of the history. @throws GraphRunError `protocol-error` when it is not an object. */
export function parseState(value: unknown): StateRecord {
  const record = objectOf(value, 'a state');
  const { tasks } = record;
  const runId = memberObject(record, 'metadata')['run_id'];
  const idOf = (name: string) => {
    const id = memberObject(record, name)['checkpoint_id'];
    return isText(id) ? id : '';
  };
  return {
    runId: isText(runId) ? runId : '',
    checkpointId: idOf('checkpoint'),
    parentId: idOf('parent_checkpoint'),
    createdMs: timeOf(record['created_at']),
    tasks: Array.isArray(tasks) ? tasks.flatMap(parseTask) : [],
  };
}

/** Reads a task of a state or of a stream; none for anything else. */
export function parseTask(value: unknown): readonly TaskRecord[] {
  if (!isJsonObject(value)) return [];
  const { id, name, interrupts, result, error } = value;
  if (!isText(id) || !isText(name)) return [];
  return [
    {
      taskId: id,
      name,
      interrupts: parseInterrupts(interrupts),
      result: result ?? undefined,
      // In a history, an error is a text with JSON in it.
      error: isText(error) ? errorOf(error) : (error ?? undefined),
    },
  ];
}

/** Reads a list of records. @throws GraphRunError `protocol-error` when it is not a list. */
export function parseList<Item>(value: unknown, parse: (item: unknown) => Item): readonly Item[] {
  if (!Array.isArray(value)) throw malformed('a list');
  return value.map((item: unknown) => parse(item));
}

function parseInterrupts(value: unknown): readonly InterruptRecord[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) =>
    isJsonObject(item) && isText(item['id']) ? [{ id: item['id'], value: item['value'] ?? null }] : [],
  );
}

function errorOf(text: string): JsonValue {
  const value = parseJson(text);
  return isJsonObject(value) ? value : text;
}

function objectOf(value: unknown, what: string): JsonObject {
  if (!isJsonObject(value)) throw malformed(what);
  return value;
}

function memberObject(record: JsonObject, name: string): JsonObject {
  const member = record[name];
  return isJsonObject(member) ? member : {};
}

function textOf(record: JsonObject, name: string): string {
  const member = record[name];
  if (!isText(member) || member === '') throw malformed(`“${name}”`);
  return member;
}

function timeOf(value: JsonValue | undefined): number {
  const ms = isText(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}

function malformed(what: string): GraphRunError {
  return new GraphRunError('protocol-error', `LangGraph’s server sent something else than ${what}.`);
}
