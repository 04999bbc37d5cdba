import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The chunks of an application that imports `graph-sessions/define.js`, and nothing else of the package. */
export interface Chunks {
  /** The minified text of each chunk by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** Name of the chunk that the page loads first. */
  readonly entry: string;
  readonly metafile: Metafile;
}

/** Bundles the built `define.js` as an application does: with a chunk for each dynamic import. */
export async function buildChunks(): Promise<Chunks> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['dist/define.js'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    splitting: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    outdir: '.tmp/chunks',
  });
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return {
    files: new Map(outputFiles.map(({ path, text }) => [nameOf(path), text])),
    entry: 'define.js',
    metafile,
  };
}
