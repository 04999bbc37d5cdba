import { MarkdownParser, type MarkdownIt, type Token } from './markdown-it.js';
import { addAlerts } from './syntax/alerts.js';
import { addCjkEmphasis } from './syntax/cjk-emphasis.js';
import { addFormulas } from './syntax/formulas.js';
import { addLineBreaks } from './syntax/line-breaks.js';
import { addNoteMarks } from './syntax/note-marks.js';
import { addListNumbers } from './syntax/list-numbers.js';
import { addTasks } from './syntax/tasks.js';
import { boundTokens, MAX_TOKENS, TooManyTokens } from './syntax/token-budget.js';
import { addWholeRows } from './syntax/whole-rows.js';
import { keepDefinitions } from './syntax/definitions.js';

/**
 * Number of blocks, or of marks in a line, within each other up to which a text is formatted: 20 levels of lists, 40 of
 * quotes. It bounds the stack for hostile texts.
 */
const MAX_NESTING = 40;

/** Number of brackets that a text may have: after each, the parser looks for the end of a link. */
const MAX_BRACKETS = 5000;

let parser: MarkdownIt | undefined;

/** The parser, created on first use: creating it costs more than showing most sessions. */
function markdownParser(): MarkdownIt {
  if (parser === undefined) {
    // `html: false` leaves markup as text.
    parser = new MarkdownParser('default', {
      html: false,
      linkify: true,
      breaks: true,
      maxNesting: MAX_NESTING,
    });
    // Link only addresses with a scheme: “readme.md” is a file.
    parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
    // Every link is parsed; the drawing decides which of them lead somewhere.
    parser.validateLink = () => true;
    // The text of an address stays as it is written.
    parser.normalizeLinkText = (url) => url;
    for (const extend of [
      boundTokens,
      addCjkEmphasis,
      addFormulas,
      addLineBreaks,
      addNoteMarks,
      addWholeRows,
      addListNumbers,
      addTasks,
      addAlerts,
      keepDefinitions,
    ]) {
      parser.use(extend);
    }
  }
  return parser;
}

/**
 * Parses Markdown. Undefined for a text that is nested too deeply, of which the parser would leave out parts, and for one
 * of too many tokens or brackets.
 */
export function parseMarkdown(text: string): readonly Token[] | undefined {
  if (text.split('[', MAX_BRACKETS + 2).length > MAX_BRACKETS + 1) return undefined;
  try {
    const tokens = markdownParser().parse(text, {});
    return countOf(tokens) > MAX_TOKENS || tokens.some(isTooDeep) ? undefined : tokens;
  } catch (error) {
    if (!(error instanceof TooManyTokens)) throw error;
    return undefined;
  }
}

/** The number of all tokens: those of texts are made past the budget. */
function countOf(tokens: readonly Token[]): number {
  return tokens.reduce((count, { children }) => count + countOf(children ?? []), tokens.length);
}

/** True for a block of the last level, within which the parser skips everything, and for a line with too many marks. */
function isTooDeep({ level, nesting, children }: Token): boolean {
  return (nesting === 1 && level >= MAX_NESTING - 1) || depthOf(children ?? []) > MAX_NESTING;
}

/** The number of marks within each other in a line: emphasis, links, the texts of images. */
function depthOf(tokens: readonly Token[]): number {
  let depth = 0;
  let deepest = 0;
  for (const { nesting, children } of tokens) {
    depth += nesting;
    deepest = Math.max(deepest, depth, depth + (children === null ? 0 : depthOf(children) + 1));
  }
  return deepest;
}
