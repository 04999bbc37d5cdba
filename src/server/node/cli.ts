#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { exampleHandlers } from '../../runner/examples/example-handlers.js';
import { createGraphRunner } from '../../runner/create-graph-runner.js';
import { parseTokenKeyFile } from '../credentials/token-keys.js';
import { parseCliOptions, USAGE, type CliOptions } from './cli-options.js';
import { parseCopyCommand, runCopyCommand, type CopyCommand } from './copy-command.js';
import { parseFileCommand, runFileCommand, type FileCommand } from './file-command.js';
import { isLoopbackHost } from './loopback.js';
import { sharedToken } from './shared-token.js';
import { DEFAULT_BASE_PATH } from '../http/handler.js';
import { StaleEpochError } from '../store/session-store.js';
import { startServer } from './start-server.js';

/** Exit status of a command line that cannot be understood. */
const EXIT_USAGE = 2;

async function main(args: readonly string[]): Promise<void> {
  let options: CliOptions;
  let fileCommand: FileCommand | CopyCommand | undefined;
  try {
    const copyCommand = parseCopyCommand(args);
    if (copyCommand !== undefined) {
      fileCommand = copyCommand;
      console.log(await runCopyCommand(copyCommand));
      return;
    }
    fileCommand = parseFileCommand(args);
    if (fileCommand !== undefined) {
      const printed = await runFileCommand(fileCommand, (error) => console.error(error));
      if (printed !== undefined) console.log(printed);
      return;
    }
    options = parseCliOptions(args, process.env);
  } catch (error) {
    if (fileCommand !== undefined) return fail(error);
    console.error(`${messageOf(error)}\n\n${USAGE}`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  if (options.isHelp) {
    console.log(USAGE);
    return;
  }
  const { data, token, maxRunning, tokenKeyFile, ...rest } = options;
  if (options.isInsecure) {
    console.error(
      'Warning: with --insecure, anyone who can reach the server can see and start every session.',
    );
  } else if (token === undefined && !(await isLoopbackHost(options.host))) {
    throw new Error(
      `Other machines can reach ${options.host}: choose a --token, or --insecure to do without.`,
    );
  }
  const authenticate = token === undefined ? {} : { authenticate: sharedToken(token) };
  const onError = (error: unknown): void => {
    // The loss of the store ends the process, with its own sentence.
    if (!(error instanceof StaleEpochError)) console.error(error);
  };
  const runner = createGraphRunner({ handlers: exampleHandlers });
  const server = await startServer({
    ...rest,
    ...authenticate,
    ...(maxRunning === undefined ? {} : { limits: { maxRunning } }),
    ...(tokenKeyFile === undefined ? {} : { tokenKeys: await readTokenKeys(tokenKeyFile) }),
    store: data,
    runner,
    onError,
    onNotice: (text) => console.error(text),
  });
  const origins =
    rest.allowedOrigins.length === 0 ? 'none, see --allow-origin' : rest.allowedOrigins.join(', ');
  console.log(`graph-sessions server listening on ${server.url}
  API: ${server.url}${DEFAULT_BASE_PATH}
  Other origins whose pages may use it: ${origins}`);
  void server.lost.then((error) => server.close().then(() => fail(error), fail));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.close().then(() => process.exit(0), fail);
    });
  }
}

/** Reads a file of keys. @throws Error in one sentence. */
async function readTokenKeys(file: string): Promise<readonly string[]> {
  try {
    return parseTokenKeyFile(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`The token keys cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function fail(error: unknown): void {
  console.error(messageOf(error));
  process.exit(1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main(process.argv.slice(2)).catch(fail);
