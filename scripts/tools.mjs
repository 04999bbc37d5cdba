/** The place of the project, the tools that the scripts start, and what builds write. */
import { readFileSync, writeFileSync } from 'node:fs';
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

/**
 * Writes what a build in memory has made into a folder, which exists.
 *
 * @param {string} folder
 * @param {Awaited<ReturnType<typeof import('vite').build>>} result
 */
export function writeOutputs(folder, result) {
  for (const part of [result].flat()) {
    for (const output of 'output' in part ? part.output : []) {
      writeFileSync(join(folder, output.fileName), output.type === 'chunk' ? output.code : output.source);
    }
  }
}
