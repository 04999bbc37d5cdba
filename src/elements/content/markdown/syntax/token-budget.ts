import type { Env, MarkdownIt, Token } from '../markdown-it.js';

/** Thrown within the parser when a text has more tokens than may be made of it. */
export class TooManyTokens extends Error {}

/** Number of tokens that may be made of a text: it bounds the time of parsing and drawing, to about 50 ms. */
export const MAX_TOKENS = 10_000;

const USED = Symbol('tokens used');

/**
 * Bounds the number of tokens of a text: a table of 200 columns and 13,000 empty rows would have 200,000.
 *
 * @throws TooManyTokens while the parser parses.
 */
export function boundTokens(parser: MarkdownIt): void {
  const { block, inline } = parser;
  block.State = class extends block.State {
    override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
      spendTokens(this.env, 1);
      return super.push(type, tag, nesting);
    }
  };
  inline.State = class extends inline.State {
    override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
      spendTokens(this.env, 1);
      return super.push(type, tag, nesting);
    }
  };
}

/**
 * Takes a number of tokens from those that the text may have.
 *
 * @throws TooManyTokens if there are not so many left.
 */
export function spendTokens(env: Env, count: number): void {
  const used = Number(env[USED] ?? 0) + count;
  if (used > MAX_TOKENS) throw new TooManyTokens();
  env[USED] = used;
}
