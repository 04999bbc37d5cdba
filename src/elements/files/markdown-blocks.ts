import { canonicalJson, type JsonValue } from '../../protocol/values/json.js';
import { cutInMiddle } from './cut-in-middle.js';

/** Characters of one text or value; of a longer one, the middle is left out. */
const MAX_BLOCK_CHARS = 30_000;
const MAX_INLINE_CHARS = 500;

/** A text as one line of at most 500 characters, in which nothing is markup. */
export function inlineText(text: string): string {
  const line = text
    .slice(0, 4 * MAX_INLINE_CHARS)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  const shown =
    characters.length <= MAX_INLINE_CHARS ? line : `${characters.slice(0, MAX_INLINE_CHARS - 1).join('')}…`;
  return (
    shown
      .replaceAll(/[\\`*_[\]<>#~&|]/g, String.raw`\$&`)
      // These are markup only where a line begins.
      .replace(/^[-+=]/, String.raw`\$&`)
      .replace(/^(\d{1,9})([.)])/, String.raw`$1\$2`)
  );
}

/** A text as a quotation: whatever it has of markup ends with it. */
export function quotation(text: string, cutText: (chars: number) => string): string {
  return cutInMiddle(text, MAX_BLOCK_CHARS, cutText)
    .split(/\r\n|\r|\n/)
    .map((line) => (line.trim() === '' ? '>' : `> ${line}`))
    .join('\n');
}

/** A value as a fenced block of JSON. */
export function jsonBlock(value: JsonValue, cutText: (chars: number) => string): string {
  return fenced(cutInMiddle(jsonText(value), MAX_BLOCK_CHARS, cutText), 'json');
}

/** A text as a fenced block, with a fence longer than any in it. */
export function fenced(text: string, language: string): string {
  const runs = text.match(/`+/g) ?? [];
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function jsonText(value: JsonValue): string {
  try {
    return JSON.stringify(value, null, 2);
  } catch (error) {
    // Nested deeper than the stack allows.
    if (error instanceof RangeError) return canonicalJson(value);
    throw error;
  }
}
