/**
 * Patterns come with a schema, from the author of the graph, and are tried while a person types. A regular
 * expression cannot be interrupted, and some never finish in practice: `^(a+)+$` doubles its time with every
 * letter. So a pattern is tried only when the number of ways in which it could match a text is small enough.
 */

/** A browser tries up to this many ways without a noticeable delay. */
const MAX_WAYS = 3e6;

/** A longer pattern, in characters, is not tried: reading it alone takes long. */
const MAX_PATTERN_LENGTH = 1000;

/**
 * Repeated groups that match in one way only, because their separator is not part of the repeated characters.
 */
const SEPARATED =
  /\((?:\?:)?(?:(\\?[^\w\s\\()[\]{}|*+?^$])(\[[^[\]\\^]*\]|\\[wd])[+*]|(\[[^[\]\\^]*\]|\\[wd])[+*](\\?[^\w\s\\()[\]{}|*+?^$]))\)(?:[*+]|\{\d+(?:,\d*)?\})/g;

/**
 * An escaped character, a class, the start or end of a group, a bar, a quantifier, or any other character. A class
 * without an end is the rest of the pattern, so that it is read once.
 */
const TOKEN =
  /\\.|\[(?:\\.|[^\]\\])*\]?|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|[*+?]\??|\{(?<min>\d+)(?<more>,(?<max>\d*))?\}\??|./gsu;

/** The counts of a group while it is being read. */
interface OpenGroup {
  /** Ways of the alternatives before the last bar. */
  before: number;
  /** Ways of the pieces since the last bar, without the last piece. */
  ways: number;
  /** Ways of the last piece, which a quantifier may still follow. */
  last: number;
}

/**
 * An upper bound for the number of ways in which a pattern can match a text of this length, in characters;
 * Infinity when they may double with each letter.
 */
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
      // A group that was never opened makes the pattern invalid; it is never tried.
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
  // A pattern without `^` is tried at each position of the text.
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

/** The ways of a repeated piece. If the piece itself matches in more than one way, these multiply. */
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
    // The pattern is written in another dialect.
    return undefined;
  }
}

/**
 * True for a pattern that can be tried on texts of this length, in characters: it is quick, and is a regular expression
 * of JavaScript. A pattern of more than 1,000 characters is not.
 */
export function isUsablePattern(pattern: string, length: number): boolean {
  return isQuick(pattern, length) && compiled(pattern) !== undefined;
}

function isQuick(pattern: string, length: number): boolean {
  return pattern.length <= MAX_PATTERN_LENGTH && patternWays(pattern, length) <= MAX_WAYS;
}

/**
 * True when a text matches a pattern. True also when that cannot be determined: a pattern in another dialect,
 * or one that could take too long for this text, must not prevent a person from answering; the server
 * decides.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  return !isQuick(pattern, text.length) || (compiled(pattern)?.test(text) ?? true);
}
