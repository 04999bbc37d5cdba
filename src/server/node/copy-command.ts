import { parseArgs } from 'node:util';
import { isPostgresUrl, openStore } from '../store/open-store.js';

/** The command that moves the sessions of a directory to a PostgreSQL database. */
export interface CopyCommand {
  /** A directory. */
  readonly from: string;
  /** The URL of a PostgreSQL database. */
  readonly to: string;
}

/**
 * Reads the arguments of `copy`; undefined for any other command.
 *
 * @throws Error in one sentence that names the problem.
 */
export function parseCopyCommand([name, ...args]: readonly string[]): CopyCommand | undefined {
  if (name !== 'copy') return undefined;
  const { values } = parseArgs({
    args,
    strict: true,
    options: { from: { type: 'string' }, to: { type: 'string' } },
  });
  const { from, to } = values;
  if (from === undefined || isPostgresUrl(from) || from === 'memory') {
    throw new Error('--from must name the directory of a server that has been stopped.');
  }
  if (to === undefined || !isPostgresUrl(to))
    throw new Error('--to must be the URL of a PostgreSQL database.');
  return { from, to };
}

/**
 * Copies all sessions, with their ids. Resolves with the sentence to print. A server that still uses the directory steps
 * down.
 *
 * @throws Error when one of them cannot be used, or the database has sessions already; nothing is copied then.
 */
export async function runCopyCommand({ from, to }: CopyCommand): Promise<string> {
  const source = await openStore(from);
  try {
    const target = await openStore(to);
    try {
      if (source.copyTo === undefined) throw new Error('The store cannot be copied.');
      // From now on, nothing else writes it.
      await source.beginEpoch();
      return `${await source.copyTo(target)} sessions were copied.`;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
