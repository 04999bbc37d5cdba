/**
 * Runs a PostgreSQL server for the process that forks it, which gets its address (or an empty text when there is none for
 * this platform) and may send `interrupt`, `resume` and `stop`; each is sent back once it is done. A process of its own,
 * because the package for the server has exit hooks that end a process before its tests are reported.
 */
import process from 'node:process';
import { startPostgres } from './postgres-server.mjs';

const server = await startPostgres();

/** @param {unknown} command */
async function obey(command) {
  if (command === 'interrupt') await server?.interrupt();
  if (command === 'resume') await server?.resume();
  if (command === 'stop') await server?.stop();
  process.send?.(command, () => {
    if (command === 'stop') process.exit(0);
  });
}

process.on('message', (command) => void obey(command));
process.once('disconnect', () => void obey('stop').finally(() => process.exit(0)));
process.send?.(server?.url ?? '');
