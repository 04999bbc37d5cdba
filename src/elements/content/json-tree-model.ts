import { isJsonObject, type JsonValue } from '../../protocol/values/json.js';
import { WrittenNumber, WrittenObject, type WrittenJson } from './written-json.js';

/** Maximum number of members shown one by one; more are grouped into ranges of this size. */
export const RANGE_SIZE = 100;
/** Strings longer than this, in characters, are folded … */
const FOLD_STRING_ABOVE = 1200;
/** … to this length. */
const FOLD_STRING_TO = 1000;
/** Number of lines opened at first, so that a small value is shown in full. */
const FIRST_LINES = 200;
/** Maximum shown length of an unfolded string: a browser cannot lay out more in reasonable time. */
const STRING_MAX = 1_000_000;

/** A value to show as a tree, or that of a JSON text. */
export type TreeValue = JsonValue | WrittenJson | readonly TreeValue[];

/** A key of an object, undefined in a list, and the value. */
type TreeMember = readonly [key: string | undefined, value: TreeValue];

/**
 * A node of a JSON tree: a scalar, an object or array, or a range of the members of a large one. Creates its
 * children on demand, so that a huge or deep value costs no more than its shown part.
 */
export class JsonNode {
  readonly value: TreeValue;
  /** The key of an object's member. */
  readonly key: string | undefined;
  readonly parent: JsonNode | undefined;
  /** Its position among its siblings, from 1. */
  readonly position: number;
  /** Number of its siblings, including itself. */
  readonly setSize: number;
  /** Depth in the tree; the root has 1. */
  readonly level: number;
  /** The members of a range: start (inclusive) and end (exclusive). Undefined for other nodes. */
  readonly range: readonly [number, number] | undefined;
  /** True for the last member of an object or array, across ranges. */
  readonly isLast: boolean;

  #members: readonly TreeMember[] | undefined;
  #children: readonly JsonNode[] | undefined;

  constructor(
    value: TreeValue,
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

  /** True if it has members, or is a long string whose rest is hidden. */
  get isExpandable(): boolean {
    const { value } = this;
    return typeof value === 'string' ? value.length > FOLD_STRING_ABOVE : this.size > 0;
  }

  /** True if there are lines below it when it is open. */
  get hasMembers(): boolean {
    return typeof this.value !== 'string' && this.isExpandable;
  }

  /** Number of members of the object or array; 0 for a scalar. */
  get size(): number {
    const { value } = this;
    return isList(value) ? value.length : this.#membersOf().length;
  }

  /** Its members, or ranges of them. */
  get children(): readonly JsonNode[] {
    this.#children ??= this.hasMembers ? this.#makeChildren() : [];
    return this.#children;
  }

  /** Number of its children, without creating them. */
  get childCount(): number {
    return this.hasMembers ? Math.ceil(this.#memberCount / this.#step) : 0;
  }

  get #memberCount(): number {
    return this.range === undefined ? this.size : this.range[1] - this.range[0];
  }

  /**
   * Number of members per child: 1, or the power of the range size that keeps the children within one range.
   */
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
    if (isList(value)) return new JsonNode(value[at] ?? null, { ...place, isLast });
    const [key, member] = this.#membersOf()[at] ?? ['', null];
    return new JsonNode(member, { ...place, key, isLast });
  }

  #membersOf(): readonly TreeMember[] {
    // A range uses the members of its object.
    if (this.range !== undefined && this.parent !== undefined) return this.parent.#membersOf();
    this.#members ??= membersOf(this.value);
    return this.#members;
  }
}

function isList(value: TreeValue): value is readonly TreeValue[] {
  return Array.isArray(value);
}

function membersOf(value: TreeValue): readonly TreeMember[] {
  if (value instanceof WrittenObject) return value.members;
  return isScalar(value) || !isJsonObject(value) ? [] : Object.entries(value);
}

function isScalar(value: TreeValue): value is string | number | boolean | null | WrittenNumber {
  return typeof value !== 'object' || value === null || value instanceof WrittenNumber;
}

/** A line of the tree: a node, or the bracket that closes it. */
export interface JsonLine {
  readonly node: JsonNode;
  readonly isClose: boolean;
}

/** The nodes that are open at first: level by level, as many as fit. The root is always open. */
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

/** The visible lines, from the top. Without recursion: a value may be nested deeper than the stack. */
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

/** Kind of a value, for its colour. */
export type JsonKind = 'string' | 'number' | 'literal' | 'bracket';

/** The pieces of a line. The lines of a fully open tree, joined, are JSON. */
export interface LineText {
  readonly key: string;
  readonly value: string;
  readonly kind: JsonKind;
  /** Number of hidden characters of a string. */
  readonly hidden: number;
  /** The bracket that closes a collapsed object or array, and the comma. */
  readonly end: string;
}

/** The text of a line; empty for a range. */
export function lineText({ node, isClose }: JsonLine, isOpen: boolean): LineText {
  const { value, range } = node;
  const comma = node.isLast ? '' : ',';
  const key = node.key === undefined || isClose ? '' : `${quoted(node.key)}: `;
  if (range !== undefined) return { key: '', value: '', kind: 'bracket', hidden: 0, end: '' };
  if (isScalar(value)) {
    const { text, hidden } = scalarText(value, isOpen);
    return { key, value: text, kind: kindOf(value), hidden, end: comma };
  }
  const [begin, end] = isList(value) ? ['[', ']'] : ['{', '}'];
  if (isClose) return { key, value: end, kind: 'bracket', hidden: 0, end: comma };
  const closes = isOpen && node.hasMembers ? '' : end + comma;
  return { key, value: begin, kind: 'bracket', hidden: 0, end: closes };
}

function scalarText(
  value: string | number | boolean | null | WrittenNumber,
  isOpen: boolean,
): { readonly text: string; readonly hidden: number } {
  if (value instanceof WrittenNumber) return { text: value.source, hidden: 0 };
  if (typeof value !== 'string') return { text: JSON.stringify(value), hidden: 0 };
  if (value.length <= FOLD_STRING_ABOVE) return { text: quoted(value), hidden: 0 };
  const limit = isOpen ? STRING_MAX : FOLD_STRING_TO;
  // Never cut within a character.
  const shown = value.length <= limit ? value : value.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
  return { text: quoted(shown), hidden: value.length - shown.length };
}

/** Embeddings, overrides and isolates of the direction, which are not drawn and reorder a text. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;

/** A string as JSON, in which characters that would reorder it are escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    REORDERING,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}

function kindOf(value: TreeValue): JsonKind {
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' || value instanceof WrittenNumber ? 'number' : 'literal';
}
