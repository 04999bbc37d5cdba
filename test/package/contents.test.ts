import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, it } from 'node:test';
import { build } from 'vite';

// dist and custom-elements.json are built by `npm test` before any test runs.

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

interface Bundle {
  /** The files in it, relative to the project's folder. */
  readonly files: readonly string[];
  /** The imports that remain in it. */
  readonly imports: readonly string[];
}

/** Bundles an entry the way an application does, in memory. */
async function bundle(entry: string, isExternal: (specifier: string) => boolean): Promise<Bundle> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: root + entry, formats: ['es'] },
      rolldownOptions: { external: isExternal },
    },
  });
  const outputs = [result].flat().flatMap((part) => ('output' in part ? part.output : []));
  const chunks = outputs.filter((output) => output.type === 'chunk');
  const ownNames = new Set(chunks.map(({ fileName }) => fileName));
  return {
    files: chunks.flatMap(({ moduleIds }) => moduleIds).map((id) => id.replace(root, '')),
    imports: chunks
      .flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports])
      .filter((name) => !ownNames.has(name)),
  };
}

function isNodeModule(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

function isPackage(specifier: string): boolean {
  return !specifier.startsWith('.') && !specifier.startsWith('/') && !/^[a-z]:[\\/]/i.test(specifier);
}

describe('the dependencies of the entries', () => {
  for (const entry of ['src/index.ts', 'src/define.ts']) {
    it(`${entry} runs in a browser: nothing of Node, nothing of the server`, async () => {
      const { files, imports } = await bundle(entry, isNodeModule);
      assert.ok(files.includes(entry));
      assert.deepEqual(imports, []);
      assert.deepEqual(
        files.filter((file) => file.startsWith('src/server/')),
        [],
      );
    });
  }

  it('signals are in the bundle once: two copies do not track each other', async () => {
    const { files } = await bundle('src/define.ts', isNodeModule);
    assert.equal(files.filter((file) => file.includes('/signal-polyfill/')).length, 1);
  });

  for (const entry of [
    'src/server/index.ts',
    'src/runner/index.ts',
    'src/service/kit/index.ts',
    'src/conformance/index.ts',
  ]) {
    it(`${entry} needs neither Lit nor signals`, async () => {
      const { files, imports } = await bundle(entry, isPackage);
      assert.ok(files.includes(entry));
      assert.deepEqual(
        imports.filter((name) => /^(@?lit|signal-)/.test(name)),
        [],
      );
    });
  }
});

describe('the package', () => {
  for (const entry of [
    'graph-sessions',
    'graph-sessions/define.js',
    'graph-sessions/runner',
    'graph-sessions/server',
    'graph-sessions/service-kit',
    'graph-sessions/conformance',
  ]) {
    it(`import '${entry}' works in Node, where there is no DOM`, async () => {
      const { stderr } = await run(
        process.execPath,
        ['--input-type=module', '-e', `await import('${entry}')`],
        {
          cwd: root,
        },
      );
      assert.equal(stderr, '');
    });
  }

  it('has the files of its entries, its documents, and nothing else', async () => {
    const packed = await packedFiles();
    const documents = [
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'PROTOCOL.md',
      'README.md',
      'bench/README.md',
      'custom-elements.json',
      'package.json',
    ];
    assert.deepEqual(
      packed.filter(
        (file) =>
          !file.startsWith('docs/') &&
          !file.startsWith('examples/') &&
          !/^dist\/(.+\.(js|js\.map|d\.ts|html)|[^/]+\.json|bundle\.licences\.md|elements\/content\/markdown\/markdown-it\.licences\.md)$/.test(
            file,
          ),
      ),
      documents,
    );
    const missing = (await entryFiles()).filter((file) => !packed.includes(file));
    assert.deepEqual(missing, []);
  });

  it('describes its elements for editors and documentation', async () => {
    const { modules } = JSON.parse(await readFile(`${root}custom-elements.json`, 'utf8')) as {
      modules: { path: string; declarations: { tagName?: string }[] }[];
    };
    const tagNames = modules.flatMap(({ declarations }) => declarations.map(({ tagName }) => tagName));
    assert.ok(tagNames.includes('sessions-panel'), `only ${tagNames.join(', ') || 'nothing'}`);
    assert.deepEqual(
      modules.map(({ path }) => path).filter((path) => !/^dist\/.+\.js$/.test(path)),
      [],
    );
  });
});

async function packedFiles(): Promise<readonly string[]> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  // npm gives its path; its name alone cannot be executed on Windows.
  const npm = process.env['npm_execpath'];
  const { stdout } = npm
    ? await run(process.execPath, [npm, ...args], { cwd: root })
    : await run('npm', args, { cwd: root });
  const [pack] = JSON.parse(stdout) as { files: { path: string }[] }[];
  return (pack?.files ?? []).map(({ path }) => path).sort();
}

/** Every file that package.json points to. */
async function entryFiles(): Promise<readonly string[]> {
  const { exports, bin, sideEffects } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as {
    exports: Record<string, string | Record<string, string>>;
    bin: Record<string, string>;
    sideEffects: string[];
  };
  const targets = [Object.values(exports), Object.values(bin), sideEffects].flat();
  return targets
    .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
    .map((target) => target.replace('./', ''));
}
