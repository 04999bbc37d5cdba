/**
 * A PostgreSQL server for tests in a process of its own: the package for the server ends the process that loads it with
 * exit code 0, whatever its tests have reported.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @typedef {import('./postgres-server.mjs').PostgresServer} PostgresServer */

/**
 * Starts a server with an empty database; it stops when this process ends.
 *
 * @returns {Promise<PostgresServer | undefined>} undefined when there is no package for this platform
 * @throws {Error} when it does not start
 */
export async function forkPostgres() {
  const script = fileURLToPath(new URL('postgres-process.mjs', import.meta.url));
  const child = fork(script, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const [url] = await Promise.race([once(child, 'message'), exited.then(() => [undefined])]);
  if (typeof url !== 'string') throw new Error('The PostgreSQL server for the tests did not start.');
  /** @param {string} command */
  const send = async (command) => {
    const done = once(child, 'message');
    child.send(command);
    const [answer] = await done;
    if (answer !== command)
      throw new Error(`The PostgreSQL server answered ${String(answer)}, not ${command}.`);
  };
  const stop = async () => {
    await send('stop');
    await exited;
  };
  if (url !== '')
    return { url, interrupt: (mode = 'fast') => send(mode), resume: () => send('resume'), stop };
  await stop();
  return undefined;
}
