/**
 * Patterns come with a schema, from whoever wrote the graph, and are tried while a person types. A regular
 * expression cannot be interrupted, and some take longer than anybody waits: `^(a+)+$` doubles its time with
 * every letter. So a pattern is tried only on texts that are short enough for its shape.
 */

/** So many steps take no longer than a moment. */
const STEPS = 3e7;

/** Groups that are often repeated and take no longer for it: what separates is no part of what is repeated. */
const SEPARATED =
  /\((?:\?:)?(?:(\\?[^\w\s\\()[\]{}|*+?^$])(\[[^\]\\^]*\]|\\[wd])[+*]|(\[[^\]\\^]*\]|\\[wd])[+*](\\?[^\w\s\\()[\]{}|*+?^$]))\)(?:[*+]|\{\d+(?:,\d*)?\})/g;

/** Escaped characters, classes, the ends of groups, what says how often, and the bar. */
const TOKEN =
  /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\)|(?:[*+?]|\{\d+(?:,\d*)?\})\??|\|/gsu;

/** Without a limit, and more than once. */
const UNLIMITED = /^(?:[*+]|\{\d+,\})/;
const OFTEN = /^(?:[*+]|\{(?![01]\}|[01],1\})\d+)/;

/** The length of the longest text that a pattern may be tried on. */
export function patternReach(pattern: string): number {
  const plain = pattern.replaceAll(SEPARATED, (group, before, repeated, repeatedToo, after) =>
    isPartOf(before ?? after, repeated ?? repeatedToo) ? group : 'x+',
  );
  /** In how many places each of the groups that are open can go on in more than one way; the last is the innermost. */
  const open = [0];
  let closed = 0;
  let ways = 1;
  let repeats = 0;
  for (const [token] of plain.matchAll(TOKEN)) {
    const inner = open.length - 1;
    if (token.startsWith('(')) open.push(0);
    if (token === ')' && inner > 0) {
      closed = open.pop() ?? 0;
      open[inner - 1] = (open[inner - 1] ?? 0) + closed;
      continue;
    }
    const isUnlimited = UNLIMITED.test(token);
    if (isUnlimited) repeats += 1;
    if (isUnlimited || /^[|?]/.test(token)) open[inner] = (open[inner] ?? 0) + 1;
    if (OFTEN.test(token)) ways += closed;
    closed = 0;
  }
  if (ways > 1) return Math.floor(Math.log(STEPS) / Math.log(ways));
  const power = repeats + (pattern.startsWith('^') ? 0 : 1);
  return power < 2 ? Number.POSITIVE_INFINITY : Math.floor(STEPS ** (1 / power));
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

/**
 * True when a text has a pattern. True also where that cannot be found out: a pattern in another dialect, or one
 * that takes too long for this text, must not keep a person from answering; the server has the last word.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  return text.length > patternReach(pattern) || (compiled(pattern)?.test(text) ?? true);
}
