import { withoutDirection } from '../../protocol/values/plain-name.js';

/** Letters of right-to-left scripts. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** Entries that consist of texts of the session alone, whose first letter sets the direction, or isolate what they insert. */
const WHOLE: ReadonlySet<string> = new Set(['sentence', 'titleWithInput']);

/**
 * Isolates a text so that, inside a sentence, it cannot change the order of the words around it, and drops the
 * characters that would change the order of its own. A text of left-to-right letters is returned without any invisible
 * character.
 */
export function isolateText(text: string): string {
  const plain = withoutDirection(text);
  return RIGHT_TO_LEFT.test(plain) ? `${FIRST_STRONG_ISOLATE}${plain}${POP_ISOLATE}` : plain;
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
