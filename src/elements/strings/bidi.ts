/** Letters of right-to-left scripts, and the characters that control the direction of text. */
const DIRECTED =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** The characters that open and close a piece of text with a direction of its own. */
const ISOLATES = /[\u2066-\u2069]/g;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Entries that consist of texts of the session alone: their first letter sets the direction. */
const WHOLE: ReadonlySet<string> = new Set(['titleWithInput']);

/**
 * Isolates a text so that, inside a sentence, it cannot change the order of the words around it, whatever
 * direction it has or sets. A text that cannot change it is returned as it is, so that plain texts, names for
 * screen readers and copied texts have no invisible characters.
 */
export function isolateText(text: string): string {
  return DIRECTED.test(text) ? `${FIRST_STRONG_ISOLATE}${balanced(text)}${POP_ISOLATE}` : text;
}

/** The text with balanced isolates: removes ends without a start and adds missing ends. */
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
 * A copy of a catalogue whose sentences isolate the texts that are inserted into them: titles, questions,
 * reasons and anything else that comes from a run or a person. Create every translation with it:
 * `isolatingStrings({...})`.
 */
export function isolatingStrings<Catalogue extends object>(catalogue: Catalogue): Catalogue {
  const entries = Object.entries(catalogue).map(([name, entry]: [string, unknown]) => [
    name,
    typeof entry === 'function' && !WHOLE.has(name) ? isolating(entry as Sentence) : entry,
  ]);
  return Object.fromEntries(entries) as Catalogue;
}

/** An entry of a catalogue that inserts values into its sentence. */
type Sentence = (...values: unknown[]) => unknown;

/** A function like `sentence` that isolates the texts among its arguments. */
function isolating(sentence: Sentence): Sentence {
  return (...values) =>
    sentence(...values.map((value) => (typeof value === 'string' ? isolateText(value) : value)));
}
