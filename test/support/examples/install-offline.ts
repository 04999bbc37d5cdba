import assert from 'node:assert/strict';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PackedPackage } from '../packed-package.js';
import { readPackage } from './read-package.js';

const MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

/**
 * Installs what the package.json of an example names, without a network: the packed package as a copy, the others as
 * links to those of this project, which must have the same versions.
 */
export async function installOffline(folder: string, packed: PackedPackage): Promise<void> {
  const { dependencies, devDependencies } = await readPackage(folder);
  const { 'graph-sessions': own, ...others } = { ...dependencies, ...devDependencies };
  assert.ok(own !== undefined, 'The example does not depend on graph-sessions.');
  await cp(packed.file('.'), join(folder, 'node_modules/graph-sessions'), { recursive: true });
  for (const [name, version] of Object.entries(others)) {
    assert.equal((await readPackage(join(MODULES, name))).version, version, `the version of ${name}`);
  }
  const inner = (await readPackage(packed.file('.'))).dependencies;
  for (const name of Object.keys({ ...inner, ...others })) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(MODULES, name), link, 'junction');
  }
}
