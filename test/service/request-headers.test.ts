import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { createHeadersFetch } from '../../src/service/request-headers.js';

describe('a fetch with the headers of the host', () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const { 'x-api-key': key, 'last-event-id': last } = request.headers;
    seen.push([key, last].filter((part) => part !== undefined).join(' '));
    response.statusCode = key === 'good' ? 200 : 401;
    response.end();
  });
  let url = '';

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  });
  after(() => server.close());

  it('asks for them for each request, and adds those of the call', async () => {
    let asked = 0;
    const send = createHeadersFetch({
      headers: () => {
        asked += 1;
        return { 'x-api-key': 'good' };
      },
    });
    await send(url, { headers: { 'Last-Event-ID': '-1' } });
    await send(url);
    assert.deepEqual([asked, seen.splice(0)], [2, ['good -1', 'good']]);
  });

  it('asks once more when it was refused, and then returns what came', async () => {
    const keys = ['old', 'good', 'bad', 'bad'];
    const send = createHeadersFetch({ headers: async () => ({ 'x-api-key': keys.shift() ?? '' }) });
    assert.equal((await send(url)).status, 200);
    assert.equal((await send(url)).status, 401);
    assert.deepEqual(seen.splice(0), ['old', 'good', 'bad', 'bad']);
  });

  it('sends a request without headers of a host once', async () => {
    assert.equal((await createHeadersFetch({})(url)).status, 401);
    assert.equal(seen.splice(0).length, 1);
  });
});
