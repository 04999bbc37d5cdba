/**
 * `npm start`: the demo at `/` and the reference server at `/v1beta1/graphSessions`, on one port. `PORT`
 * (default 5173) and `DATA_DIR` (default `.data`, or `memory`) choose where.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createServer as createVite } from 'vite';
import { root } from './tools.mjs';

const ENTRY = join(root, 'dist/server/index.js');

/** The server runs from dist, so that its sources are compiled before it starts. */
function buildIfNeeded() {
  const changedMs = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => statSync(join(root, 'src', file)).mtimeMs)
    .reduce((latest, ms) => Math.max(latest, ms), 0);
  if (existsSync(ENTRY) && statSync(ENTRY).mtimeMs > changedMs) return;
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', '--no-check'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The build failed.');
}

/** @param {string} value */
function parsePort(value) {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) throw new Error(`PORT is no port number: ${value}`);
  return port;
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<number>} the port that it listens on
 */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const isTaken = 'code' in error && error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`Port ${port} is in use. Choose another one with PORT.`) : error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

async function main() {
  const port = parsePort(process.env['PORT'] || '5173');
  const dataDir = process.env['DATA_DIR'] || join(root, '.data');
  buildIfNeeded();

  /** @type {typeof import('../src/server/index.js')} */
  const { createGraphSessionsHandler, DEFAULT_BASE_PATH, openStore, toNodeListener } = await import(ENTRY);
  /** @type {typeof import('../src/runner/index.js')} */
  const { builtInHandlers, createGraphRunner } = await import(join(root, 'dist/runner/index.js'));

  /** @param {unknown} error */
  const onError = (error) => console.error(error);
  const store = await openStore(dataDir);
  const runner = createGraphRunner({ handlers: builtInHandlers, onError });
  const sessions = createGraphSessionsHandler({ store, runner, onError });
  const answerApi = toNodeListener(sessions, { onError });

  const server = createServer();
  const vite = await createVite({
    configFile: join(root, 'vite.config.ts'),
    appType: 'spa',
    server: { middlewareMode: true, hmr: { server } },
  });
  server.on('request', (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    const isApi = path === DEFAULT_BASE_PATH || path.startsWith(`${DEFAULT_BASE_PATH}/`);
    if (isApi) answerApi(request, response);
    else vite.middlewares(request, response);
  });

  const close = async () => {
    await sessions.drain();
    await vite.close();
    server.closeAllConnections();
    server.close();
    await store.close();
  };
  try {
    await sessions.ready;
    console.log(`graph-sessions demo on http://127.0.0.1:${await listen(server, port)}`);
  } catch (error) {
    await close();
    throw error;
  }
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      close().then(() => process.exit(0), fail);
    });
  }
}

/** @param {unknown} error */
function fail(error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);
