import type { Graph } from '../../src/protocol/graph.js';
import type { KnownSessionStatus } from '../../src/protocol/session-summary.js';
import type { NodeHandler } from '../../src/runner/node-handler.js';

/** The script of a node: it asks questions, one after the other, and then ends in one of these ways. */
export interface NodeScript {
  readonly id: string;
  readonly asks: number;
  /** `hang`: it runs until the process or the session ends. */
  readonly end: 'complete' | 'fail' | 'hang';
  readonly after: readonly string[];
}

/** Makes the graph of some scripts. */
export function graphOf(scripts: readonly NodeScript[]): Graph {
  return {
    nodes: scripts.map(({ id, asks, end }) => ({ id, type: 'modelled', configuration: { asks, end } })),
    edges: scripts.flatMap(({ id, after }) => after.map((from) => ({ from, to: id }))),
  };
}

/** Runs nodes of the type `modelled`. */
export const modelled: NodeHandler = {
  async run({ node, ask, signal }) {
    const { asks, end } = node.configuration ?? {};
    for (let question = 0; question < Number(asks); question += 1) await ask({ riddle: { question } });
    if (end === 'fail') throw new Error('as scripted');
    if (end === 'hang') await new Promise((_, reject) => signal.addEventListener('abort', reject));
    return {};
  },
};

/** The outcome of an answer. */
export type Verdict = 'accepted' | 'duplicate' | 'conflict' | 'terminal';

type Phase = 'waiting' | 'asking' | 'working' | 'completed' | 'failed' | 'skipped';

/** A session as the protocol describes it, independent of the implementation. Questions are named `node#n`. */
export class SessionModel {
  /** The log: each group is one step, in which the order of events is free. */
  readonly groups: string[][] = [];
  status: KnownSessionStatus = 'running';
  readonly open = new Set<string>();
  readonly answers = new Map<string, number>();
  readonly #scripts: readonly NodeScript[];
  readonly #phases = new Map<string, Phase>();

  constructor(scripts: readonly NodeScript[]) {
    this.#scripts = scripts;
    for (const { id } of scripts) this.#phases.set(id, 'waiting');
    this.#settle(['graphStart']);
  }

  get hasEnded(): boolean {
    return this.status !== 'running' && this.status !== 'suspended';
  }

  get length(): number {
    return this.groups.flat().length;
  }

  answer(question: string, value: number): Verdict {
    const known = this.answers.get(question);
    if (known !== undefined) return known === value ? 'duplicate' : 'conflict';
    if (this.hasEnded) return 'terminal';
    this.open.delete(question);
    this.answers.set(question, value);
    const [id = '', count] = question.split('#');
    this.#settle([`inputResolved ${id}`], () => this.#goOn(this.#script(id), Number(count) + 1));
    return 'accepted';
  }

  cancel(): void {
    if (!this.hasEnded) this.#end('cancelled', ['graphCancelled']);
  }

  /** The process ends and another continues: running nodes are interrupted, waiting ones wait. */
  crash(): void {
    if (this.hasEnded) return;
    const interrupted = this.#scripts.filter(({ id }) => this.#phases.get(id) === 'working');
    for (const { id } of interrupted) this.#phases.set(id, 'failed');
    this.#settle(interrupted.map(({ id }) => `nodeError ${id}`));
  }

  /** A cancellation interrupted the newest step: of its events, only these were logged. */
  interruptNewestStep(events: readonly string[]): void {
    this.groups.pop();
    this.#end('cancelled', [...events]);
  }

  #settle(events: string[], begin: () => readonly string[] = () => []): void {
    const group = [...events, ...begin()];
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (const script of this.#scripts) {
        if (this.#phases.get(script.id) !== 'waiting') continue;
        const upstream = script.after.map((id) => this.#phases.get(id));
        if (upstream.some((phase) => phase === 'failed' || phase === 'skipped')) {
          this.#phases.set(script.id, 'skipped');
          group.push(`nodeSkipped ${script.id}`);
        } else if (upstream.every((phase) => phase === 'completed')) {
          group.push(`nodeStart ${script.id}`, ...this.#goOn(script, 0));
        } else continue;
        isMoving = true;
      }
    }
    const phases = [...this.#phases.values()];
    if (phases.every((phase) => phase === 'completed' || phase === 'failed' || phase === 'skipped')) {
      const hasFailed = phases.includes('failed');
      this.#end(hasFailed ? 'failed' : 'completed', [...group, hasFailed ? 'graphError' : 'graphComplete']);
      return;
    }
    this.status = phases.includes('working') ? 'running' : 'suspended';
    if (group.length > 0) this.groups.push(group);
  }

  /** Advances a node by one step of its script. */
  #goOn({ id, asks, end }: NodeScript, asked: number): readonly string[] {
    if (asked < asks) {
      this.#phases.set(id, 'asking');
      this.open.add(`${id}#${asked}`);
      return [`inputRequired ${id}`];
    }
    this.#phases.set(id, end === 'complete' ? 'completed' : end === 'fail' ? 'failed' : 'working');
    return end === 'complete' ? [`nodeEnd ${id}`] : end === 'fail' ? [`nodeError ${id}`] : [];
  }

  #end(status: KnownSessionStatus, events: string[]): void {
    this.status = status;
    this.open.clear();
    this.groups.push(events);
  }

  #script(id: string): NodeScript {
    const script = this.#scripts.find((candidate) => candidate.id === id);
    if (script === undefined) throw new Error(`No node ${id}`);
    return script;
  }
}
