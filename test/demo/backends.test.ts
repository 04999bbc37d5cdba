import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { DemoServer } from '../support/demo-server.js';
import { listening } from '../support/listening.js';

describe('npm start -- --langgraph', () => {
  it('serves a page for that server, and passes its requests on with their bodies and streams', async (t) => {
    const seen: string[] = [];
    const port = await listening(
      t,
      createServer((request, response) => {
        let body = '';
        request.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        request.on('end', () => {
          seen.push(
            `${request.method} ${request.url} ${request.headers['last-event-id'] ?? ''} ${body}`.trim(),
          );
          response.writeHead(request.url === '/missing' ? 404 : 200, { 'Content-Type': 'text/event-stream' });
          response.end('event: metadata\ndata: {}\n\n');
        });
      }),
    );
    const demo = await DemoServer.start({}, ['--langgraph', `http://127.0.0.1:${port}`]);
    t.after(() => demo.stop());
    const page = await (await fetch(demo.url)).text();
    assert.match(page, /langgraph\.ts/);
    const module = await fetch(new URL('langgraph.ts', demo.url));
    assert.equal(module.status, 200);
    const send = (path: string, init: RequestInit = {}) => fetch(new URL(`langgraph${path}`, demo.url), init);
    const stream = await send('/threads/t/runs/r/stream', { headers: { 'Last-Event-ID': '-1' } });
    assert.equal(await stream.text(), 'event: metadata\ndata: {}\n\n');
    await send('/threads/search?a=1', { method: 'POST', body: '{"limit":1}' });
    assert.equal((await send('/missing')).status, 404);
    assert.deepEqual(seen, [
      'GET /threads/t/runs/r/stream -1',
      'POST /threads/search?a=1  {"limit":1}',
      'GET /missing',
    ]);
  });
});

describe('npm start -- --mastra', () => {
  it('serves a page for that server, and passes its requests on', async (t) => {
    const seen: string[] = [];
    const port = await listening(
      t,
      createServer((request, response) => {
        seen.push(`${request.method} ${request.url}`);
        response.end('{"hello":{}}');
      }),
    );
    const demo = await DemoServer.start({}, ['--mastra', `http://127.0.0.1:${port}`]);
    t.after(() => demo.stop());
    assert.match(await (await fetch(demo.url)).text(), /mastra\.ts/);
    assert.equal((await fetch(new URL('mastra.ts', demo.url))).status, 200);
    const workflows = await fetch(new URL('mastra/api/workflows', demo.url));
    assert.deepEqual(await workflows.json(), { hello: {} });
    assert.deepEqual(seen, ['GET /api/workflows']);
  });
});
