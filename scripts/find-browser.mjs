/**
 * Finds a browser for the tests, and installs one if there is none, so that `npm test` works on a fresh machine. Run as
 * a script, it prints the path of Chromium, or of the browser that its argument names.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** @typedef {'chromium' | 'firefox' | 'webkit'} BrowserKind */

/**
 * Where a browser is found: `variable` of the environment is its path; the others are names of commands, of apps of
 * macOS with their program, of programs of Windows, and of a package of Debian.
 *
 * @typedef {object} BrowserPlaces
 * @property {string} name
 * @property {string} variable
 * @property {readonly string[]} commands
 * @property {readonly string[]} macPaths
 * @property {readonly string[]} windowsPrograms
 * @property {readonly string[]} debianPackages
 */

/** @type {Readonly<Record<BrowserKind, BrowserPlaces>>} */
const PLACES = {
  chromium: {
    name: 'Chromium, Chrome or Edge',
    variable: 'CHROME_PATH',
    commands: [
      'chromium',
      'chromium-browser',
      'google-chrome-stable',
      'google-chrome',
      'chrome',
      'microsoft-edge-stable',
      'microsoft-edge',
    ],
    macPaths: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
    ),
    windowsPrograms: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'],
    debianPackages: ['chromium'],
  },
  firefox: {
    name: 'Firefox',
    variable: 'FIREFOX_PATH',
    commands: ['firefox-esr', 'firefox'],
    macPaths: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    windowsPrograms: ['Mozilla Firefox\\firefox.exe'],
    debianPackages: ['firefox-esr'],
  },
  // The driver, which starts the browser that belongs to it.
  webkit: {
    name: 'WebKitWebDriver',
    variable: 'WEBKIT_DRIVER_PATH',
    commands: ['WebKitWebDriver'],
    macPaths: [],
    windowsPrograms: [],
    // The browser is shown: by a display without a screen, with a window manager.
    debianPackages: ['webkit2gtk-driver', 'xvfb', 'openbox'],
  },
};

/**
 * The path of a browser that can be started, or `undefined`. Checks the variable of the environment, the usual places,
 * and for Chromium the browsers of Playwright, in this order.
 *
 * @param {BrowserKind} [kind]
 * @returns {string | undefined}
 * @throws {Error} when the variable is set but is not an executable file; choosing another browser
 *   than the requested one would hide the mistake
 */
export function findBrowser(kind = 'chromium') {
  const { variable } = PLACES[kind];
  const wanted = process.env[variable];
  if (wanted) {
    if (!isExecutable(wanted)) throw new Error(`${variable} is not an executable file: ${wanted}`);
    return wanted;
  }
  const places = usualPlaces(PLACES[kind]);
  if (kind === 'chromium') places.push(chromium.executablePath());
  return places.find(isExecutable);
}

/**
 * Like {@link findBrowser}, but installs a browser when there is none: Debian's package as root, else, for
 * Chromium, Playwright's build.
 *
 * @param {BrowserKind} [kind]
 * @returns {string}
 * @throws {Error} with one sentence that says what to do, if there is still no browser
 */
export function findOrInstallBrowser(kind = 'chromium') {
  const places = PLACES[kind];
  const found = findBrowser(kind);
  if (found) return found;
  for (const install of [installFromDebian, installFromPlaywright]) {
    install(places);
    const installed = findBrowser(kind);
    if (installed) return installed;
  }
  throw new Error(
    `No browser for the tests: install ${places.name}, or set ${places.variable} to the one to use.`,
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

/**
 * @param {BrowserPlaces} places
 * @returns {string[]}
 */
function usualPlaces({ commands, macPaths, windowsPrograms }) {
  if (process.platform === 'darwin') return [...macPaths];
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map(
      (name) => process.env[name] ?? '',
    );
    return roots.filter(Boolean).flatMap((root) => windowsPrograms.map((program) => join(root, program)));
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return commands.flatMap((command) => folders.map((folder) => join(folder, command)));
}

/**
 * True for the name of a browser that the tests can run in.
 *
 * @param {string} name
 * @returns {name is BrowserKind}
 */
export function isBrowserKind(name) {
  return Object.hasOwn(PLACES, name);
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

/**
 * Debian itself only: on Ubuntu the packages of browsers are snaps, which need a running snapd.
 *
 * @param {BrowserPlaces} places
 */
function installFromDebian({ debianPackages }) {
  const release = '/etc/os-release';
  if (process.platform !== 'linux' || !isRoot() || !existsSync(release)) return;
  if (!/^ID="?debian"?$/m.test(readFileSync(release, 'utf8'))) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  report(`No browser found: installing Debian’s ${debianPackages.join(', ')}.`);
  if (run('apt-get', ['update', '-q'], env)) run('apt-get', ['install', '-q', '-y', ...debianPackages], env);
}

/** @param {BrowserPlaces} places */
function installFromPlaywright(places) {
  if (places !== PLACES.chromium) return;
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
    const kind = process.argv[2] ?? 'chromium';
    if (!isBrowserKind(kind))
      throw new Error(`There is no browser “${kind}” here: ${Object.keys(PLACES).join(', ')}.`);
    process.stdout.write(`${findOrInstallBrowser(kind)}\n`);
  } catch (error) {
    report(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
