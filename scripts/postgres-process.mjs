/**
 * Runs a PostgreSQL server for the process that forks it (`forkPostgres`), which gets its address (or an empty text when there
 * is none for this platform) and may send `fast`, `immediate` (how it is interrupted), `resume` and `stop`; each is sent back once it is done.
 */
import process from 'node:process';
import { startPostgres } from './postgres-server.mjs';

const server = await startPostgres();

/** @param {unknown} command */
async function obey(command) {
  if (command === 'fast' || command === 'immediate') await server?.interrupt(command);
  if (command === 'resume') await server?.resume();
  if (command === 'stop') await server?.stop();
  process.send?.(command, () => {
    if (command === 'stop') process.exit(0);
  });
}

process.on('message', (command) => void obey(command));
process.once('disconnect', () => void obey('stop').finally(() => process.exit(0)));
process.send?.(server?.url ?? '');
