import { parseArgs } from 'node:util';
import { isPostgresUrl } from '../store/open-store.js';

/** The parsed command line. */
export interface CliOptions {
  readonly port: number;
  readonly host: string;
  /** `memory`, a directory, or the URL of a PostgreSQL database. */
  readonly data: string;
  /** The URL of the same database without a pooler. */
  readonly listen?: string;
  /** The file with the keys that seal credentials. */
  readonly tokenKeyFile?: string;
  /** See `ServerLimits`. */
  readonly maxRunning?: number;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** The secret that every request needs. */
  readonly token?: string;
  /** True if requests from other machines are answered without a token. */
  readonly isInsecure: boolean;
  readonly isHelp: boolean;
}

/** The environment variable for the token: unlike arguments, other users of the machine cannot list it. */
const TOKEN_VARIABLE = 'GRAPH_SESSIONS_TOKEN';

/** The text of `--help`. */
export const USAGE = `Usage: graph-sessions-server [options]
       graph-sessions-server export <session id> --data <where> [--out <file>]
       graph-sessions-server import <session file> --data <where> [--graph <id>] [--principal <name>]
       graph-sessions-server copy --from <directory> --to postgres://user@host/database

  --port <number>          port to listen on, 0 for any free one (default 8787)
  --host <address>         address to listen on (default 127.0.0.1: this machine only)
  --data <where>           "memory", a directory for the database, or postgres://user@host/database (default memory)
  --listen <url>           the same database without a pooler, if --data leads through one in transaction mode
  --max-running <number>   sessions that this server runs at once on a database that several share, 0 for none (default 200)
  --token-key-file <file>  keys that seal the credentials of sessions for all servers of a database, one a line, 32 bytes in
                           base64 each (openssl rand -base64 32); the first seals, all open
  --allow-origin <origin>  let pages of this origin call the server; may be repeated
  --allow-host <name>      answer to this name too, besides localhost; may be repeated
  --token <secret>         require this token: "Authorization: Bearer <secret>", or "accessToken" in the body;
                           better set ${TOKEN_VARIABLE}, because other users of the machine see arguments
  --insecure               answer other machines without a token
  --help                   show this text

"export" writes a session as a file, to the standard output without --out; a server may run meanwhile. "import" adds the
session of a file, with new ids, to the list of its graph, or of --graph, and prints its id. Stop the server of a
directory first: its sessions have one writer. "copy" copies all sessions of a directory, with their ids, to a database
that has none; a server that uses the directory steps down.

Everyone who knows the token can see and start every session. Without a token, every program of this machine can; other
machines are refused, and so is a --host that they could reach, unless --insecure is given.`;

/**
 * Reads the command line, and the token from the environment.
 *
 * @throws Error in one sentence that names the problem.
 */
export function parseCliOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: 'memory' },
      listen: { type: 'string' },
      'token-key-file': { type: 'string' },
      'max-running': { type: 'string' },
      'allow-host': { type: 'string', multiple: true, default: [] },
      'allow-origin': { type: 'string', multiple: true, default: [] },
      token: { type: 'string' },
      insecure: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    throw new Error(`“${values.port}” is not a port: it must be a number from 0 to 65535.`);
  }
  if (values.host === '') throw new Error('The host must not be empty.');
  if (values.data === '') throw new Error('The data directory must not be empty.');
  const { listen, 'max-running': maxRunning, 'token-key-file': tokenKeyFile } = values;
  if (listen !== undefined && !(isPostgresUrl(listen) && isPostgresUrl(values.data))) {
    throw new Error('--listen and --data must be URLs of a PostgreSQL database.');
  }
  if (tokenKeyFile !== undefined && !isPostgresUrl(values.data)) {
    throw new Error(
      '--token-key-file needs --data postgres://…: other servers keep credentials in memory only.',
    );
  }
  if (maxRunning !== undefined && !/^\d{1,6}$/.test(maxRunning)) {
    throw new Error(`“${maxRunning}” is not a number of sessions for --max-running.`);
  }
  const token = values.token ?? environment[TOKEN_VARIABLE];
  // Other characters do not arrive in a header.
  if (token !== undefined && !/^[!-~]+$/.test(token)) {
    throw new Error('The token must not be empty, and must consist of ASCII characters without spaces.');
  }
  if (token !== undefined && values.insecure) throw new Error('--insecure and a token exclude each other.');
  return {
    port,
    host: values.host,
    data: values.data,
    ...(listen === undefined ? {} : { listen }),
    ...(tokenKeyFile === undefined ? {} : { tokenKeyFile }),
    ...(maxRunning === undefined ? {} : { maxRunning: Number(maxRunning) }),
    allowedHosts: values['allow-host'],
    allowedOrigins: values['allow-origin'],
    ...(token === undefined ? {} : { token }),
    isInsecure: values.insecure,
    isHelp: values.help,
  };
}
