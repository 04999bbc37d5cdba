import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query, type Ending } from './postgres.js';

/** True when PgBouncer is installed on this machine. */
export const HAS_PGBOUNCER = spawnSync('pgbouncer', ['--version']).status === 0;

/** Starts PgBouncer in transaction mode in front of a database, until the test ends. Returns the URL that leads through it. */
export async function startPgBouncer(t: Ending, url: string): Promise<string> {
  const { hostname, port, username, password } = new URL(url);
  const directory = await mkdtemp(join(tmpdir(), 'graph-sessions-pgbouncer-'));
  // It does not run as root, and its user must be able to read.
  await chmod(directory, 0o755);
  const own = await freePort();
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 10
max_client_conn = 200
`,
  );
  const args = process.getuid?.() === 0 ? ['-u', 'postgres', file] : [file];
  const child = spawn('pgbouncer', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await rm(directory, { recursive: true });
  });
  const through = new URL(url);
  through.port = String(own);
  let log = '';
  for await (const part of child.stderr) {
    log += String(part);
    if (log.includes('process up')) break;
  }
  child.stderr.resume();
  await query(through.href, 'select 1');
  return through.href;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
