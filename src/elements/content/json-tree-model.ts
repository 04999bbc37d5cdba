import { isJsonObject, type JsonObject, type JsonValue } from '../../protocol/json.js';

/** Of more members, so many are shown together as one range. */
export const RANGE_SIZE = 100;
/** Longer strings are folded … */
const FOLD_STRING_ABOVE = 1200;
/** … to this many characters. */
const FOLD_STRING_TO = 1000;
/** Lines that are open at first: so many that a small value is there as a whole. */
const FIRST_LINES = 200;
/** Unfolded, no more of a string is shown: a browser cannot lay it out in any useful time. */
const STRING_MAX = 1_000_000;

/**
 * A place in a JSON value: a scalar, an object or array, or a range of the members of a large one. What
 * is below is made when it is asked for, so that a huge or deep value costs no more than what is shown.
 */
export class JsonNode {
  readonly value: JsonValue;
  /** The key of an object's member. */
  readonly key: string | undefined;
  readonly parent: JsonNode | undefined;
  /** Which of its siblings it is, from 1, and how many there are. */
  readonly position: number;
  readonly setSize: number;
  /** 1 is the root. */
  readonly level: number;
  /** The members that a range stands for: from the first to before the second. */
  readonly range: readonly [number, number] | undefined;
  /** True for a member of an object or array that has none after it, not even in another range. */
  readonly isLast: boolean;

  #keys: readonly string[] | undefined;
  #children: readonly JsonNode[] | undefined;

  constructor(
    value: JsonValue,
    place: {
      readonly parent?: JsonNode;
      readonly key?: string | undefined;
      readonly position?: number;
      readonly setSize?: number;
      readonly range?: readonly [number, number];
      readonly isLast?: boolean;
    } = {},
  ) {
    this.value = value;
    this.parent = place.parent;
    this.key = place.key;
    this.position = place.position ?? 1;
    this.setSize = place.setSize ?? 1;
    this.level = (place.parent?.level ?? 0) + 1;
    this.range = place.range;
    this.isLast = place.isLast ?? true;
  }

  /** True for something to open: members, or the rest of a long string. */
  get isExpandable(): boolean {
    const { value } = this;
    return typeof value === 'string' ? value.length > FOLD_STRING_ABOVE : this.size > 0;
  }

  /** True where lines are below it when it is open. */
  get hasMembers(): boolean {
    return typeof this.value !== 'string' && this.isExpandable;
  }

  /** Number of members of the object or array; 0 of a scalar. */
  get size(): number {
    const { value } = this;
    if (typeof value !== 'object' || value === null) return 0;
    return isJsonObject(value) ? this.#keysOf(value).length : (value as readonly JsonValue[]).length;
  }

  /** Its members, or the ranges of them. */
  get children(): readonly JsonNode[] {
    this.#children ??= this.hasMembers ? this.#makeChildren() : [];
    return this.#children;
  }

  /** Number of its children; they are not made for it. */
  get childCount(): number {
    return this.hasMembers ? Math.ceil(this.#memberCount / this.#step) : 0;
  }

  get #memberCount(): number {
    return this.range === undefined ? this.size : this.range[1] - this.range[0];
  }

  /** How many members each child stands for: 1, or as many as leave no more children than a range has. */
  get #step(): number {
    let step = 1;
    while (step * RANGE_SIZE < this.#memberCount) step *= RANGE_SIZE;
    return step;
  }

  #makeChildren(): readonly JsonNode[] {
    const { childCount: setSize } = this;
    const [from, to] = this.range ?? [0, this.size];
    const step = this.#step;
    return Array.from({ length: setSize }, (_, index) => {
      const at = from + index * step;
      const place = { parent: this, position: index + 1, setSize };
      if (step > 1) return new JsonNode(this.value, { ...place, range: [at, Math.min(to, at + step)] });
      return this.#makeMember(at, place);
    });
  }

  #makeMember(at: number, place: { parent: JsonNode; position: number; setSize: number }): JsonNode {
    const { value } = this;
    const isLast = at === this.size - 1;
    if (!isJsonObject(value)) {
      return new JsonNode((value as readonly JsonValue[])[at] ?? null, { ...place, isLast });
    }
    const key = this.#keysOf(value)[at] ?? '';
    return new JsonNode(value[key] ?? null, { ...place, key, isLast });
  }

  #keysOf(value: JsonObject): readonly string[] {
    // A range asks the object or array that it is of.
    if (this.range !== undefined && this.parent !== undefined) return this.parent.#keysOf(value);
    this.#keys ??= Object.keys(value);
    return this.#keys;
  }
}

