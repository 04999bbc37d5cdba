/**
 * `npm start`: the demo's page and the session server on one address. `PORT` (default 5173; 0: any free port)
 * and `DATA_DIR` (default `.data`; `memory`: no database) set where, `QUESTION_MS` how long a question
 * stays open (default: forever). `-- --langgraph <url>` and `-- --mastra <url>` open the panel on the server of that engine
 * instead of the editor, `-- --ag-ui <url>` adds an agent that speaks AG-UI to the examples. Runs
 * from the sources.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGraphSessionsHandler, openStore, toNodeListener } from 'graph-sessions/server';
import { createServer as createVite, type Plugin } from 'vite';
import { BACKEND_NAMES, backendPath } from './backend-path.js';
import { demoRunner } from './demo-runner.js';
import { PAGE_POLICY } from './page-policy.mjs';
import { passOn } from './pass-on.js';
import { isSessionsPath } from './sessions-path.js';

/** Path of the file in which the panel shows pages of a run, and the policy that the server adds to its own. */
const FRAME_PATH = '/html-frame.html';
const FRAME_POLICY = "sandbox allow-scripts; frame-ancestors 'self'";

/**
 * Vite's own script, of which modules with a computed import need one function. The rest would connect to Vite, which the
 * policy of the page forbids.
 */
const VITE_CLIENT = '/@vite/client';

/**
 * Removes Vite's own script from the page. It reloads the page when the server is back, which would hide that
 * the panel reconnects without it.
 */
const withoutViteClient: Plugin = {
  name: 'without-vite-client',
  transformIndexHtml: {
    order: 'post',
    handler: (page) => page.replace('<script type="module" src="/@vite/client"></script>', ''),
  },
  configureServer({ middlewares }) {
    // An import of a computed address takes one function from it.
    middlewares.use('/@vite/client', (_request, response) => {
      response.setHeader('Content-Type', 'text/javascript');
      response.end('export const injectQuery = (url) => url;');
    });
  },
};

/** Tells the editor that its server has an agent, see `examples.ts`. */
const withAgent: Plugin = {
  name: 'with-agent',
  transformIndexHtml: (page) => page.replace('<html', '<html data-has-agent'),
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { langgraph: { type: 'string' }, mastra: { type: 'string' }, 'ag-ui': { type: 'string' } },
  });
  const agentUrl = values['ag-ui'] === undefined ? undefined : new URL(values['ag-ui']).href;
  const backends = BACKEND_NAMES.flatMap((name) => {
    const url = values[name];
    return url === undefined ? [] : [{ name, path: backendPath(name), url: new URL(url) }];
  });
  const store = await openStore(process.env['DATA_DIR'] || '.data');
  const onError = (error: unknown) => console.error(error);
  const runner = demoRunner(agentUrl, onError);
  const questionMs = Number(process.env['QUESTION_MS'] || Number.POSITIVE_INFINITY);
  const sessions = createGraphSessionsHandler({ store, runner, onError, limits: { questionMs } });
  const frame = await readFile(pathOf('../src/elements/content/page/html-frame.html'));
  const vite = await createVite({
    configFile: pathOf('../vite.config.ts'),
    appType: 'spa',
    logLevel: 'warn',
    server: {
      middlewareMode: true,
      hmr: false,
      ws: false,
      // Not the folder of the project: it may contain the sessions.
      fs: { allow: ['.', '../src', '../node_modules'].map(pathOf) },
    },
    plugins: [withoutViteClient, ...(agentUrl === undefined ? [] : [withAgent])],
  });
  const answerSessions = toNodeListener(sessions, { onError });
  const server = createServer((request, response) => {
    if (isSessionsPath(request.url ?? '')) {
      answerSessions(request, response);
      return;
    }
    const backend = backends.find(({ path }) => request.url?.startsWith(`${path}/`));
    if (backend !== undefined) {
      passOn(request, response, backend.path, backend.url);
      return;
    }
    const [first] = backends;
    if (first !== undefined && request.url === '/') request.url = `/${first.name}.html`;
    if (request.url === FRAME_PATH) {
      response.setHeader('Content-Security-Policy', FRAME_POLICY);
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(frame);
      return;
    }
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    if (request.url === VITE_CLIENT) {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(`export const injectQuery = (url) => url;`);
      return;
    }
    vite.middlewares(request, response);
  });

  await sessions.ready;
  const port = await listen(server, portOf(process.env['PORT'] || '5173'));
  console.log(`graph-sessions demo: http://localhost:${port}`);

  const close = async () => {
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    await sessions.drain();
    server.closeAllConnections();
    await closed;
    await vite.close();
    await store.close();
    process.exit(0);
  };
  let closing: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    // Not `once`: on Ctrl+C the terminal signals this process, and then npm passes its own signal on.
    process.on(signal, () => {
      closing ??= close().catch(fail);
    });
  }
}

/** A file or folder, relative to this file. */
function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** @throws Error if it is not a port. */
function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT is not a port: ${text}`);
  return port;
}

/** Listens only for programs on this machine, because there is no authentication. Resolves with the port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`Port ${port} is in use: set PORT to another one.`) : error);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

main().catch(fail);
