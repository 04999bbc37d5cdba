/** Styles without what only their authors need: minifiers leave the text of templates as it is. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A `css` template as the compiler writes it, up to its end or the next template in it. */
const STYLES = /\bcss `[^`]*/g;

/**
 * Removes comments and indentation from the styles of a module. Its lines keep their numbers, for its source map.
 *
 * @param {string} code
 * @returns {string}
 */
export function trimStyles(code) {
  return code.replaceAll(STYLES, (styles) =>
    styles
      .replaceAll(/\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
      .replaceAll(/\n[ \t]+/g, '\n'),
  );
}

/**
 * Trims the styles of all modules below a folder.
 *
 * @param {string} folder
 */
export function trimStylesIn(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const code = readFileSync(join(folder, name), 'utf8');
    const trimmed = trimStyles(code);
    if (trimmed !== code) writeFileSync(join(folder, name), trimmed);
  }
}
