import {
  isFilledText,
  isFiniteNumber,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import { GraphRunError } from '../../protocol/problems.js';
import { sentence } from '../../protocol/sentences.js';

/** What a step has done, or one item of a step that runs once per item. Times are milliseconds since 1970. */
export interface WorkRecord {
  /** `running`, `suspended`, `success`, `failed`, `waiting`, or a later word. */
  readonly status: string;
  readonly startedMs: number;
  readonly suspendedMs: number | undefined;
  readonly resumedMs: number | undefined;
  readonly endedMs: number | undefined;
  readonly output: JsonValue | undefined;
  readonly error: string | undefined;
  /** What it asked with; the server forgets it with the answer. */
  readonly asked: JsonObject | undefined;
  /** The newest answer. */
  readonly answer: JsonValue | undefined;
  /** The steps inside of it that wait, where it is a workflow. */
  readonly innerPath: readonly string[];
}

/** A step of a run. */
export interface StepRecord extends WorkRecord {
  /** Ids of the workflows around it and its own, joined by dots. */
  readonly name: string;
  /** Of a step per item, as long as one of them waits; undefined: it has not begun. */
  readonly items: readonly (WorkRecord | undefined)[];
  /** The item that the engine resumes next. */
  readonly itemIndex: number | undefined;
  /** Number of items, where the record shows it. */
  readonly itemCount: number | undefined;
  /** Number of the run of a step that is repeated; 1 for others. */
  readonly iteration: number;
}

/** A run of a workflow. */
export interface RunRecord {
  readonly runId: string;
  readonly resourceId: string | undefined;
  /** `pending`, `running`, `waiting`, `suspended`, `success`, `failed`, `canceled`, or a later word. */
  readonly status: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly input: JsonObject | undefined;
  readonly result: JsonValue | undefined;
  readonly error: string | undefined;
  readonly steps: readonly StepRecord[];
  /** The graph that it runs, as its server writes it. */
  readonly stepGraph: JsonValue | undefined;
}

/** Reads a run. @throws GraphRunError `protocol-error` without an id or a status. */
export function parseRun(value: unknown): RunRecord {
  const record = objectOf(value, 'a run');
  const { status, result, error, payload, steps, serializedStepGraph } = record;
  return runOf(record, { status, result, error, input: payload, steps, stepGraph: serializedStepGraph });
}

/** Reads a run as a list has it. @throws GraphRunError `protocol-error` without an id or a status. */
export function parseListedRun(value: unknown): RunRecord {
  const record = objectOf(value, 'a run');
  const { status, result, error, context, serializedStepGraph } = objectOf(record['snapshot'], 'a snapshot');
  const input = isJsonObject(context) ? context['input'] : undefined;
  return runOf(record, { status, result, error, input, steps: context, stepGraph: serializedStepGraph });
}

/** Reads a page of the list. @throws GraphRunError `protocol-error` when it is not one. */
export function parsePage(value: unknown): { readonly runs: readonly RunRecord[]; readonly total: number } {
  const { runs, total } = objectOf(value, 'a page of runs');
  if (!Array.isArray(runs) || !isFiniteNumber(total)) throw malformed('runs');
  return { runs: runs.map((run: unknown) => parseListedRun(run)), total };
}

/** What the two forms of a run call differently. */
interface RunMembers {
  readonly status: JsonValue | undefined;
  readonly result: JsonValue | undefined;
  readonly error: JsonValue | undefined;
  readonly input: JsonValue | undefined;
  readonly steps: JsonValue | undefined;
  readonly stepGraph: JsonValue | undefined;
}

function runOf(
  record: JsonObject,
  { status, result, error, input, steps, stepGraph }: RunMembers,
): RunRecord {
  const { runId, resourceId } = record;
  if (!isFilledText(runId) || !isFilledText(status)) throw malformed('run');
  const createdMs = timeOf(record['createdAt']) ?? 0;
  return {
    runId,
    resourceId: isFilledText(resourceId) ? resourceId : undefined,
    status,
    createdMs,
    updatedMs: Math.max(createdMs, timeOf(record['updatedAt']) ?? 0),
    input: isJsonObject(input) ? input : undefined,
    result,
    error: errorOf(error),
    steps: isJsonObject(steps) ? Object.entries(steps).flatMap(([name, step]) => parseStep(name, step)) : [],
    stepGraph,
  };
}

/** Reads a step; none for something else, such as the input of the run among its steps. */
function parseStep(name: string, value: JsonValue): readonly StepRecord[] {
  const work = parseWork(value);
  if (work === undefined || !isJsonObject(value)) return [];
  const { payload, metadata } = value;
  const meta = metaOf(value);
  const items = Array.isArray(meta['foreachOutput']) ? meta['foreachOutput'].map(parseWork) : [];
  const iteration = isJsonObject(metadata) ? metadata['iterationCount'] : undefined;
  return [
    {
      ...work,
      name,
      items,
      itemIndex: isFiniteNumber(meta['foreachIndex']) ? meta['foreachIndex'] : undefined,
      itemCount: Array.isArray(payload) ? payload.length : undefined,
      iteration: isFiniteNumber(iteration) ? iteration : 1,
    },
  ];
}

function parseWork(value: JsonValue | undefined): WorkRecord | undefined {
  if (!isJsonObject(value) || !isFilledText(value['status'])) return undefined;
  const startedMs = timeOf(value['startedAt']);
  if (startedMs === undefined) return undefined;
  const { suspendPayload } = value;
  const { path } = metaOf(value);
  return {
    status: value['status'],
    startedMs,
    suspendedMs: timeOf(value['suspendedAt']),
    resumedMs: timeOf(value['resumedAt']),
    endedMs: timeOf(value['endedAt']),
    output: value['output'],
    error: errorOf(value['error']),
    asked: isJsonObject(suspendPayload) ? withoutMeta(suspendPayload) : undefined,
    answer: value['resumePayload'],
    innerPath: Array.isArray(path) ? path.filter(isText) : [],
  };
}

const META_MEMBER = '__workflow_meta';

/** What the engine adds to what a step asks. */
function metaOf({ suspendPayload }: JsonObject): JsonObject {
  const meta = isJsonObject(suspendPayload) ? suspendPayload[META_MEMBER] : undefined;
  return isJsonObject(meta) ? meta : {};
}

function withoutMeta({ [META_MEMBER]: _, ...asked }: JsonObject): JsonObject {
  return asked;
}

function errorOf(value: JsonValue | undefined): string | undefined {
  if (isFilledText(value)) return value;
  const message = isJsonObject(value) ? value['message'] : undefined;
  return isFilledText(message) ? message : undefined;
}

function timeOf(value: JsonValue | undefined): number | undefined {
  const ms = isText(value) ? Date.parse(value) : value;
  return isFiniteNumber(ms) && ms > 0 ? ms : undefined;
}

/** Reads an object. @throws GraphRunError `protocol-error` naming what it should be. */
export function objectOf(value: unknown, what: string): JsonObject {
  if (!isJsonObject(value)) throw malformed(what);
  return value;
}

/** The error of an answer that is not what it should be. */
export function malformed(what: string): GraphRunError {
  return new GraphRunError('protocol-error', sentence('malformed-answer', { what }));
}
