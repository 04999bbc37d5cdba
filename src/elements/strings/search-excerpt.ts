import { normalised } from '../../controller/session-filter.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { graphLabel, sessionTitle } from './session-text.js';
import { plainLine } from './plain-line.js';
import type { FirstStrings } from './first-english.js';

/** A part of a text around a word that was searched. */
export interface SearchExcerpt {
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

/** Characters shown before the word. */
const LEAD_CHARS = 20;

/**
 * Finds where a session matches a search apart from its title: the first word that is not in the title, in the first of
 * the searched texts that has it. Undefined when the title has all words, or none of the texts has one.
 */
export function searchExcerpt(
  session: SessionSummary,
  search: string,
  strings: FirstStrings,
): SearchExcerpt | undefined {
  const title = normalised(sessionTitle(session, strings));
  const words = normalised(search)
    .split(/\s+/)
    .filter((word) => word !== '' && !title.includes(word));
  const { question, error, failedNode, currentNode, otherNode, answer, input, result, output } = session;
  const texts = [question, error, failedNode, currentNode, otherNode, answer, input, result, output];
  for (const text of texts) {
    const line = plainLine(text ?? '');
    const excerpt = excerptOf(line, line, words);
    if (excerpt !== undefined) return excerpt;
  }
  const { startedBy, answeredBy, graphId } = session;
  // What stands there without its sentence would read like a question or an answer of the run.
  for (const [name, sentence] of [
    [startedBy, strings.startedByPerson],
    [answeredBy, strings.byPerson],
    [graphLabel(session), strings.ofGraph],
    [graphId, strings.ofGraph],
  ] as const) {
    const line = plainLine(name ?? '');
    const excerpt = line === '' ? undefined : excerptOf(line, sentence(line), words);
    if (excerpt !== undefined) return excerpt;
  }
  return undefined;
}

/** Where the first word that a text has stands in a line with this text; undefined when it has none. */
function excerptOf(text: string, line: string, words: readonly string[]): SearchExcerpt | undefined {
  const plain = normalised(text);
  const word = words.find((candidate) => plain.includes(candidate));
  // Only a text that has the word is searched letter by letter.
  const place = word === undefined ? undefined : placeOf(line, word);
  return place === undefined ? undefined : excerptAt(line, ...place);
}

/** Start and end of a normalised word in a text; a letter with its accents may be one character or several. */
function placeOf(text: string, word: string): readonly [start: number, end: number] | undefined {
  let plain = '';
  /** The places in `text` where the letter of each character of `plain` begins and ends. */
  const starts: number[] = [];
  const ends: number[] = [];
  let place = 0;
  for (const letter of text) {
    const letters = normalised(letter);
    const end = place + letter.length;
    // An accent of its own belongs to the letter before it.
    if (letters === '' && ends.length > 0) ends[ends.length - 1] = end;
    for (let index = 0; index < letters.length; index += 1) {
      starts.push(place);
      ends.push(end);
    }
    plain += letters;
    place = end;
  }
  const start = plain.indexOf(word);
  if (start === -1) return undefined;
  return [starts[start] ?? 0, ends[start + word.length - 1] ?? text.length];
}

function excerptAt(text: string, start: number, end: number): SearchExcerpt {
  const from = start <= LEAD_CHARS ? 0 : wordStart(text, start - LEAD_CHARS, start);
  return {
    before: `${from === 0 ? '' : '…'}${text.slice(from, start)}`,
    match: text.slice(start, end),
    after: text.slice(end),
  };
}

/** The start of the first word at or after a place, at most `limit`. */
function wordStart(text: string, place: number, limit: number): number {
  const space = text.indexOf(' ', place);
  return space === -1 || space >= limit ? limit : space + 1;
}
