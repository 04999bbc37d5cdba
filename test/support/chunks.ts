import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
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
  return {
    files: new Map(outputFiles.map(({ path, text }) => [nameOf(path), text])),
    entry: 'define.js',
    metafile,
  };
}

/** The size of a built file with all that it imports, minified by esbuild, `gzip -9`, in bytes. */
export async function sizeOfEntry(entryPoint: string): Promise<number> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

/** The names of the chunks that a page needs for a chunk: it, and all that it imports statically. */
export function chunksFor(name: string, { metafile }: Chunks): ReadonlySet<string> {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [nameOf(path), output]));
  const needed = new Set([name]);
  for (const chunk of needed) {
    for (const { path, kind } of outputs.get(chunk)?.imports ?? []) {
      if (kind === 'import-statement') needed.add(nameOf(path));
    }
  }
  return needed;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
