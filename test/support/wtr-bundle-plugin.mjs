import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';

const TEST_FILE = /\.browser\.test\.ts$/;

/** Folder of the bundles, as in the addresses of the page. It does not exist on the disk. */
const FOLDER = 'bundled';

/**
 * Serves the test files in bundles that share chunks: a page that loads several hundred modules one by one takes seconds of
 * processor time. With `--watch`, only a change of a test file itself runs it again; Enter runs all.
 *
 * @param {object} options
 * @param {string} options.rootDir
 * @param {readonly string[]} options.firstModules paths of modules that every page imports before the test file; a test
 *   that imports one of them gets the same copy
 * @returns {{plugin: import('@web/test-runner').TestRunnerPlugin, middleware: import('@web/dev-server-core').Middleware}}
 *   `middleware` serves the bundles, past all plugins, which would parse them again
 */
export function bundledTests({ rootDir, firstModules }) {
  /** @type {Promise<ReadonlyMap<string, string>> | undefined} */
  let bundles;

  /** @type {import('esbuild').Plugin} */
  const keepFirstModules = {
    name: 'keep-first-modules',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const name = `/${pathOf(rootDir, join(resolveDir, path)).replace(/\.js$/, '.ts')}`;
        return firstModules.includes(name) ? { path: name, external: true } : undefined;
      });
    },
  };

  /** @returns {Promise<ReadonlyMap<string, string>>} each file by its path in the page */
  const bundle = async () => {
    const { outputFiles } = await build({
      absWorkingDir: rootDir,
      entryPoints: readdirSync(join(rootDir, 'test'), { recursive: true, encoding: 'utf8' })
        .filter((name) => TEST_FILE.test(name))
        .map((name) => `./test/${name}`),
      outdir: FOLDER,
      outbase: '.',
      chunkNames: 'chunks/[name]-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      target: 'es2022',
      conditions: ['development'],
      sourcemap: true,
      // package.json names the built files that have side effects; a test imports their sources.
      ignoreAnnotations: true,
      // Parts of the test runner, served by it.
      external: ['/__*'],
      write: false,
      plugins: [keepFirstModules],
    });
    return new Map(outputFiles.map(({ path, text }) => [`/${pathOf(rootDir, path)}`, text]));
  };

  return {
    plugin: {
      name: 'bundled-tests',
      serverStart({ fileWatcher }) {
        fileWatcher.on('change', () => {
          bundles = undefined;
        });
      },
      serve({ path }) {
        if (!TEST_FILE.test(path)) return undefined;
        const bundled = `/${FOLDER}${path.replace(/\.ts$/, '.js')}`;
        return [...firstModules, bundled].map((module) => `import '${module}';`).join('\n');
      },
    },
    async middleware(context, next) {
      if (!context.path.startsWith(`/${FOLDER}/`)) return next();
      bundles ??= bundle();
      context.type = context.path.endsWith('.map') ? 'json' : 'js';
      context.body = (await bundles).get(context.path);
    },
  };
}

/**
 * @param {string} rootDir
 * @param {string} file
 * @returns {string} the path in the folder, with slashes
 */
function pathOf(rootDir, file) {
  return relative(rootDir, file).split(sep).join('/');
}
