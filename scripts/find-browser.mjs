/**
 * Finds a Chromium-based browser for the tests, and installs one if there is none, so that `npm test` works on a
 * fresh machine. Run as a script, it prints the browser's path.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];

const WINDOWS_PROGRAMS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The path of a browser that can be started, or `undefined`. Checks `CHROME_PATH`, the usual places of
 * Chromium, Chrome and Edge, and the browsers of Playwright, in this order.
 *
 * @returns {string | undefined}
 * @throws {Error} when `CHROME_PATH` is set but is not an executable file; choosing another browser
 *   than the requested one would hide the mistake
 */
export function findBrowser() {
  const wanted = process.env['CHROME_PATH'];
  if (wanted) {
    if (!isExecutable(wanted)) throw new Error(`CHROME_PATH is not an executable file: ${wanted}`);
    return wanted;
  }
  return [...usualPlaces(), chromium.executablePath()].find(isExecutable);
}

/**
 * Like {@link findBrowser}, but installs a browser when there is none: Debian's package as root, else
 * Playwright's build.
 *
 * @returns {string}
 * @throws {Error} with one sentence that says what to do, if there is still no browser
 */
export function findOrInstallBrowser() {
  const found = findBrowser();
  if (found) return found;
  for (const install of [installFromDebian, installFromPlaywright]) {
    install();
    const installed = findBrowser();
    if (installed) return installed;
  }
  throw new Error(
    'No browser for the tests: install Chromium, Chrome or Edge, or set CHROME_PATH to the one to use.',
  );
}

/**
 * Arguments for a headless Chromium that sends no requests of its own. The sandbox stays on except where Chromium
 * refuses to start with it: as root, and in most CI containers.
 *
 * @returns {string[]}
 */
export function browserArguments() {
  const isSandboxPossible = !isRoot() && !process.env['CI'];
  return [
    ...(isSandboxPossible ? [] : ['--no-sandbox']),
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
}

/** @returns {string[]} */
function usualPlaces() {
  if (process.platform === 'darwin') {
    return MAC_APPS.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  }
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map(
      (name) => process.env[name] ?? '',
    );
    return roots.filter(Boolean).flatMap((root) => WINDOWS_PROGRAMS.map((program) => join(root, program)));
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

/** @param {string} path */
function isExecutable(path) {
  if (!existsSync(path) || !statSync(path).isFile()) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isRoot() {
  return process.getuid?.() === 0;
}

/** Debian itself only: on Ubuntu the `chromium` package is a snap, which needs a running snapd. */
function installFromDebian() {
  const release = '/etc/os-release';
  if (process.platform !== 'linux' || !isRoot() || !existsSync(release)) return;
  if (!/^ID="?debian"?$/m.test(readFileSync(release, 'utf8'))) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  report('No browser found: installing Debian’s chromium.');
  if (run('apt-get', ['update', '-q'], env)) run('apt-get', ['install', '-q', '-y', 'chromium'], env);
}

function installFromPlaywright() {
  report('No browser found: installing Playwright’s Chromium.');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  // The libraries that the browser needs can only be installed as root.
  const libraries = isRoot() ? ['--with-deps'] : [];
  run(process.execPath, [cli, 'install', ...libraries, 'chromium'], process.env);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {boolean} whether it succeeded
 */
function run(command, args, env) {
  // The output goes to stderr: stdout of this script is only the path.
  const { status, error } = spawnSync(command, args, { env, stdio: ['ignore', 2, 2] });
  if (error) report(`${command} could not be run: ${error.message}`);
  return status === 0;
}

/** @param {string} sentence */
function report(sentence) {
  process.stderr.write(`${sentence}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${findOrInstallBrowser()}\n`);
  } catch (error) {
    report(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
