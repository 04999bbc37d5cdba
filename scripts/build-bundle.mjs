/** One file of the whole package, for pages without a bundler. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './tools.mjs';

/**
 * Replaces `bundle.js`, as the compiler wrote it, by one minified module without imports, and writes the licences of
 * the packages in it next to it.
 *
 * @param {string} dist the folder of the compiled package
 */
export async function buildBundle(dist) {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      license: { fileName: 'bundle.licences.md' },
      // Meant for applications that could split their code.
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      rolldownOptions: {
        input: join(dist, 'bundle.js'),
        preserveEntrySignatures: 'strict',
        output: { format: 'es', codeSplitting: false, entryFileNames: 'bundle.js' },
      },
    },
  });
  for (const part of [result].flat()) {
    for (const output of 'output' in part ? part.output : []) {
      writeFileSync(join(dist, output.fileName), output.type === 'chunk' ? output.code : output.source);
    }
  }
}
