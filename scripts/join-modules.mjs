/** Fewer files in the package: the modules that the panel's first view needs, joined. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'vite';
import { closureOf, readImports } from './module-imports.mjs';
import { root, writeOutputs } from './tools.mjs';

/** Folder of the joined modules within the package. */
const FOLDER = 'joined';

/** The entry whose modules are joined. */
const PANEL = 'define.js';

/** The other entries that share modules with it, by what a module must not be joined across. */
const SHARED_WITH = {
  state: ['index.js'],
  drawer: ['drawer.js'],
  engines: ['service/langgraph/index.js', 'service/mastra/index.js', 'service/kit/index.js'],
  server: ['runner/index.js', 'server/index.js', 'server/node/cli.js', 'conformance/index.js'],
};

/**
 * Joins the compiled modules that `define.js` always loads: those of one layer that the same entries of the package need
 * become one file, and each module re-exports its part of it. A bundler that makes chunks by what needs a module (esbuild)
 * makes few of them then, and a page without a bundler sends few requests; no entry loads another layer than before.
 *
 * @param {string} dist the folder of the compiled package
 */
export async function joinModules(dist) {
  const imports = await readImports(dist, [PANEL, ...Object.values(SHARED_WITH).flat()]);
  const modules = [...closureOf(PANEL, imports)];
  const groups = groupsOf(modules, imports);
  /** @param {string} file */
  const nameOf = (file) => relative(dist, file).replaceAll(sep, '/');
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'compiled-modules',
        enforce: 'pre',
        resolveId(source, importer) {
          if (importer === undefined) return undefined;
          if (!source.startsWith('.')) return { id: source, external: true };
          const id = join(dirname(importer), source);
          return {
            id,
            external: modules.includes(nameOf(id)) ? false : 'relative',
            moduleSideEffects: false,
          };
        },
        load: (id) => ({
          code: readFileSync(id, 'utf8'),
          map: JSON.parse(readFileSync(`${id}.map`, 'utf8')),
        }),
      },
    ],
    build: {
      write: false,
      minify: false,
      sourcemap: true,
      target: 'es2022',
      lib: {
        entry: Object.fromEntries(modules.map((module) => [module, join(dist, module)])),
        formats: ['es'],
      },
      rolldownOptions: {
        preserveEntrySignatures: 'strict',
        output: {
          minify: false,
          minifyInternalExports: false,
          entryFileNames: '[name]',
          chunkFileNames: `${FOLDER}/[name].js`,
          codeSplitting: {
            groups: groups.map(({ name, modules: joined }, priority) => ({
              name,
              priority,
              test: (id) => joined.includes(nameOf(id)),
            })),
          },
        },
      },
    },
  });
  // Those of the modules that are joined; a module that only re-exports has none.
  for (const module of modules) rmSync(join(dist, `${module}.map`));
  mkdirSync(join(dist, FOLDER), { recursive: true });
  writeOutputs(dist, result);
}

/**
 * The modules to join, each group after those that import it: a group takes what it imports, except what a later group
 * has.
 *
 * @param {readonly string[]} modules
 * @param {ReadonlyMap<string, readonly string[]>} imports
 * @returns {readonly { readonly name: string, readonly modules: readonly string[] }[]}
 */
function groupsOf(modules, imports) {
  const sharing = Object.entries(SHARED_WITH).map(([role, entries]) => ({
    role,
    needed: new Set(entries.flatMap((entry) => [...closureOf(entry, imports)])),
  }));
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  /** @type {Map<string, string>} */
  const groupOf = new Map();
  for (const module of modules.filter((name) => name.includes('/'))) {
    const roles = sharing.filter(({ needed }) => needed.has(module)).map(({ role }) => role);
    const name = [module.split('/')[0], ...roles].join('-');
    groupOf.set(module, name);
    groups.set(name, [...(groups.get(name) ?? []), module]);
  }
  /** @type {(name: string) => number} */
  const heightOf = (name) => {
    const members = groups.get(name) ?? [];
    const below = members.flatMap((module) => imports.get(module) ?? []).map((module) => groupOf.get(module));
    const others = new Set(below.filter((other) => other !== undefined && other !== name));
    return Math.max(0, ...[...others].map((other) => 1 + heightOf(other ?? '')));
  };
  return [...groups]
    .map(([name, members]) => ({ name, modules: members, height: heightOf(name) }))
    .sort((a, b) => b.height - a.height);
}
