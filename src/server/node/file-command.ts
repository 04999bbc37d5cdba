import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { MAX_SESSION_FILE_BYTES } from '../../protocol/session-file/session-file.js';
import { readSessionFile } from '../../protocol/session-file/read-session-file.js';
import { ANONYMOUS } from '../http/admission/identity.js';
import { openStore } from '../store/open-store.js';
import { exportedSession, importSession } from '../store/session-copy.js';

/** A command that does something with session files instead of starting a server. */
export interface FileCommand {
  readonly kind: 'export' | 'import';
  /** The id of the session, or the path of the file. */
  readonly subject: string;
  /** A directory, or the URL of a PostgreSQL database. */
  readonly data: string;
  /** Where to write the file; default: the standard output. */
  readonly out?: string;
  /** The graph in whose list an imported session is; default: that of the file. */
  readonly graphId?: string;
  /** Whose session it is. */
  readonly principal: string;
}

/**
 * Reads the command line of `export` and `import`; undefined for any other.
 *
 * @throws Error in one sentence that names the problem.
 */
export function parseFileCommand(args: readonly string[]): FileCommand | undefined {
  const [kind, ...rest] = args;
  if (kind !== 'export' && kind !== 'import') return undefined;
  const { values, positionals } = parseArgs({
    args: rest,
    strict: true,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      out: { type: 'string' },
      graph: { type: 'string' },
      principal: { type: 'string', default: ANONYMOUS.principal },
    },
  });
  const [subject, ...others] = positionals;
  if (subject === undefined || others.length > 0)
    throw new Error(kind === 'export' ? 'Name the id of one session.' : 'Name one session file.');
  const { data, out, graph, principal } = values;
  if (data === undefined || data === '' || data === 'memory')
    throw new Error('Name the directory or the database of the sessions with --data.');
  return {
    kind,
    subject,
    data,
    principal,
    ...(out === undefined ? {} : { out }),
    ...(graph === undefined ? {} : { graphId: graph }),
  };
}

/**
 * Writes the file of a session, or adds the session of a file to a store. Returns what to print: the id of that session.
 *
 * @throws Error in one sentence.
 */
export async function runFileCommand(
  command: FileCommand,
  onError: (error: unknown) => void,
): Promise<string | undefined> {
  const store = await openStore(command.data, { onError });
  try {
    if (command.kind === 'export') {
      await write(exportedSession(store, command.subject, Date.now()), command.out);
      return undefined;
    }
    const { size } = await stat(command.subject);
    if (size > MAX_SESSION_FILE_BYTES) throw new Error('A session file may have at most 512 MiB.');
    const file = await readSessionFile(createReadStream(command.subject, 'utf8'));
    const { principal, graphId } = command;
    return await importSession(store, file, {
      principal,
      ...(graphId === undefined ? {} : { graphId }),
    });
  } finally {
    await store.close();
  }
}

async function write(pieces: AsyncIterable<string>, path: string | undefined): Promise<void> {
  let target: NodeJS.WritableStream = process.stdout;
  for await (const piece of pieces) {
    // Opened with the first piece: a session that is missing leaves no empty file.
    if (path !== undefined && target === process.stdout) target = createWriteStream(path);
    if (!target.write(piece)) await once(target, 'drain');
  }
  if (target === process.stdout) return;
  target.end();
  await once(target, 'finish');
}
