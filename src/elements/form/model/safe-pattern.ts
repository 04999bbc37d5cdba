/**
 * Patterns come with a schema, from whoever wrote the graph, and are tried while a person types. A regular
 * expression cannot be interrupted, and some take longer than anybody waits: `^(a+)+$` doubles its time with
 * every letter. So a pattern is tried only where the ways in which it could fit a text are few enough.
 */

/** So many ways are tried in a moment. */
const MAX_WAYS = 3e6;

/** Groups that are often repeated and fit in one way only: what separates is no part of what is repeated. */
const SEPARATED =
  /\((?:\?:)?(?:(\\?[^\w\s\\()[\]{}|*+?^$])(\[[^\]\\^]*\]|\\[wd])[+*]|(\[[^\]\\^]*\]|\\[wd])[+*](\\?[^\w\s\\()[\]{}|*+?^$]))\)(?:[*+]|\{\d+(?:,\d*)?\})/g;

/** An escaped character, a class, the ends of a group, a bar, what says how often, or any other character. */
const TOKEN =
  /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|[*+?]\??|\{(?<min>\d+)(?<more>,(?<max>\d*))?\}\??|./gsu;

/** What is known of a group while it is read. */
interface OpenGroup {
  /** Of the alternatives before the last bar. */
  before: number;
  /** Of what stands since the last bar, without the last piece. */
  ways: number;
  /** Of the last piece, which may yet be said to repeat. */
  last: number;
}

/** At most so many ways there are for a pattern to fit a text of this length; Infinity where they may double with each letter. */
export function patternWays(pattern: string, length: number): number {
  const plain = pattern.replaceAll(SEPARATED, (group, before, repeated, repeatedToo, after) =>
    isPartOf(before ?? after, repeated ?? repeatedToo) ? group : 'x+',
  );
  const outer: OpenGroup = { before: 0, ways: 1, last: 1 };
  const open: OpenGroup[] = [];
  let group = outer;
  for (const match of plain.matchAll(TOKEN)) {
    const [token] = match;
    if (token.startsWith('(')) {
      open.push(group);
      group = { before: 0, ways: 1, last: 1 };
    } else if (token === ')') {
      const closed = waysOf(group);
      // One that was never opened is no pattern, and tried on nothing.
      group = open.pop() ?? outer;
      group.ways *= group.last;
      group.last = closed;
    } else if (token === '|') {
      group.before = waysOf(group);
      group.ways = 1;
      group.last = 1;
    } else if (/^[*+?]|^\{\d/.test(token)) {
      group.last = repeatedWays(group.last, limitsOf(token, match.groups), length);
    } else {
      group.ways *= group.last;
      group.last = 1;
    }
  }
  // A pattern that is not bound to the start of the text is tried at each of its places.
  const starts = /^\^[^|]*$/s.test(pattern) ? 1 : length + 1;
  return waysOf(outer) * starts;
}

function waysOf({ before, ways, last }: OpenGroup): number {
  return before + ways * last;
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

function limitsOf(token: string, groups: Readonly<Record<string, string | undefined>> = {}): Limits {
  if (token.startsWith('?')) return { min: 0, max: 1 };
  if (!token.startsWith('{')) return { min: 0, max: Number.POSITIVE_INFINITY };
  const min = Number(groups['min']);
  if (groups['more'] === undefined) return { min, max: min };
  return { min, max: groups['max'] ? Number(groups['max']) : Number.POSITIVE_INFINITY };
}

/** Ways of a piece that repeats. Where it fits in more than one way itself, these multiply. */
function repeatedWays(ways: number, { min, max }: Limits, length: number): number {
  const counts = Math.min(max - min, length) + 1;
  return ways === 1 ? counts : counts * ways ** max;
}

function isPartOf(separator: string, repeated: string): boolean {
  return compiled(repeated)?.test(separator.replace('\\', '')) ?? true;
}

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    // A pattern in another dialect.
    return undefined;
  }
}

/** True for a pattern that may be tried on texts of this length. */
export function isQuickPattern(pattern: string, length: number): boolean {
  return patternWays(pattern, length) <= MAX_WAYS;
}

/**
 * True when a text has a pattern. True also where that cannot be found out: a pattern in another dialect, or one
 * that could take too long for this text, must not keep a person from answering; the server has the last word.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  return !isQuickPattern(pattern, text.length) || (compiled(pattern)?.test(text) ?? true);
}
