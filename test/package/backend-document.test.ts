import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { toolPath } from '../../scripts/tools.mjs';
import { SCENARIO_GRAPHS, SERVICE_CASES } from '../../src/conformance/index.js';
import { codeOf } from '../support/document-code.js';
import { PackedPackage } from '../support/packed-package.js';

const run = promisify(execFile);

/** The files of the document, by the headings of their sections. */
const FILES = {
  'kitchen.ts': 'An engine, for example',
  'kitchen-service.ts': 'Its adapter',
  'kitchen-service.test.ts': 'Run the conformance cases',
};

const COMPILER_OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  lib: ['es2022'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  preserveSymlinks: true,
};

describe('the adapter of docs/backends.md, in a project that has installed the package', () => {
  let packed: PackedPackage;
  let folder: string;

  before(async () => {
    packed = await PackedPackage.create();
    folder = await packed.install('kitchen');
    const texts: Record<string, string> = {
      'package.json': JSON.stringify({ type: 'module' }),
      'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] }),
    };
    for (const [name, heading] of Object.entries(FILES)) {
      texts[name] = await codeOf('docs/backends.md', heading, 'ts');
    }
    for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), `${text}\n`);
  });
  after(() => packed.remove());

  for (const [name, tool] of [
    ['TypeScript 7', 'typescript'],
    ['TypeScript 5.9', 'typescript-5'],
  ] as const) {
    it(`is right for ${name}`, async () => {
      const args = [toolPath(tool, 'tsc'), '--project', folder, '--pretty', 'false'];
      const printed = await run(process.execPath, args, { cwd: folder }).catch((error: unknown) => error);
      assert.deepEqual(printed, { stdout: '', stderr: '' });
    });
  }

  it('passes every conformance case', async () => {
    // As a user runs it: without the report to this test.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    // The packages are links to those of this project.
    const links = ['--preserve-symlinks', '--preserve-symlinks-main'];
    const args = [...links, '--import', 'tsx', '--test-reporter', 'tap', 'kitchen-service.test.ts'];
    const { stdout } = await run(process.execPath, args, { cwd: folder, env });
    const passed = [...stdout.matchAll(/^ {4}ok \d+ - (.+)$/gm)].map(([, name]) => name);
    assert.deepEqual(
      passed,
      SERVICE_CASES.map(({ name }) => name),
    );
  });

  it('runs what the document says of each scenario', async () => {
    const code = await codeOf('docs/backends.md', 'Run the conformance cases', 'ts');
    for (const [scenario, { nodes }] of Object.entries(SCENARIO_GRAPHS)) {
      const [, recipe = ''] = new RegExp(`^  ${scenario}: \\[(.*?)\\],$`, 'ms').exec(code) ?? [];
      const ids = [...recipe.matchAll(/id: '([^']+)'/g)].map(([, id]) => id);
      assert.deepEqual(
        ids,
        nodes.map(({ id }) => id),
        scenario,
      );
    }
  });
});
