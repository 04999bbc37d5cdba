import type { JsonObject, JsonValue } from '../../protocol/values/json.js';
import type { RunRecord, StepRecord, WorkRecord } from './mastra-records.js';
import type { Flow } from './mastra-workflow.js';

/** The part of a run that becomes one node: a step, or one item of a step that runs once per item. */
export interface Unit {
  readonly nodeId: string;
  /** Name of the step. */
  readonly stepName: string;
  /** The node that it is an instance of. */
  readonly of?: string;
  readonly parent?: string;
  readonly title?: string;
  readonly work: WorkRecord;
  readonly iteration: number;
  readonly startOrder: number;
  readonly endOrder: number;
  /** How a resume addresses it; undefined: it has no question of its own. */
  readonly address: Address | undefined;
  /** When its step started: with it, the names of its questions never change. */
  readonly stepStartedMs: number;
  /** The newest answer to its step. */
  readonly lastAnswer: JsonValue | undefined;
}

/** How a resume addresses what it answers. */
export interface Address {
  readonly step: readonly string[];
  /** The item, of a step that runs once per item. Without it the engine takes the answer for all items. */
  readonly itemIndex: number | undefined;
}

/** A question of a unit. */
export interface StepQuestion {
  readonly interactionId: string;
  readonly nodeId: string;
  readonly stepName: string;
  readonly address: Address;
  readonly requiredMs: number;
  /** What it suspended with; undefined: the server no longer keeps it. */
  readonly asked: JsonObject | undefined;
  /** Its answer; undefined: it is open. */
  readonly resolved: { readonly ms: number; readonly answer: JsonValue | undefined } | undefined;
}

/** Finds the units of a run, in the order of its graph. */
export function unitsOf({ steps }: Pick<RunRecord, 'steps'>, flow: Flow): readonly Unit[] {
  const names = new Set(steps.map(({ name }) => name));
  return steps.flatMap((step, position) => {
    const known = flow.steps.get(step.name);
    const path = known?.path ?? step.name.split('.');
    const parentName = path.slice(0, -1).join('.');
    const hasInnerSteps = [...names].some((name) => name.startsWith(`${step.name}.`));
    const startOrder = known?.startOrder ?? Number.MAX_SAFE_INTEGER / 2 + position;
    const isPerItem = known?.isPerItem === true || step.items.length > 0;
    const unit: Unit = {
      nodeId: step.name,
      stepName: step.name,
      ...(names.has(parentName) ? { parent: parentName, title: path.at(-1) ?? step.name } : {}),
      work: step,
      iteration: step.iteration,
      startOrder,
      endOrder: known?.endOrder ?? startOrder,
      // The question of an inner step is that step’s, where the record has it.
      address:
        isPerItem || hasInnerSteps ? undefined : { step: [...path, ...step.innerPath], itemIndex: undefined },
      stepStartedMs: step.startedMs,
      lastAnswer: step.answer,
    };
    return isPerItem ? [unit, ...itemUnits(unit, step, path)] : [unit];
  });
}

function itemUnits(unit: Unit, step: StepRecord, path: readonly string[]): readonly Unit[] {
  const items = step.items.length > 0 ? step.items : answeredItems(step);
  const span = unit.endOrder - unit.startOrder;
  return items.flatMap((item, index) => {
    if (item === undefined) return [];
    const number = index + 1;
    const order = unit.startOrder + (span * number) / (items.length + 1);
    // The engine resumes workflows of items in its own order only: an answer to another one fails the run.
    const isNext = item.innerPath.length === 0 || step.itemIndex === undefined || step.itemIndex === index;
    return [
      {
        nodeId: `${step.name}#${number}`,
        stepName: step.name,
        of: step.name,
        parent: step.name,
        title: `${path.at(-1) ?? step.name} ${number}`,
        work: item,
        iteration: step.iteration,
        startOrder: order,
        endOrder: order,
        address:
          item.status === 'suspended' && !isNext
            ? undefined
            : { step: [...path, ...item.innerPath], itemIndex: index },
        stepStartedMs: step.startedMs,
        lastAnswer: step.answer,
      },
    ];
  });
}

/** The items of a step that has ended after an answer: of them, the record keeps the outputs alone. */
function answeredItems({ status, itemCount, resumedMs, output, ...step }: StepRecord): readonly WorkRecord[] {
  if (status !== 'success' || resumedMs === undefined || !Array.isArray(output)) return [];
  if (output.length !== itemCount) return [];
  return output.map((own: JsonValue) => ({
    status,
    startedMs: step.startedMs,
    suspendedMs: undefined,
    resumedMs: undefined,
    endedMs: step.endedMs,
    output: own,
    error: undefined,
    asked: undefined,
    answer: undefined,
    innerPath: [],
  }));
}

/** The questions of a unit, as far as the record shows them, oldest first. */
export function questionsOf({
  nodeId,
  stepName,
  work,
  address,
  stepStartedMs,
}: Unit): readonly StepQuestion[] {
  if (address === undefined) return [];
  const { status, startedMs, suspendedMs, resumedMs, asked, answer } = work;
  const first = `${nodeId}@${stepStartedMs}`;
  const own = { nodeId, stepName, address };
  // The first item after an answer has the time of that answer, too, which is not one of its own.
  const wasAnswered = resumedMs !== undefined && resumedMs > startedMs;
  const answered: readonly StepQuestion[] = wasAnswered
    ? [
        {
          ...own,
          interactionId: first,
          requiredMs: startedMs,
          asked: undefined,
          resolved: { ms: resumedMs, answer },
        },
      ]
    : [];
  if (status !== 'suspended') return answered;
  const interactionId = wasAnswered ? `${first}@${resumedMs}` : first;
  return [
    ...answered,
    { ...own, interactionId, requiredMs: suspendedMs ?? startedMs, asked: asked ?? {}, resolved: undefined },
  ];
}
