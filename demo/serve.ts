/**
 * `npm start`: the demo's page and the session server on one address. `PORT` (default 5173; 0: any free port)
 * and `DATA_DIR` (default `.data`; `memory`: no database) set where, `QUESTION_MS` how long a question
 * stays open (default: forever). `-- --langgraph <url>` and `-- --mastra <url>` open the panel on the server of that engine
 * instead of the editor, `-- --ag-ui <url>` adds an agent that speaks AG-UI to the examples. Runs
 * from the sources; with `-- --built`, the page is built first, as for production.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createGraphSessionsHandler, openStore, toNodeListener } from 'graph-sessions/server';
import { BACKEND_NAMES, backendPath } from './backend-path.js';
import { demoRunner } from './demo-runner.js';
import { PAGE_POLICY } from './page-policy.mjs';
import { builtPage, pageFromSources } from './page.js';
import { passOn } from './pass-on.js';
import { isSessionsPath } from './sessions-path.js';

/** Path of the file in which the panel shows pages of a run, and the policy that the server adds to its own. */
const FRAME_PATH = '/html-frame.html';
const FRAME_POLICY = "sandbox allow-scripts; frame-ancestors 'self'";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      langgraph: { type: 'string' },
      mastra: { type: 'string' },
      'ag-ui': { type: 'string' },
      built: { type: 'boolean' },
    },
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
  const frame = await readFile(new URL('../src/elements/content/page/html-frame.html', import.meta.url));
  const makePage = values.built === true ? builtPage : pageFromSources;
  const page = await makePage({ hasAgent: agentUrl !== undefined });
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
    page.answer(request, response);
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
    await page.close();
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
