import type { GraphOutline } from '../../protocol/graph.js';
import {
  isFilledText,
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import { objectOf } from './mastra-records.js';

/** A step of a workflow, or of a workflow inside it. */
export interface FlowStep {
  /** Ids of the workflows around it and its own, joined by dots: its name in a run. */
  readonly name: string;
  /** The same ids, as a resume names them. */
  readonly path: readonly string[];
  readonly title: string | undefined;
  readonly isWorkflow: boolean;
  /** True for a step that runs once per item of a list. */
  readonly isPerItem: boolean;
  /** Place of its start among those of all steps, and of its end: those inside it come between. */
  readonly startOrder: number;
  readonly endOrder: number;
}

/** The steps of a workflow, and what follows what among those that are not inside another. */
export interface Flow {
  readonly steps: ReadonlyMap<string, FlowStep>;
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  /** True when every step runs once, after all before it. */
  readonly isDataflow: boolean;
}

/** A workflow as its server describes it. */
export interface WorkflowRecord {
  readonly title: string;
  /** What a step wants to be answered with, by its name. */
  readonly resumeSchemas: ReadonlyMap<string, JsonObject>;
}

/** A workflow of which nothing is known. */
export const UNKNOWN_WORKFLOW: WorkflowRecord = { title: '', resumeSchemas: new Map() };

/** Reads a workflow. @throws GraphRunError `protocol-error` when it is not an object. */
export function parseWorkflow(value: unknown): WorkflowRecord {
  const { name, steps, allSteps } = objectOf(value, 'a workflow');
  const all = { ...(isJsonObject(steps) ? steps : {}), ...(isJsonObject(allSteps) ? allSteps : {}) };
  const schemas = Object.entries(all).flatMap(([id, step]) => {
    const schema = isJsonObject(step) ? parseSchema(step['resumeSchema']) : undefined;
    return schema === undefined ? [] : [[id, schema] as const];
  });
  return { title: isText(name) ? name : '', resumeSchemas: new Map(schemas) };
}

/** Schemas are text with JSON in it, whose member `json` is the schema. */
function parseSchema(value: JsonValue | undefined): JsonObject | undefined {
  const parsed = isText(value) ? parseJson(value) : value;
  if (!isJsonObject(parsed)) return undefined;
  const { json = parsed } = parsed;
  return isJsonObject(json) ? json : undefined;
}

/** Reads the graph of a workflow; empty for something else. */
export function parseFlow(stepGraph: JsonValue | undefined): Flow {
  const reader = new FlowReader();
  reader.read(stepGraph, []);
  return reader;
}

/** The drawing of a workflow: its own steps; those inside another one appear when they start. */
export function outlineOf(flow: Flow, title: string): GraphOutline {
  const own = [...flow.steps.values()].filter(({ path }) => path.length === 1);
  return {
    title,
    nodes: own.map(({ name, title: ownTitle }) => ({
      id: name,
      type: 'mastra',
      ...(ownTitle === undefined ? {} : { title: ownTitle }),
    })),
    edges: flow.edges,
    ...(flow.isDataflow ? {} : { order: 'none' }),
  };
}

class FlowReader implements Flow {
  readonly steps = new Map<string, FlowStep>();
  readonly edges: { readonly from: string; readonly to: string }[] = [];
  isDataflow = true;
  #order = 0;

  /** Reads entries that follow each other, inside the workflows of `path`. */
  read(entries: JsonValue | undefined, path: readonly string[]): void {
    let before: readonly string[] = [];
    for (const entry of objectsOf(entries)) {
      const steps = this.#entry(entry, path);
      if (path.length === 0) {
        for (const from of before) for (const to of steps) this.edges.push({ from, to });
      }
      if (steps.length > 0) before = steps;
    }
  }

  /** Reads an entry; returns the names of the steps that it begins and ends with. */
  #entry(entry: JsonObject, path: readonly string[], isPerItem = false): readonly string[] {
    const { type, id, step, steps, serializedStepFlow } = entry;
    if (type === 'loop' || type === 'conditional') this.isDataflow = false;
    if (type === 'parallel' || type === 'conditional') {
      return objectsOf(steps).flatMap((each) => this.#entry(each, path));
    }
    if (type === 'foreach' || type === 'loop') {
      if (!isJsonObject(step)) return [];
      const inner = isText(step['type']) ? step : { type: 'step', step };
      return this.#entry(inner, path, type === 'foreach');
    }
    const own = isJsonObject(step) ? step : entry;
    const ownId = isFilledText(own['id']) ? own['id'] : id;
    if (!isFilledText(ownId)) return [];
    const ownPath = [...path, ownId];
    const name = ownPath.join('.');
    const startOrder = (this.#order += 1);
    const isWorkflow = type === 'workflow';
    // Its place is that of its start.
    this.steps.set(name, this.#step(entry, ownPath, { isWorkflow, isPerItem, startOrder }));
    if (isWorkflow) {
      this.read(serializedStepFlow, ownPath);
      this.steps.set(name, this.#step(entry, ownPath, { isWorkflow, isPerItem, startOrder }));
    }
    return [name];
  }

  #step(
    { type }: JsonObject,
    path: readonly string[],
    rest: Pick<FlowStep, 'isWorkflow' | 'isPerItem' | 'startOrder'>,
  ): FlowStep {
    const title = type === 'mapping' ? 'map' : path.length > 1 ? path.at(-1) : undefined;
    return { ...rest, name: path.join('.'), path, title, endOrder: (this.#order += 1) };
  }
}

function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
