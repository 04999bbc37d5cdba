import type { ActivityEntry, NodeActivity } from './node-activity.js';

/** Entries of a block. A batch copies the blocks that it changes, and the list of the blocks. */
const BLOCK_ENTRIES = 50;

type Block = readonly ActivityEntry[];

/**
 * Entries in blocks, oldest first; the first `start` entries of the first block no longer count. A class, because an
 * object with a getter takes microseconds to make, and each batch makes one for each node.
 */
class ActivityInBlocks implements NodeActivity {
  readonly blocks: readonly Block[];
  readonly start: number;
  readonly omitted: number;
  #entries: readonly ActivityEntry[] | undefined;

  constructor(blocks: readonly Block[], start: number, omitted: number) {
    this.blocks = blocks;
    this.start = start;
    this.omitted = omitted;
  }

  get entries(): readonly ActivityEntry[] {
    return (this.#entries ??= this.blocks.flat().slice(this.start));
  }
}

/**
 * The entries of one node while a batch of events is folded. The activity that it begins with never changes. The one
 * that `finish` returns shares the blocks that the batch did not change, and joins them only when its entries are read:
 * copying all entries for each batch would be most of the work of a replay.
 */
export class EntriesDraft {
  readonly #blocks: Block[];
  readonly #start: number;
  readonly #omitted: number;
  /** The blocks that this draft has made, and may therefore change in place. */
  readonly #owned = new Set<Block>();

  constructor(activity: NodeActivity) {
    const isInBlocks = activity instanceof ActivityInBlocks;
    this.#blocks = isInBlocks ? [...activity.blocks] : [activity.entries];
    this.#start = isInBlocks ? activity.start : 0;
    this.#omitted = activity.omitted;
  }

  /** The newest entry. */
  get last(): ActivityEntry | undefined {
    const entry = this.#blocks.at(-1)?.at(-1);
    return this.#isCut(this.#blocks.length - 1, (this.#blocks.at(-1)?.length ?? 0) - 1) ? undefined : entry;
  }

  /** Adds an entry. */
  push(entry: ActivityEntry): void {
    const last = this.#blocks.at(-1);
    if (last === undefined || last.length >= BLOCK_ENTRIES) this.#addBlock([entry]);
    else this.#own(this.#blocks.length - 1).push(entry);
  }

  /** Replaces the newest entry for which `change` returns another; returns false if there is none. */
  changeNewest(change: (entry: ActivityEntry) => ActivityEntry | undefined): boolean {
    for (let at = this.#blocks.length - 1; at >= 0; at -= 1) {
      const block = this.#blocks[at] ?? [];
      for (let position = block.length - 1; position >= 0; position -= 1) {
        const entry = block[position];
        if (entry === undefined || this.#isCut(at, position)) return false;
        const changed = change(entry);
        if (changed === undefined) continue;
        this.#own(at)[position] = changed;
        return true;
      }
    }
    return false;
  }

  /** Returns the activity with at most the newest `limit` entries. The draft must no longer be used. */
  finish(limit: number): NodeActivity {
    let total = -this.#start;
    for (const { length } of this.#blocks) total += length;
    const excess = Math.max(0, total - limit);
    let start = this.#start + excess;
    let first = 0;
    for (; first < this.#blocks.length - 1; first += 1) {
      const { length } = this.#blocks[first] ?? [];
      if (start < length) break;
      start -= length;
    }
    const blocks = first === 0 ? this.#blocks : this.#blocks.slice(first);
    return new ActivityInBlocks(blocks, start, this.#omitted + excess);
  }

  #isCut(at: number, position: number): boolean {
    return at === 0 && position < this.#start;
  }

  #own(at: number): ActivityEntry[] {
    const block = this.#blocks[at] ?? [];
    if (isOwned(block, this.#owned)) return block;
    const copy = [...block];
    this.#owned.add(copy);
    this.#blocks[at] = copy;
    return copy;
  }

  #addBlock(block: ActivityEntry[]): void {
    this.#owned.add(block);
    this.#blocks.push(block);
  }
}

function isOwned(block: Block, owned: ReadonlySet<Block>): block is ActivityEntry[] {
  return owned.has(block);
}
