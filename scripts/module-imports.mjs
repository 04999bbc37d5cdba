/** What built modules import, as a bundler reads it. */
import { build } from 'esbuild';

/**
 * The static imports of each module that the entries load, all by their names below the folder. Packages are left out.
 *
 * @param {string} folder the folder of built modules
 * @param {readonly string[]} entries
 * @returns {Promise<ReadonlyMap<string, readonly string[]>>}
 */
export async function readImports(folder, entries) {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [...entries],
    outdir: 'unused',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
    write: false,
  });
  return new Map(
    Object.entries(metafile.inputs).map(([name, { imports }]) => [
      name,
      imports
        .filter(({ kind, external }) => kind === 'import-statement' && external !== true)
        .map(({ path }) => path),
    ]),
  );
}

/**
 * All modules that a module always loads, with itself.
 *
 * @param {string} entry
 * @param {ReadonlyMap<string, readonly string[]>} imports
 * @returns {ReadonlySet<string>}
 */
export function closureOf(entry, imports) {
  const modules = new Set([entry]);
  for (const module of modules) for (const imported of imports.get(module) ?? []) modules.add(imported);
  return modules;
}
