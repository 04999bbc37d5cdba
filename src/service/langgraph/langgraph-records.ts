import {
  isFilledText,
  isJsonObject,
  isText,
  parseJson,
  pickMembers,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import { sentence } from '../../protocol/sentences.js';

/** A thread as the search lists it. Times are milliseconds since 1970. */
export interface ThreadRecord {
  readonly threadId: string;
  /** `idle`, `busy`, `interrupted`, `error`, or a later word. */
  readonly status: string;
  /** Changes with the thread. */
  readonly updatedAt: string;
  /** The same as a time; 0 where the server gives none. */
  readonly updatedMs: number;
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
  /** True when it has no input and no command: it continues at the newest state of its thread. */
  readonly isContinuing: boolean;
  /** Its static breakpoints, as they are given to a run; those of the graph itself are not in it. */
  readonly breakpoints: JsonObject;
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
  /** Where the states of the graph inside it are, if it is one. */
  readonly namespace: string | undefined;
  /** The states of the graph inside it, oldest first, as far as they were read. */
  readonly inner: readonly StateRecord[];
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
  const record = objectOf(value, 'thread');
  return {
    threadId: textOf(record, 'thread_id'),
    status: isText(record['status']) ? record['status'] : '',
    updatedAt: isText(record['updated_at']) ? record['updated_at'] : '',
    updatedMs: timeOf(record['updated_at']),
    metadata: memberObject(record, 'metadata'),
    interrupts: Object.values(memberObject(record, 'interrupts')).flatMap(parseInterrupts),
  };
}

const BREAKPOINTS = ['interrupt_before', 'interrupt_after'] as const;

/** Names of nodes, or `*` for all. */
function isBreakpoints(value: unknown): value is string | readonly string[] {
  return isText(value) || (Array.isArray(value) && value.every(isText));
}

/** Reads a run. @throws GraphRunError `protocol-error` without an id. */
export function parseRun(value: unknown): RunRecord {
  const record = objectOf(value, 'run');
  const kwargs = memberObject(record, 'kwargs');
  const { input, command, resumable, stream_mode: modes } = kwargs;
  const createdMs = timeOf(record['created_at']);
  // A run from an older checkpoint is another branch of the thread.
  const isFork = isText(memberObject(memberObject(kwargs, 'config'), 'configurable')['checkpoint_id']);
  return {
    runId: textOf(record, 'run_id'),
    status: isText(record['status']) ? record['status'] : '',
    createdMs,
    updatedMs: Math.max(createdMs, timeOf(record['updated_at'])),
    assistantId: isText(record['assistant_id']) ? record['assistant_id'] : '',
    input: isJsonObject(input) ? input : undefined,
    resume: isJsonObject(command) ? command['resume'] : undefined,
    isContinuing: input === null && !isJsonObject(command) && !isFork,
    breakpoints: pickMembers(kwargs, BREAKPOINTS, isBreakpoints),
    isJoinable: resumable === true && Array.isArray(modes) && modes.includes('tasks'),
  };
}

/** Reads a state of the history. @throws GraphRunError `protocol-error` when it is not an object. */
export function parseState(value: unknown): StateRecord {
  const record = objectOf(value, 'state');
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
      namespace: namespaceOf(value),
      inner: [],
    },
  ];
}

/** Reads a list of records. @throws GraphRunError `protocol-error` when it is not a list. */
export function parseList<Item>(value: unknown, parse: (item: unknown) => Item): readonly Item[] {
  if (!Array.isArray(value)) throw malformed('list');
  return value.map((item: unknown) => parse(item));
}

function parseInterrupts(value: unknown): readonly InterruptRecord[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) =>
    isJsonObject(item) && isText(item['id']) ? [{ id: item['id'], value: item['value'] ?? null }] : [],
  );
}

function namespaceOf(task: JsonObject): string | undefined {
  const namespace = memberObject(task, 'checkpoint')['checkpoint_ns'];
  return isFilledText(namespace) ? namespace : undefined;
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
  if (!isText(member) || member === '') throw malformed(name);
  return member;
}

function timeOf(value: JsonValue | undefined): number {
  const ms = isText(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}

function malformed(what: string): GraphRunError {
  return new GraphRunError('protocol-error', sentence('malformed-answer', { what }));
}
