import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { isLoopbackAddress, isLoopbackHost } from '../../../src/server/node/loopback.js';
import { PuppetRunner } from '../../support/puppet-runner.js';
import { TestServer } from '../../support/server.js';

/** An address of this machine at which its peers are other machines, as far as the server can see. */
const ADDRESSES = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
const OUTER = ADDRESSES.find(({ internal, family }) => !internal && family === 'IPv4')?.address;

/** Asks a server at one of its addresses, under the name `localhost`; resolves with the status. */
async function ask(address: string, port: number, path: string): Promise<number> {
  const socket = connect(port, address).setEncoding('latin1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  const [text] = (await once(socket, 'data')) as [string];
  socket.destroy();
  return Number(text.split(' ')[1]);
}

describe('a server without authentication', () => {
  const skip = OUTER === undefined ? 'this machine has only loopback addresses' : false;
  const STATUS = '/v1beta1/graphSessions/x/status';

  it('answers only programs of its machine, whatever name others call it by', { skip }, async (t) => {
    const hasIpv6 = ADDRESSES.some(({ family }) => family === 'IPv6');
    for (const host of ['0.0.0.0', ...(hasIpv6 ? ['::'] : [])]) {
      const { server } = await TestServer.start(t, { runner: new PuppetRunner(), host });
      assert.equal(await ask('127.0.0.1', server.port, STATUS), 404, host);
      assert.equal(await ask(OUTER ?? '', server.port, STATUS), 403, host);
      assert.equal(await ask(OUTER ?? '', server.port, '/healthz'), 403, host);
    }
  });

  it('answers everyone if its host says so, or once it has authentication', { skip }, async (t) => {
    const host = '0.0.0.0';
    const open = await TestServer.start(t, { runner: new PuppetRunner(), host, isInsecure: true });
    assert.equal(await ask(OUTER ?? '', open.server.port, STATUS), 404);
    const closed = await TestServer.start(t, {
      runner: new PuppetRunner(),
      host,
      authenticate: () => undefined,
    });
    assert.equal(await ask(OUTER ?? '', closed.server.port, STATUS), 401);
    assert.equal(await ask(OUTER ?? '', closed.server.port, '/healthz'), 200);
  });
});

describe('a loopback address', () => {
  it('is one of 127.0.0.0/8 or ::1, in any form', async () => {
    for (const address of [
      '127.0.0.1',
      '127.255.255.254',
      '::1',
      '0:0:0:0:0:0:0:1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
    ]) {
      assert.equal(isLoopbackAddress(address), true, address);
      assert.equal(await isLoopbackHost(address), true, address);
    }
    for (const address of [
      '0.0.0.0',
      '::',
      '128.0.0.1',
      '10.127.0.1',
      '::ffff:10.0.0.1',
      '::127.0.0.1',
      'fe80::1',
      '::ffff:0:0',
    ]) {
      assert.equal(isLoopbackAddress(address), false, address);
      assert.equal(await isLoopbackHost(address), false, address);
    }
    for (const address of [undefined, '', 'localhost'])
      assert.equal(isLoopbackAddress(address), false, address);
    assert.equal(await isLoopbackHost('localhost'), true);
    assert.equal(await isLoopbackHost(''), false);
  });
});
