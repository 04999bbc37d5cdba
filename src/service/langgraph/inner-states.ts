import type { LangGraphClient } from './langgraph-client.js';
import type { StateRecord, TaskRecord } from './langgraph-records.js';

/** The states of graphs inside tasks, each of which is a call of the server; those of ended tasks are read once. */
export class InnerStates {
  readonly #client: Pick<LangGraphClient, 'listInnerStates'>;
  readonly #threadId: string;
  readonly #known = new Map<string, readonly StateRecord[]>();

  constructor(client: Pick<LangGraphClient, 'listInnerStates'>, threadId: string) {
    this.#client = client;
    this.#threadId = threadId;
  }

  /** Adds to the tasks of states what happened inside them, at any depth. */
  async addTo(states: readonly StateRecord[], signal: AbortSignal): Promise<readonly StateRecord[]> {
    const whole: StateRecord[] = [];
    for (const state of states) {
      const tasks: TaskRecord[] = [];
      // One after the other: a fan-out may have a hundred of them.
      for (const task of state.tasks) tasks.push({ ...task, inner: await this.#inside(task, signal) });
      whole.push({ ...state, tasks });
    }
    return whole;
  }

  async #inside(
    { namespace, result, error }: TaskRecord,
    signal: AbortSignal,
  ): Promise<readonly StateRecord[]> {
    if (namespace === undefined) return [];
    const known = this.#known.get(namespace);
    if (known !== undefined) return known;
    const states = await this.#client.listInnerStates(this.#threadId, namespace, signal);
    const whole = await this.addTo(states, signal);
    if (result !== undefined || error !== undefined) this.#known.set(namespace, whole);
    return whole;
  }
}