/** One line of the tree: a node, or the bracket that closes it. */
export interface JsonLine {
  readonly node: JsonNode;
  readonly isClose: boolean;
}

/** What is open at first: level by level, as much as fits. The root always is. */
export function openAtFirst(root: JsonNode): Set<JsonNode> {
  const open = new Set<JsonNode>();
  let lines = 1;
  let level: readonly JsonNode[] = root.hasMembers ? [root] : [];
  while (level.length > 0) {
    const next: JsonNode[] = [];
    for (const node of level) {
      const added = node.childCount + 1;
      if (node !== root && lines + added > FIRST_LINES) continue;
      open.add(node);
      lines += added;
      for (const child of node.children) if (child.hasMembers) next.push(child);
    }
    level = next;
  }
  return open;
}

/** The lines that are to be seen, from the top. Without recursion: a value may be nested deeper than the stack is. */
export function visibleLines(root: JsonNode, open: ReadonlySet<JsonNode>): readonly JsonLine[] {
  const lines: JsonLine[] = [];
  const rest: JsonLine[] = [{ node: root, isClose: false }];
  for (let line = rest.pop(); line !== undefined; line = rest.pop()) {
    lines.push(line);
    const { node, isClose } = line;
    if (isClose || !node.hasMembers || !open.has(node)) continue;
    if (node.range === undefined) rest.push({ node, isClose: true });
    for (let at = node.children.length - 1; at >= 0; at -= 1) {
      const child = node.children[at];
      if (child !== undefined) rest.push({ node: child, isClose: false });
    }
  }
  return lines;
}

/** What a value is, for its colour. */
export type JsonKind = 'string' | 'number' | 'literal' | 'bracket';

/** A line in pieces. Those of a tree that is open as a whole are, one after the other, JSON. */
export interface LineText {
  readonly key: string;
  readonly value: string;
  readonly kind: JsonKind;
  /** Number of characters of a string that are not shown. */
  readonly hidden: number;
  /** What closes a collapsed object or array, and separates it from the next. */
  readonly end: string;
}

/** The text of a line; of a range it has none but its numbers. */
export function lineText({ node, isClose }: JsonLine, isOpen: boolean): LineText {
  const { value, range } = node;
  const comma = node.isLast ? '' : ',';
  const key = node.key === undefined || isClose ? '' : `${JSON.stringify(node.key)}: `;
  if (range !== undefined) return { key: '', value: '', kind: 'bracket', hidden: 0, end: '' };
  if (typeof value !== 'object' || value === null) {
    const { text, hidden } = scalarText(value, isOpen);
    return { key, value: text, kind: kindOf(value), hidden, end: comma };
  }
  const [begin, end] = isJsonObject(value) ? ['{', '}'] : ['[', ']'];
  if (isClose) return { key, value: end, kind: 'bracket', hidden: 0, end: comma };
  const closes = isOpen && node.hasMembers ? '' : end + comma;
  return { key, value: begin, kind: 'bracket', hidden: 0, end: closes };
}

function scalarText(value: JsonValue, isOpen: boolean): { readonly text: string; readonly hidden: number } {
  if (typeof value !== 'string' || value.length <= FOLD_STRING_ABOVE) {
    return { text: JSON.stringify(value), hidden: 0 };
  }
  const limit = isOpen ? STRING_MAX : FOLD_STRING_TO;
  // Never cut within a character.
  const shown = value.length <= limit ? value : value.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
  return { text: JSON.stringify(shown), hidden: value.length - shown.length };
}

function kindOf(value: JsonValue): JsonKind {
  return typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'literal';
}
