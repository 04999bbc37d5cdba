import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PackedPackage } from '../packed-package.js';
import { readPackage } from './read-package.js';

const MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

/**
 * Installs what the package.json of an example names, without a network: the packed package as a copy, the others as
 * links to those of this project, which must have the same versions. Types that this project does not have are left out.
 */
export async function installOffline(folder: string, packed: PackedPackage): Promise<void> {
  const { dependencies, devDependencies } = await readPackage(folder);
  const { 'graph-sessions': own, ...others } = { ...dependencies, ...devDependencies };
  assert.ok(own !== undefined, 'The example does not depend on graph-sessions.');
  await cp(packed.file('.'), join(folder, 'node_modules/graph-sessions'), { recursive: true });
  const inner = (await readPackage(packed.file('.'))).dependencies;
  const wanted = Object.entries(others).filter(([name]) => !isTypes(name) || existsSync(join(MODULES, name)));
  for (const [name, version] of wanted) {
    assert.equal((await readPackage(join(MODULES, name))).version, version, `the version of ${name}`);
  }
  const names = [...Object.keys(inner ?? {}), ...wanted.map(([name]) => name)];
  for (const name of await withDependencies(names)) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(MODULES, name), link, 'junction');
  }
}

/** True for packages that only a type check needs. */
function isTypes(name: string): boolean {
  return name.startsWith('@types/');
}

/** Packages and all that they depend on, as far as this project has it next to them. */
async function withDependencies(names: readonly string[]): Promise<ReadonlySet<string>> {
  const all = new Set(names);
  // A set that grows while it is walked is walked to its new end.
  for (const name of all) {
    const { dependencies } = await readPackage(join(MODULES, name));
    for (const inner of Object.keys(dependencies ?? {})) if (existsSync(join(MODULES, inner))) all.add(inner);
  }
  return all;
}
