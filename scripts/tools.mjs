/** The place of the project, and the tools that the scripts start. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The JavaScript file behind a command of an installed package. Started with `process.execPath`, it
 * works on every platform, unlike `node_modules/.bin`.
 *
 * @param {string} packageName
 * @param {string} [command] the name of the command, when it is not the package's own
 * @returns {string}
 * @throws {Error} if the package is not installed or has no such command
 */
export function toolPath(packageName, command = packageName) {
  const folder = join(root, 'node_modules', packageName);
  /** @type {{bin?: string | Record<string, string>}} */
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.[command];
  if (!file) throw new Error(`${packageName} has no command ${command}`);
  return join(folder, file);
}
