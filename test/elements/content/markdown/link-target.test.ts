import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hiddenTarget } from '../../../../src/elements/content/markdown/link-target.js';

const EVIL = 'https://evil.example/login';

describe('the target of a link', () => {
  for (const text of [
    'https://accounts.example.org',
    'accounts.example.org',
    'Sign in at accounts.example.org/login now',
    'https://accounts.example.org@evil.example',
    'https://evil.example@accounts.example.org/x',
    '(https://accounts.example.org)',
    'accounts.exam\u200bple.org',
    'accounts\uff0eexample\uff0eorg',
    'accounts。example。org',
    'HTTPS://ACCOUNTS.EXAMPLE.ORG',
    'evil.example or accounts.example.org',
    'ada@example.org',
    'evil.example.org',
    'notevil.example',
    'https://пример.рф',
  ]) {
    it(`is shown beside another address: ${text}`, () => {
      assert.equal(hiddenTarget(text, EVIL), 'evil.example');
    });
  }

  for (const [text, url] of [
    ['Sign in', EVIL],
    ['', EVIL],
    ['https://evil.example/a/README.md?x=a.org#b.org', EVIL],
    ['evil.example', EVIL],
    ['www.evil.example', EVIL],
    ['e.g. 1.5 or 10.2.3, and so on…', EVIL],
    ['https://пример.рф/1', new URL('https://пример.рф/1').href],
    ['ada@example.org', 'mailto:ada@example.org'],
    ['Write to Ada', 'mailto:ada@example.org'],
  ] as const) {
    it(`is not shown beside ${JSON.stringify(text)}`, () => {
      assert.equal(hiddenTarget(text, url), undefined);
    });
  }

  it('of a mail is its address', () => {
    assert.equal(hiddenTarget('ada@example.org', 'mailto:eve@evil.example'), 'eve@evil.example');
    assert.equal(hiddenTarget('example.org', 'mailto:%E0%A4%A@evil.example'), '%E0%A4%A@evil.example');
  });
});
