/** Letters that are written from right to left, and the characters that steer the direction of text. */
const DIRECTED =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** What opens and what closes a piece of text with a direction of its own. */
const ISOLATES = /[\u2066-\u2069]/g;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Entries that are no sentences but a text of the session as a whole: its first letter says how it runs. */
const WHOLE: ReadonlySet<string> = new Set(['titleWithInput']);

/**
 * The text such that it can stand inside a sentence without changing the order of the words around it,
 * whatever direction it has or asks for. A text that cannot change it stays as it is, so that plain texts,
 * names for screen readers and what is copied have no invisible characters.
 */
export function isolateText(text: string): string {
  return DIRECTED.test(text) ? `${FIRST_STRONG_ISOLATE}${balanced(text)}${POP_ISOLATE}` : text;
}

/** The text without ends of isolates that it did not begin, and with the ends of those that it did. */
function balanced(text: string): string {
  let depth = 0;
  const closed = text.replaceAll(ISOLATES, (mark) => {
    if (mark !== POP_ISOLATE) depth += 1;
    else if (depth === 0) return '';
    else depth -= 1;
    return mark;
  });
  return closed + POP_ISOLATE.repeat(depth);
}

/**
 * The same catalogue of texts, whose sentences isolate what stands inside them: titles, questions, reasons
 * and whatever else comes from a run or a person. For a translation of one's own: `isolatingStrings({...})`.
 */
export function isolatingStrings<Catalogue extends object>(catalogue: Catalogue): Catalogue {
  const entries = Object.entries(catalogue).map(([name, entry]: [string, unknown]) => [
    name,
    typeof entry === 'function' && !WHOLE.has(name) ? isolating(entry as Say) : entry,
  ]);
  return Object.fromEntries(entries) as Catalogue;
}

/** An entry of a catalogue that takes what stands inside its sentence. */
type Say = (...values: unknown[]) => unknown;

/** `say`, with its texts isolated. */
function isolating(say: Say): Say {
  return (...values) =>
    say(...values.map((value) => (typeof value === 'string' ? isolateText(value) : value)));
}
