import { parseArgs } from 'node:util';

/** The parsed command line. */
export interface CliOptions {
  readonly port: number;
  readonly host: string;
  /** `memory` or a directory. */
  readonly data: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly isHelp: boolean;
}

/** The text of `--help`. */
export const USAGE = `Usage: graph-sessions-server [options]

  --port <number>          port to listen on, 0 for any free one (default 8787)
  --host <address>         address to listen on (default 127.0.0.1: this machine only)
  --data <where>           "memory", or a directory for the database (default memory)
  --allow-origin <origin>  let pages of this origin call the server; may be repeated
  --allow-host <name>      answer to this name too, besides localhost; may be repeated
  --help                   show this text

There is no authentication: anyone who can reach the server can see and start every session.`;

/**
 * Reads the command line.
 *
 * @throws Error in one sentence that names the problem.
 */
export function parseCliOptions(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: 'memory' },
      'allow-host': { type: 'string', multiple: true, default: [] },
      'allow-origin': { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    throw new Error(`“${values.port}” is not a port: it must be a number from 0 to 65535.`);
  }
  if (values.host === '') throw new Error('The host must not be empty.');
  if (values.data === '') throw new Error('The data directory must not be empty.');
  return {
    port,
    host: values.host,
    data: values.data,
    allowedHosts: values['allow-host'],
    allowedOrigins: values['allow-origin'],
    isHelp: values.help,
  };
}
