/** The library that parses Markdown, within the package: without its table of the characters that HTML has names for. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root, writeOutputs } from './tools.mjs';

/** What the library takes from `entities`. */
const DECODER = 'entities';

/** What it takes instead. */
const OWN_DECODER = './named-references.js';

/**
 * Replaces `markdown-it.js`, as the compiler wrote it, by a module that contains the library and its dependencies, and
 * writes their licences next to it. A browser decodes the named characters by its own table.
 *
 * @param {string} dist the folder of the compiled package
 */
export async function buildMarkdown(dist) {
  const folder = join(dist, 'elements/content/markdown');
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'named-references',
        enforce: 'pre',
        resolveId(source) {
          if (source === OWN_DECODER) return { id: source, external: true };
          return source === DECODER ? `\0${DECODER}` : undefined;
        },
        load: (id) =>
          id === `\0${DECODER}`
            ? `export { decodeNamedReference as decodeHTMLStrict } from '${OWN_DECODER}';`
            : undefined,
      },
    ],
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      license: { fileName: 'markdown-it.licences.md' },
      lib: { entry: join(folder, 'markdown-it.js'), formats: ['es'], fileName: () => 'markdown-it.js' },
    },
  });
  writeOutputs(folder, result);
  // Its map is of the file that was bundled.
  rmSync(join(folder, 'markdown-it.js.map'));
}
