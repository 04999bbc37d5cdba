import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readPackage, type PackageFile } from './read-package.js';

/** The JavaScript file behind a command that a package in `folder` gets from one of its dependencies. */
export async function commandPath(
  command: string,
  { dependencies, devDependencies }: Pick<PackageFile, 'dependencies' | 'devDependencies'>,
  folder: string,
): Promise<string> {
  for (const dependency of Object.keys({ ...dependencies, ...devDependencies })) {
    const path = join(folder, 'node_modules', dependency);
    if (!existsSync(path)) continue;
    const { name, bin } = await readPackage(path);
    const file = typeof bin === 'string' ? { [name]: bin }[command] : bin?.[command];
    if (file !== undefined) return join(path, file);
  }
  throw new Error(`No dependency has the command ${command}.`);
}
