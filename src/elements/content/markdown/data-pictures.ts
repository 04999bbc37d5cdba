import { base64Size } from '../media/safe-media.js';
import { formatBytes } from '../../strings/time-format.js';
import type { PanelStrings } from '../../strings/english.js';

/** A picture that is written into a text as a `data:` URL. */
export interface DataPicture {
  readonly mimeType: string;
  readonly base64: string;
}

const PICTURE_URL =
  /data:(image\/[a-z0-9.+-]{1,40})(?:;[a-z0-9.=-]{1,40}){0,3};base64,([A-Za-z0-9+/_-]+={0,2})/gi;

/** Each text may draw so many times its own length: one picture can be drawn by thousands of links to its definition. */
const MAX_COPIES = 4;

/**
 * A text in which each picture that is written into it is replaced by a short name. Without that, a text with one
 * picture would be longer than what is formatted, and would be cut within the picture.
 */
export class DataPictures {
  /** The text with names instead of pictures. */
  readonly text: string;
  readonly #names = new Map<string, { readonly url: string; readonly picture: DataPicture }>();
  readonly #prefix: string;
  /** Number of characters that may still be drawn. */
  #left: number;

  constructor(text: string) {
    this.#left = MAX_COPIES * text.length;
    this.#prefix = unusedPrefix(text);
    this.text = text.replace(PICTURE_URL, (url: string, mimeType: string, base64: string) => {
      const name = `${this.#prefix}${this.#names.size};`;
      this.#names.set(name, { url, picture: { mimeType, base64 } });
      return name;
    });
  }

  /** The picture of this name, which is the address of a link or image; undefined for any other address. */
  named(address: string): DataPicture | undefined {
    return this.#names.get(address)?.picture;
  }

  /** True if the picture may be drawn once more. */
  mayDraw({ base64 }: DataPicture): boolean {
    this.#left -= base64.length;
    return this.#left >= 0;
  }

  /** A part of `text` as it was written. */
  restored(part: string): string {
    return this.#replaced(part, ({ url }) => url);
  }

  /** A part of `text` in which the pictures are “picture, 12 kB”. */
  described(part: string, strings: PanelStrings): string {
    return this.#replaced(part, ({ picture }) => describePicture(picture, strings));
  }

  #replaced(part: string, by: (named: { url: string; picture: DataPicture }) => string): string {
    if (this.#names.size === 0 || !part.includes(this.#prefix)) return part;
    return part
      .split(this.#prefix)
      .map((piece, index) => {
        if (index === 0) return piece;
        const end = piece.indexOf(';') + 1;
        const name = this.#prefix + piece.slice(0, end);
        const named = this.#names.get(name);
        // A text that is cut within a name keeps the rest of it.
        return named === undefined ? this.#prefix + piece : by(named) + piece.slice(end);
      })
      .join('');
  }
}

/** A picture in a few words, with its size. */
export function describePicture({ base64 }: DataPicture, strings: PanelStrings): string {
  return strings.pictureOfSize(formatBytes(base64Size(base64), strings.locale));
}

/** The beginning of a name that the text does not have, so that it cannot name a picture itself. */
function unusedPrefix(text: string): string {
  let prefix = 'data:picture-';
  while (text.includes(prefix)) prefix += '-';
  return prefix;
}
