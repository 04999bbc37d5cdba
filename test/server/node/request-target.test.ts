import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { requestUrl, type TargetParts } from '../../../src/server/node/request-target.js';

const PARTS: TargetParts = {
  target: '/a',
  hosts: ['localhost'],
  authority: undefined,
  isHostRequired: true,
  isEncrypted: false,
};

/** The address, or the status of the refusal. */
function addressOf(parts: Partial<TargetParts>): string | number | undefined {
  try {
    return requestUrl({ ...PARTS, ...parts }).href;
  } catch (error) {
    assert.ok(error instanceof GraphRunError, String(error));
    return error.status;
  }
}

describe('the address of a request', () => {
  it('has the path of the target, and the host of “Host”', () => {
    for (const [parts, address] of [
      [{}, 'http://localhost/a'],
      [{ target: '/a/b?c=d&e' }, 'http://localhost/a/b?c=d&e'],
      [{ target: '//evil.example/a' }, 'http://localhost//evil.example/a'],
      [{ target: '/?a=\\' }, 'http://localhost/?a=\\'],
      [{ target: '/@evil.example' }, 'http://localhost/@evil.example'],
      [{ hosts: ['127.0.0.1:8080'] }, 'http://127.0.0.1:8080/a'],
      [{ hosts: ['[::1]:8080'] }, 'http://[::1]:8080/a'],
      [{ hosts: ['My-Host.example:'] }, 'http://my-host.example/a'],
      [{ hosts: [], isHostRequired: false }, 'http://localhost/a'],
      [{ isEncrypted: true }, 'https://localhost/a'],
      [{ hosts: [], authority: 'box.example' }, 'http://box.example/a'],
      [{ hosts: ['BOX.example:80'], authority: 'box.example' }, 'http://box.example/a'],
    ] as const) {
      assert.equal(addressOf(parts), address, JSON.stringify(parts));
    }
  });

  it('has the host of an absolute target, whatever “Host” names', () => {
    for (const [target, address] of [
      ['http://localhost/a', 'http://localhost/a'],
      ['HTTP://box.example:81/a?b', 'http://box.example:81/a?b'],
      ['https://box.example', 'https://box.example/'],
      ['http://box.example?a', 'http://box.example/?a'],
    ] as const) {
      assert.equal(addressOf({ target, hosts: ['other.example'] }), address);
      assert.equal(addressOf({ target, hosts: [] }), 400);
    }
  });

  it('is refused where the host is missing, doubled or none', () => {
    for (const hosts of [
      [],
      [''],
      ['localhost', 'localhost'],
      ['a b'],
      ['localhost/x'],
      ['localhost?x'],
      ['localhost#x'],
      ['localhost\\x'],
      ['a@localhost'],
      ['a:b@localhost'],
      ['localhost:x'],
      ['localhost:99999'],
      ['[::1'],
      ['[v1.x]'],
      ['::1'],
      ['local%2fhost'],
      ['local%zzhost'],
      ['a, b'],
      ['lo\tcal'],
      ['höst'],
    ]) {
      assert.equal(addressOf({ hosts }), 400, JSON.stringify(hosts));
    }
    assert.equal(addressOf({ hosts: ['a'], authority: 'b' }), 400);
  });

  it('is refused where the target has no path, or one that readers differ about', () => {
    for (const target of [
      '',
      '*',
      'a',
      'localhost:80',
      '/a\\b',
      '/a b',
      '/a#b',
      '/a\tb',
      '/\u00e4',
      'ftp://localhost/a',
      'http:///a',
      'http:a',
      'http://a@localhost/',
      'http://local\\host/',
      'javascript:x',
    ]) {
      assert.equal(addressOf({ target }), 400, target);
    }
  });

  it('has a path that no host can change', () => {
    const piece = fc.constantFrom(
      'a',
      '/',
      '?',
      '#',
      '@',
      ':',
      '\\',
      '%2f',
      '%',
      '[',
      ']',
      '.',
      '..',
      '80',
      ' ',
      '\t',
      '//',
      'localhost',
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, fc.boolean(), (host, rest, isAuthority) => {
        const parts = {
          target: `/${rest}`,
          ...(isAuthority ? { authority: host, hosts: [] } : { hosts: [host] }),
        };
        const address = addressOf(parts);
        if (typeof address !== 'string') return;
        const { pathname, search } = new URL(address);
        const plain = new URL(String(addressOf({ target: `/${rest}` })));
        assert.deepEqual([pathname, search], [plain.pathname, plain.search]);
      }),
      { numRuns: 5000 },
    );
  });
});
