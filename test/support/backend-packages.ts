import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Time for the installation of the packages of a backend, most of it their download. */
const INSTALL_LIMIT_MS = 300_000;

/**
 * Installs the packages of a backend, which are not among those of this project because of their size, once for each
 * version of its `package.json`: below `BACKENDS_CACHE`, or else in `node_modules/.cache`.
 *
 * @param name of its folder below `test/backends`
 * @returns the folder with the packages, and with the `.mjs` files that import them; undefined where they cannot be
 *   installed, unless `CI` is set, which fails then
 */
export async function backendPackages(name: string, files: readonly string[]): Promise<string | undefined> {
  const source = fileURLToPath(new URL(`../backends/${name}/`, import.meta.url));
  const wanted = await readFile(join(source, 'package.json'));
  const version = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const cache =
    process.env['BACKENDS_CACHE'] ??
    fileURLToPath(new URL('../../node_modules/.cache/backends', import.meta.url));
  const folder = join(cache, `${name}-${version}`);
  if (!existsSync(folder) && !(await install(source, folder))) return undefined;
  for (const file of files) await copyFile(join(source, file), join(folder, file));
  return folder;
}

async function install(source: string, folder: string): Promise<boolean> {
  // Renamed when it is whole: two test files may install at the same time.
  const draft = `${folder}-${process.pid}`;
  await mkdir(draft, { recursive: true });
  await copyFile(join(source, 'package.json'), join(draft, 'package.json'));
  try {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    await run('npm', ['install', ...options], { cwd: draft, timeout: INSTALL_LIMIT_MS });
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (process.env['CI']) throw error;
    console.log(`The packages of ${folder} cannot be installed, so their tests are skipped.`);
    return false;
  }
  await rename(draft, folder).catch(async (error: unknown) => {
    if (!existsSync(folder)) throw error;
    await rm(draft, { recursive: true, force: true });
  });
  return true;
}
