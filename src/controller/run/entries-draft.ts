import type { ActivityEntry, NodeActivity } from './node-activity.js';

/** Entries of a block. A change of an entry copies its block, and the list of the blocks. */
const BLOCK_ENTRIES = 50;

type Block = ActivityEntry[];

/**
 * Entries in blocks, oldest first: those from position `start` to `end`, counted from the beginning of the first block. The
 * activities of a node share their blocks, and newer ones add to them: what is after `end` belongs to those. A class,
 * because an object with a getter takes microseconds to make, and each batch makes one for each node.
 */
class ActivityInBlocks implements NodeActivity {
  readonly blocks: Block[];
  readonly start: number;
  readonly end: number;
  readonly omitted: number;
  #entries: readonly ActivityEntry[] | undefined;

  constructor(blocks: Block[], start: number, end: number, omitted: number) {
    this.blocks = blocks;
    this.start = start;
    this.end = end;
    this.omitted = omitted;
  }

  get entries(): readonly ActivityEntry[] {
    return (this.#entries ??= this.blocks.slice(0, blocksUpTo(this.end)).flat().slice(this.start, this.end));
  }
}

/**
 * The entries of one node while a batch of events is folded. The activity that it begins with never changes, and neither
 * does the one that `finish` returns. Both share their blocks, because copies for each batch would be most of the work of a
 * replay: what is added to the newest activity is added in place, after its end; an older one is copied first.
 */
export class EntriesDraft {
  #blocks: Block[];
  readonly #start: number;
  #end: number;
  readonly #omitted: number;
  /** No activity has what is in the blocks from this position on, so this draft may change it in place. */
  #ownFrom: number;

  constructor(activity: NodeActivity) {
    const { blocks, start, end, omitted } = inBlocks(activity);
    this.#blocks = blocks;
    this.#start = start;
    this.#end = end;
    this.#omitted = omitted;
    this.#ownFrom = end;
    const inLast = end % BLOCK_ENTRIES;
    const count = blocksUpTo(end);
    if (blocks.length > count || (inLast > 0 && (blocks[count - 1]?.length ?? 0) > inLast)) {
      this.#blocks = blocks.slice(0, count);
      if (inLast > 0) this.#copyBlock(count - 1, inLast);
    }
  }

  /** The newest entry. */
  get last(): ActivityEntry | undefined {
    return this.#end === this.#start ? undefined : this.#blocks.at(-1)?.at(-1);
  }

  /** Adds an entry. */
  push(entry: ActivityEntry): void {
    if (this.#end % BLOCK_ENTRIES === 0) this.#blocks.push([entry]);
    else this.#blocks.at(-1)?.push(entry);
    this.#end += 1;
  }

  /** Replaces the newest entry for which `change` returns another; returns false if there is none. */
  changeNewest(change: (entry: ActivityEntry) => ActivityEntry | undefined): boolean {
    for (let position = this.#end - 1; position >= this.#start; position -= 1) {
      const at = Math.floor(position / BLOCK_ENTRIES);
      const entry = this.#blocks[at]?.[position % BLOCK_ENTRIES];
      const changed = entry === undefined ? undefined : change(entry);
      if (changed === undefined) continue;
      this.#ownBlock(at, position)[position % BLOCK_ENTRIES] = changed;
      return true;
    }
    return false;
  }

  /** Returns the activity with at most the newest `limit` entries. The draft must no longer be used. */
  finish(limit: number): NodeActivity {
    const excess = Math.max(0, this.#end - this.#start - limit);
    const start = this.#start + excess;
    const unused = Math.floor(start / BLOCK_ENTRIES);
    return new ActivityInBlocks(
      unused === 0 ? this.#blocks : this.#blocks.slice(unused),
      start - unused * BLOCK_ENTRIES,
      this.#end - unused * BLOCK_ENTRIES,
      this.#omitted + excess,
    );
  }

  /** Returns the block of an entry, which may be changed in place. */
  #ownBlock(at: number, position: number): Block {
    const block = this.#blocks[at] ?? [];
    if (position >= this.#ownFrom) return block;
    this.#blocks = [...this.#blocks];
    return this.#copyBlock(at, block.length);
  }

  /** Replaces a block by a copy of its first entries. */
  #copyBlock(at: number, length: number): Block {
    const copy = (this.#blocks[at] ?? []).slice(0, length);
    this.#blocks[at] = copy;
    // Those after an earlier block may be of other activities.
    if (at === this.#blocks.length - 1) this.#ownFrom = Math.min(this.#ownFrom, at * BLOCK_ENTRIES);
    return copy;
  }
}

/** The number of blocks that have the entries before a position. */
function blocksUpTo(end: number): number {
  return Math.ceil(end / BLOCK_ENTRIES);
}

function inBlocks(activity: NodeActivity): ActivityInBlocks {
  if (activity instanceof ActivityInBlocks) return activity;
  const { entries, omitted } = activity;
  const blocks: Block[] = [];
  for (let start = 0; start < entries.length; start += BLOCK_ENTRIES) {
    blocks.push(entries.slice(start, start + BLOCK_ENTRIES));
  }
  return new ActivityInBlocks(blocks, 0, entries.length, omitted);
}
