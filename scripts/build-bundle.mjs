/** One file of the whole package, for pages without a bundler. */
import { join } from 'node:path';
import { build } from 'vite';
import { root, writeOutputs } from './tools.mjs';

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
  writeOutputs(dist, result);
}
