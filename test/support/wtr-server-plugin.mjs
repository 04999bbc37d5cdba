/**
 * Lets browser tests talk to a real reference server: requests to `/v1beta1/graphSessions` go to a
 * server that is started by the first of them, keeps its sessions in memory, and is shared by all test
 * files of a run (so a test uses a graph id of its own).
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const API_PATH = '/v1beta1/graphSessions';
const CLI = fileURLToPath(new URL('../../dist/server/node/cli.js', import.meta.url));
const START_LIMIT_MS = 60_000;

/**
 * @returns {{plugin: import('@web/test-runner').TestRunnerPlugin, middleware: import('@web/dev-server-core').Middleware}}
 *   `middleware` forwards requests, `plugin` ends the server together with the test runner
 */
export function referenceServer() {
  /** @type {ReturnType<typeof startServer> | undefined} */
  let server;
  const stop = () => {
    server?.child.kill();
  };
  // The plugin's hook is not called when the runner fails to start or is interrupted.
  for (const end of ['exit', 'SIGINT', 'SIGTERM']) process.once(end, stop);

  return {
    plugin: { name: 'reference-server', serverStop: stop },
    async middleware(context, next) {
      if (!isApiPath(context.path)) return next();
      try {
        server ??= startServer();
        const address = await server.address;
        forward(context.req, context.res, address);
        // From here on the response is written by `forward`, piece by piece; Koa would buffer it.
        context.respond = false;
        // Koa's initial status is 404, which the test runner would report as a missing file.
        context.status = 200;
      } catch (error) {
        context.status = 502;
        context.body = error instanceof Error ? error.message : String(error);
      }
    },
  };
}

/** @param {string} path */
function isApiPath(path) {
  return path === API_PATH || path.startsWith(`${API_PATH}/`);
}

/** Starts the built server on a free port. `address` rejects when it does not come up. */
function startServer() {
  if (!existsSync(CLI)) throw new Error('The reference server is not built: run "npm run build" first.');
  const args = [CLI, '--port', '0', '--data', 'memory'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  /** @type {Promise<URL>} */
  const address = new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('The reference server printed no address.')),
      START_LIMIT_MS,
    );
    createInterface(child.stdout).on('line', (line) => {
      const text = / listening on (http:\S+)/.exec(line)?.[1];
      if (text) resolve(new URL(text));
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`The reference server ended with exit code ${code}.`)));
    child.on('exit', () => clearTimeout(timer));
  });
  return { child, address };
}

/**
 * Pipes request and response both ways without buffering; closing one side closes the other.
 *
 * @param {import('node:http').IncomingMessage} incoming
 * @param {import('node:http').ServerResponse} outgoing
 * @param {URL} address
 */
function forward(incoming, outgoing, address) {
  const { method, headers } = incoming;
  const upstream = request(new URL(incoming.url ?? '/', address), { method, headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    // A stream that is silent so far is open all the same.
    outgoing.flushHeaders();
    response.on('error', () => outgoing.destroy());
    response.pipe(outgoing);
  });
  upstream.on('error', (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end(error.message);
  });
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}
