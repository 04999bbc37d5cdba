import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createGraphRunner, exampleHandlers } from 'graph-sessions/runner';
import { createGraphSessionsHandler, openStore, toNodeListener } from 'graph-sessions/server';

const store = await openStore('memory'); // or a directory, with kysely and libsql
const runner = createGraphRunner({ handlers: exampleHandlers });
const sessions = toNodeListener(createGraphSessionsHandler({ store, runner }));

/** Only scripts with the nonce of this page run; nothing comes from elsewhere. */
const policyOf = (nonce) =>
  `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:`;

async function sendPage(response) {
  const nonce = randomBytes(16).toString('base64');
  const page = await readFile(new URL('index.html', import.meta.url), 'utf8');
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policyOf(nonce),
  });
  response.end(page.replace('NONCE', nonce));
}

/** Sends the stylesheet, or a file that webpack has made. */
async function sendFile(response, path) {
  const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
  response.writeHead(200, { 'Content-Type': type }).end(await readFile(new URL(`.${path}`, import.meta.url)));
}

const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  if (path.startsWith('/v1beta1/graphSessions')) sessions(request, response);
  else if (path === '/') await sendPage(response);
  else if (/^\/(?:editor\.css|dist\/[\w.-]+\.js)$/.test(path)) await sendFile(response, path);
  else response.writeHead(404).end();
});
server.listen(5173, '127.0.0.1', () => console.log('http://localhost:5173'));
