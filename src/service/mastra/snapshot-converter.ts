import type { GraphRunEventBody, Outputs } from '../../protocol/events.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/values/json.js';
import type { KnownSessionStatus } from '../../protocol/session-summary.js';
import { sentence } from '../../protocol/sentences.js';
import { toQuestion, toResponse } from './mastra-questions.js';
import type { RunRecord } from './mastra-records.js';
import { outlineOf, type Flow, type WorkflowRecord } from './mastra-workflow.js';
import { questionsOf, unitsOf, type Unit } from './step-units.js';

/** An event that a run shows, before it has a place in a log. */
export interface DerivedEvent {
  /** What happened, in words that never change: the same in every later state of the run that still shows it. */
  readonly key: string;
  readonly body: GraphRunEventBody;
  /** Milliseconds since 1970. */
  readonly ts: number;
  /** With the end of a step: the last answer to it, or to one of its items. */
  readonly answer?: JsonObject;
}

/** Key of the event that ends a run. */
export const END_KEY = 'end';

/** What a conversion needs besides the run. */
export interface ConversionOptions {
  readonly sessionId: string;
  readonly workflow: WorkflowRecord;
  readonly flow: Flow;
  /** Shown for a question that the server no longer keeps. */
  readonly forgotten?: string;
}

/**
 * Converts what a run shows to the events of a session, in the order in which they happened. The record of a run keeps the
 * newest state of each step: of a step that was repeated, the last time; of a step that asked several times, the last question.
 */
export function convertRun(run: RunRecord, options: ConversionOptions): readonly DerivedEvent[] {
  const { sessionId, workflow, flow } = options;
  const units = unitsOf(run, flow);
  const placed = units.flatMap((unit) => unitEvents(unit, options));
  placed.sort((a, b) => a.event.ts - b.event.ts || a.order - b.order);
  const steps = placed.map(({ event }) => event);
  const events: DerivedEvent[] = [
    {
      key: 'graphStart',
      body: { type: 'graphStart', sessionId, graph: outlineOf(flow, workflow.title) },
      ts: run.createdMs,
    },
    ...steps,
  ];
  const end = runEnd(run);
  if (end !== undefined) {
    const ts = Math.max(run.updatedMs, ...steps.map((event) => event.ts));
    events.push(...skippedSteps(end, units, flow, ts), {
      key: END_KEY,
      body: endBody(end, run, options),
      ts,
    });
  }
  return events;
}

/** An event of a unit, with its place among those of the same time. */
interface PlacedEvent {
  readonly event: DerivedEvent;
  readonly order: number;
}

function unitEvents(unit: Unit, options: ConversionOptions): readonly PlacedEvent[] {
  const { nodeId, work, iteration, startOrder, endOrder } = unit;
  const schema = options.workflow.resumeSchemas.get(unit.address?.step.join('.') ?? unit.stepName);
  const events: PlacedEvent[] = [];
  let lastMs = 0;
  const add = (key: string, body: GraphRunEventBody, ms: number, order = startOrder) => {
    lastMs = Math.max(lastMs, ms);
    const isEnd = body.type === 'nodeEnd' || body.type === 'nodeError';
    const { lastAnswer } = unit;
    const answer = isEnd && lastAnswer !== undefined ? { answer: toResponse(schema, lastAnswer) } : {};
    events.push({ event: { key, body, ts: lastMs, ...answer }, order });
  };
  const { of, parent, title } = unit;
  const place = {
    ...(of === undefined ? {} : { of }),
    ...(parent === undefined ? {} : { parent }),
    ...(title === undefined ? {} : { title }),
  };
  add(`start ${nodeId} ${iteration}`, { type: 'nodeStart', nodeId, ...place }, work.startedMs);
  for (const { interactionId, requiredMs, asked, resolved } of questionsOf(unit)) {
    const suspendEvent = toQuestion(asked, schema, options.forgotten);
    add(`ask ${interactionId}`, { type: 'inputRequired', nodeId, interactionId, suspendEvent }, requiredMs);
    if (resolved !== undefined) {
      const body = resolvedBody(nodeId, interactionId, resolved.answer, schema);
      add(`answer ${interactionId}`, body, resolved.ms);
    }
  }
  const endMs = work.endedMs ?? lastMs;
  const endKey = `end ${nodeId} ${iteration}`;
  if (work.status === 'success') {
    add(endKey, { type: 'nodeEnd', nodeId, outputs: outputsOf(work.output) }, endMs, endOrder);
  } else if (work.status === 'failed') {
    add(endKey, { type: 'nodeError', nodeId, error: work.error ?? sentence('step-failed') }, endMs, endOrder);
  }
  return events;
}

/** The answer to a question; without it where the record does not show which one it was. */
export function resolvedBody(
  nodeId: string,
  interactionId: string,
  answer: JsonValue | undefined,
  schema: JsonObject | undefined,
): GraphRunEventBody {
  const response = answer === undefined ? {} : { response: toResponse(schema, answer) };
  return { type: 'inputResolved', nodeId, interactionId, by: 'response', ...response };
}

/** How a run has ended. */
export type RunEnd = Extract<KnownSessionStatus, 'completed' | 'failed' | 'cancelled'>;

const ENDS: ReadonlyMap<string, RunEnd> = new Map([
  ['success', 'completed'],
  ['bailed', 'completed'],
  ['failed', 'failed'],
  ['tripwire', 'failed'],
  ['canceled', 'cancelled'],
]);

/** How a run has ended; undefined while it may continue. */
export function runEnd({ status }: Pick<RunRecord, 'status'>): RunEnd | undefined {
  return ENDS.get(status);
}

function endBody(
  end: RunEnd,
  { result, error }: RunRecord,
  { sessionId, flow }: ConversionOptions,
): GraphRunEventBody {
  if (end === 'cancelled') return { type: 'graphCancelled', sessionId };
  if (end === 'failed') return { type: 'graphError', sessionId, error: error ?? sentence('run-failed') };
  return { type: 'graphComplete', sessionId, outputs: resultOf(result, flow) };
}

/** The result of a run by the steps that it ends with: of several, it has a member for each that was taken. */
function resultOf(result: JsonValue | undefined, { steps, edges }: Flow): Readonly<Record<string, Outputs>> {
  if (result === undefined) return {};
  const lasts = [...steps.values()]
    .filter(({ name, path }) => path.length === 1 && edges.every(({ from }) => from !== name))
    .map(({ name }) => name);
  const [last = 'result'] = lasts;
  if (lasts.length < 2 || !isJsonObject(result)) return { [last]: outputsOf(result) };
  return Object.fromEntries(
    lasts.flatMap((name) => (Object.hasOwn(result, name) ? [[name, outputsOf(result[name])] as const] : [])),
  );
}

/** After a failure, the steps that never began. */
function skippedSteps(end: RunEnd, units: readonly Unit[], flow: Flow, ts: number): readonly DerivedEvent[] {
  const failed = units.find(({ work, of }) => work.status === 'failed' && of === undefined);
  if (end !== 'failed' || failed === undefined) return [];
  const begun = new Set(units.map(({ nodeId }) => nodeId));
  return [...flow.steps.values()]
    .filter(({ name, path }) => path.length === 1 && !begun.has(name))
    .map(({ name }) => ({
      key: `skip ${name}`,
      body: { type: 'nodeSkipped', nodeId: name, causedBy: failed.nodeId },
      ts,
    }));
}

function outputsOf(value: JsonValue | undefined): Outputs {
  if (value === undefined) return {};
  return isJsonObject(value) ? value : { output: value };
}
