import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { createGraphRunner, exampleHandlers } from 'graph-sessions/runner';
import { createGraphSessionsHandler, openStore, toNodeListener } from 'graph-sessions/server';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript' };

const store = await openStore('memory'); // or a directory, with kysely and libsql
const runner = createGraphRunner({ handlers: exampleHandlers });
const sessions = toNodeListener(createGraphSessionsHandler({ store, runner }));

const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  if (path.startsWith('/v1beta1/graphSessions')) sessions(request, response);
  else sendFile(path === '/' ? '/index.html' : path, response);
});
server.listen(5173, '127.0.0.1', () => console.log('http://localhost:5173'));

/** Sends a file of this folder. */
async function sendFile(path, response) {
  try {
    const content = await readFile(new URL(`.${path}`, import.meta.url));
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
    response.end(content);
  } catch {
    response.statusCode = 404;
    response.end();
  }
}
