import { withoutDirection } from '../../protocol/values/plain-name.js';

/** The first 500 characters of a Markdown text as one line without its marks, and without changes of direction. */
export function plainLine(text: string): string {
  return withoutDirection(text.slice(0, 500))
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/^\s*(?:#{1,6}|>|[-+*]|\d{1,9}[.)])\s+/gm, '')
    .replaceAll(/(\*\*|__|~~|`+)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
