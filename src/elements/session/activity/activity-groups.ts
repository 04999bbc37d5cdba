import type { ActivityEntry, NodeActivity } from '../../../controller/run/reduce-run.js';

type Entry<Kind extends ActivityEntry['kind']> = Extract<ActivityEntry, { readonly kind: Kind }>;

/** A group of entries, drawn together: consecutive thoughts are one group. */
export type ActivityGroup =
  | { readonly kind: 'thoughts'; readonly index: number; readonly thoughts: readonly Entry<'thought'>[] }
  | Exclude<ActivityEntry, { readonly kind: 'thought' }>;

/**
 * Joins consecutive thoughts; all other entries stay as they are, in their order.
 *
 * @param readSince Index of the newest entry when a person began to read: later thoughts are not joined with it.
 */
export function groupActivity(
  entries: readonly ActivityEntry[],
  readSince = Number.POSITIVE_INFINITY,
): readonly ActivityGroup[] {
  const groups: ActivityGroup[] = [];
  let thoughts: Entry<'thought'>[] = [];
  const flush = () => {
    const first = thoughts[0];
    if (first !== undefined) groups.push({ kind: 'thoughts', index: first.index, thoughts });
    thoughts = [];
  };
  for (const entry of entries) {
    if (entry.kind === 'thought') {
      if (entry.index > readSince && (thoughts[0]?.index ?? entry.index) <= readSince) flush();
      thoughts.push(entry);
      continue;
    }
    flush();
    groups.push(entry);
  }
  flush();
  return groups;
}

/** Number of a node's thoughts and calls, and the text of the last one. */
export interface ActivitySummary {
  readonly thoughts: number;
  readonly calls: number;
  /** The last thought, otherwise the title of the last call; undefined if there was neither. */
  readonly last: string | undefined;
}

/** Counts the thoughts and calls of a node. */
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
