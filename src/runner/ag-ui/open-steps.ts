import type { GraphRunEventBody } from '../../protocol/events.js';
import { isText, type JsonObject } from '../../protocol/values/json.js';
import type { SessionState } from '../../protocol/session-state.js';
import { textOutputs } from './outputs.js';

/** Longest text that is kept as an output, in characters. */
const MAX_OUTPUT_CHARS = 1024 * 1024;

/** A step or a subagent that has begun and not ended. */
interface OpenStep {
  readonly nodeId: string;
  /** The agent or the subagent that it belongs to. */
  readonly owner: string;
  /** Name of the step; undefined for a subagent. */
  readonly name?: string;
  /** The text that the agent wrote in it. */
  text: string;
}

/**
 * The steps and the subagents of an agent, as nodes inside its node: which are open, and which one an event belongs to. Those
 * that an earlier run left open are known from the log.
 */
export class OpenSteps {
  readonly #agentId: string;
  /** The newest first. */
  readonly #open: OpenStep[] = [];
  readonly #usedIds: Set<string>;

  constructor(agentId: string, { nodes }: Pick<SessionState, 'nodes'>) {
    this.#agentId = agentId;
    this.#usedIds = new Set(nodes.keys());
    for (const { nodeId, parent, status, title } of nodes.values()) {
      if (parent === undefined || (status !== 'running' && status !== 'suspended')) continue;
      const isStep = nodeId.startsWith(stepPrefix(parent));
      this.#open.unshift({ nodeId, owner: parent, text: '', ...(isStep ? { name: title } : {}) });
    }
  }

  /** The node of an event: the innermost open step of the subagent that sent it, or of the agent. */
  nodeOf(event: JsonObject): string {
    const owner = this.#ownerOf(event);
    return this.#open.find((step) => step.owner === owner && step.name !== undefined)?.nodeId ?? owner;
  }

  /** Keeps text of a node: a step has it as its output. */
  say(nodeId: string, text: string): void {
    const step = this.#open.find((open) => open.nodeId === nodeId);
    if (step !== undefined && step.text.length < MAX_OUTPUT_CHARS) step.text += text;
  }

  /** Begins a step. One that an earlier run left open continues. */
  startStep(event: JsonObject): readonly GraphRunEventBody[] {
    const owner = this.#ownerOf(event);
    const name = isText(event['stepName']) ? event['stepName'] : 'step';
    if (this.#open.some((step) => step.owner === owner && step.name === name)) return [];
    const nodeId = this.#unused(`${stepPrefix(owner)}${name}`);
    this.#open.unshift({ nodeId, owner, name, text: '' });
    return [{ type: 'nodeStart', nodeId, parent: owner, title: name }];
  }

  endStep(event: JsonObject): readonly GraphRunEventBody[] {
    const owner = this.#ownerOf(event);
    const at = this.#open.findIndex((step) => step.owner === owner && step.name === event['stepName']);
    return this.#end(at);
  }

  startSubagent(event: JsonObject): readonly GraphRunEventBody[] {
    const { subagentRunId, name, parentSubagentRunId } = event;
    if (!isText(subagentRunId)) return [];
    const nodeId = this.#subagentId(subagentRunId);
    if (this.#usedIds.has(nodeId)) return [];
    this.#usedIds.add(nodeId);
    const owner = this.#ownerOf({ subagentRunId: parentSubagentRunId ?? null });
    this.#open.unshift({ nodeId, owner, text: '' });
    return [{ type: 'nodeStart', nodeId, parent: owner, title: isText(name) ? name : 'subagent' }];
  }

  /** Ends a subagent and all that is open in it; with an error, if it failed. */
  endSubagent({ subagentRunId }: JsonObject, error?: string): readonly GraphRunEventBody[] {
    if (!isText(subagentRunId)) return [];
    const nodeId = this.#subagentId(subagentRunId);
    if (!this.#open.some((open) => open.nodeId === nodeId)) return [];
    const inside = this.#open.filter(({ owner }) => owner === nodeId);
    const ends = inside.flatMap((step) => this.#end(this.#open.indexOf(step)));
    const own = this.#end(this.#open.findIndex((open) => open.nodeId === nodeId));
    return [...ends, ...(error === undefined ? own : [{ type: 'nodeError', nodeId, error } as const])];
  }

  /** Ends everything that is open, the innermost first. */
  endAll(): readonly GraphRunEventBody[] {
    return [...this.#open].flatMap((step) => this.#end(this.#open.indexOf(step)));
  }

  #end(at: number): readonly GraphRunEventBody[] {
    const [step] = at === -1 ? [] : this.#open.splice(at, 1);
    if (step === undefined) return [];
    // A longer text is in the log, piece by piece.
    const outputs = step.text.length < MAX_OUTPUT_CHARS ? textOutputs(step.text) : undefined;
    return [{ type: 'nodeEnd', nodeId: step.nodeId, ...(outputs === undefined ? {} : { outputs }) }];
  }

  #ownerOf({ subagentRunId }: JsonObject): string {
    const nodeId = isText(subagentRunId) ? this.#subagentId(subagentRunId) : undefined;
    return nodeId !== undefined && this.#open.some((open) => open.nodeId === nodeId) ? nodeId : this.#agentId;
  }

  #subagentId(subagentRunId: string): string {
    return subagentNodeId(this.#agentId, subagentRunId);
  }

  #unused(id: string): string {
    let unused = id;
    for (let count = 2; this.#usedIds.has(unused); count += 1) unused = `${id}#${count}`;
    this.#usedIds.add(unused);
    return unused;
  }
}

/** The id of the node of a subagent. */
export function subagentNodeId(agentId: string, subagentRunId: string): string {
  return `${agentId}@${subagentRunId}`;
}

/** The beginning of the ids of the steps of an agent or a subagent. */
function stepPrefix(owner: string): string {
  return `${owner}/`;
}
