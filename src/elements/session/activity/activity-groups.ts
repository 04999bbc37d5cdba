import type { ActivityEntry, NodeActivity } from '../../../controller/reduce-run.js';
import type { NodeRun } from '../../../controller/run-controller.js';

type Entry<Kind extends ActivityEntry['kind']> = Extract<ActivityEntry, { readonly kind: Kind }>;

/** Entries as they are shown: thoughts that follow each other are one group. */
export type ActivityGroup =
  | { readonly kind: 'thoughts'; readonly index: number; readonly thoughts: readonly Entry<'thought'>[] }
  | Exclude<ActivityEntry, { readonly kind: 'thought' }>;

/** Joins thoughts that follow each other; everything else stays as it is and where it is. */
export function groupActivity(entries: readonly ActivityEntry[]): readonly ActivityGroup[] {
  const groups: ActivityGroup[] = [];
  let thoughts: Entry<'thought'>[] = [];
  const flush = () => {
    const first = thoughts[0];
    if (first !== undefined) groups.push({ kind: 'thoughts', index: first.index, thoughts });
    thoughts = [];
  };
  for (const entry of entries) {
    if (entry.kind === 'thought') {
      thoughts.push(entry);
      continue;
    }
    flush();
    groups.push(entry);
  }
  flush();
  return groups;
}

/** What a node did on its way, in numbers, and the last thing that it said about it. */
export interface ActivitySummary {
  readonly thoughts: number;
  readonly calls: number;
  /** The last thought, else the title of the last call; undefined when there was neither. */
  readonly last: string | undefined;
}

/** Sums up the thoughts and calls of a node. */
export function summariseActivity({ entries }: Pick<NodeActivity, 'entries'>): ActivitySummary {
  let thoughts = 0;
  let calls = 0;
  let lastThought: string | undefined;
  let lastCall: string | undefined;
  for (const entry of entries) {
    if (entry.kind === 'thought') {
      thoughts += 1;
      lastThought = entry.text;
    } else if (entry.kind === 'call') {
      calls += 1;
      lastCall = entry.title;
    }
  }
  return { thoughts, calls, last: lastThought ?? lastCall };
}

/**
 * Ids of the nodes that have something to tell, in the order in which they began, so that what is newest
 * stands at the end. Nodes without a time (skipped ones, and all of them with older servers) keep the
 * order of the graph, after the others.
 */
export function nodesInOrder(nodes: ReadonlyMap<string, NodeRun>): readonly string[] {
  const begun = [...nodes.values()].filter((node) => node.status !== 'waiting');
  const startOf = (node: NodeRun) => node.startedTs ?? Number.MAX_VALUE;
  return begun.sort((a, b) => startOf(a) - startOf(b)).map((node) => node.nodeId);
}
