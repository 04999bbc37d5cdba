import type { MarkdownIt } from '../markdown-it.js';

/** Letters and punctuation of Chinese, Japanese and Korean, which follow each other without spaces. */
const CJK =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\u3000-\u303f\uff01-\uffee]/u;

/**
 * Makes `**` and `*` open and close next to CJK characters, as in `**強調。**次`: CommonMark takes the punctuation of
 * these languages for the end of a word, although no space follows it.
 *
 * The rule is that of the amendment “CJK-friendly emphasis”; the plugin `markdown-it-cjk-friendly` also knows variation
 * selectors, for ten times the bytes.
 */
export function addCjkEmphasis(parser: MarkdownIt): void {
  const State = parser.inline.State;
  parser.inline.State = class extends State {
    override scanDelims(
      start: number,
      canSplitWord: boolean,
    ): ReturnType<InstanceType<typeof State>['scanDelims']> {
      const found = super.scanDelims(start, canSplitWord);
      // `_` never opens or closes within a word, and these languages do not show where words end.
      if (!canSplitWord || (found.can_open && found.can_close)) return found;
      const end = start + found.length;
      const before = start === 0 ? ' ' : characterBefore(this.src, start);
      const after = end >= this.posMax ? ' ' : String.fromCodePoint(this.src.codePointAt(end) ?? 32);
      if (/\s/.test(before) || /\s/.test(after) || !(CJK.test(before) || CJK.test(after))) return found;
      return { ...found, can_open: true, can_close: true };
    }
  };
}

function characterBefore(text: string, position: number): string {
  return /[\ud800-\udbff]?[^]$/.exec(text.slice(Math.max(0, position - 2), position))?.[0] ?? ' ';
}
