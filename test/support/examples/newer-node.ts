import { join } from 'node:path';
import { npm } from '../packed-package.js';

/**
 * The path of a Node of at least the major version of `version`: the one that runs this, or else `version`, which npm
 * installs in `folder`.
 */
export async function newerNode(version: string, folder: string): Promise<string> {
  const majorOf = (text: string): number => Number.parseInt(text, 10);
  if (majorOf(process.versions.node) >= majorOf(version)) return process.execPath;
  const isWindows = process.platform === 'win32';
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  await npm(['install', `${name}@${version}`, '--prefix', folder, '--prefer-offline', '--no-audit'], folder);
  return join(folder, 'node_modules', name, 'bin', isWindows ? 'node.exe' : 'node');
}
