/** Maximum length of formatted text, in characters: parsing a longer one would block the page noticeably. */
const MAX_MARKDOWN_LENGTH = 40_000;

/**
 * Syntax that Markdown shows differently from plain text with its line breaks. The space before it stays within
 * its line: across lines, the time would grow with the square of their number.
 */
const SYNTAX =
  /[*_`[\]|~\\]|^[ \t]*(?:[-+]|#{1,6}|\d{1,9}[.)])\s|^[ \t]*>|https?:\/\/|<mailto:|<br|data:picture-|&[#\w]+;|^[=-]{3,}[ \t]*$/im;

/** True for a text that is worth formatting; its pictures are already names (`DataPictures`). */
export function isMarkdown(text: string): boolean {
  return text.length <= MAX_MARKDOWN_LENGTH && SYNTAX.test(text);
}
