import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createAgUiRunner } from 'graph-sessions/runner';
import { createGraphSessionsHandler, openStore, toNodeListener } from 'graph-sessions/server';

/** The files that it serves, by their paths. */
const FILES = {
  '/': { file: new URL('index.html', import.meta.url), type: 'text/html; charset=utf-8' },
  '/editor.js': { file: new URL('editor.js', import.meta.url), type: 'text/javascript' },
  '/graph-sessions.js': {
    file: new URL(import.meta.resolve('graph-sessions/bundle.js')),
    type: 'text/javascript',
  },
};

const store = await openStore('memory'); // or a directory, with kysely and libsql
const runner = createAgUiRunner({ agents: { hello: { url: 'http://127.0.0.1:8787/' } } });
const sessions = toNodeListener(createGraphSessionsHandler({ store, runner }));

const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  const served = FILES[path];
  if (path.startsWith('/v1beta1/graphSessions')) sessions(request, response);
  else if (served === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'Content-Type': served.type }).end(await readFile(served.file));
});
server.listen(5173, '127.0.0.1', () => console.log('http://localhost:5173'));
