import { foldText } from './fold-text.js';

/** Maximum number of characters shown of a text that is being read while it grows: as many as are formatted. */
const READ_MAX = 38_000;

/** A part of a text, and the number of characters before and after it. */
export interface TextPart {
  readonly shown: string;
  readonly before: number;
  readonly after: number;
}

/**
 * The part of a growing text that is shown: its end, which is cut in steps, so that most pieces only add to it. While
 * someone reads the text, its beginning stays where it is.
 */
export class GrowingPart {
  #text = '';
  #from = 0;

  /** Returns the part to show; to be called with each longer text. */
  of(text: string, isRead: boolean): TextPart {
    if (!text.startsWith(this.#text)) this.#from = 0;
    this.#text = text;
    if (!isRead) this.#from = text.length - foldText(text.slice(this.#from), 'end').shown.length;
    let end = isRead ? Math.min(text.length, this.#from + READ_MAX) : text.length;
    // Never within a character.
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1] ?? '')) end -= 1;
    return { shown: text.slice(this.#from, end), before: this.#from, after: text.length - end };
  }
}
