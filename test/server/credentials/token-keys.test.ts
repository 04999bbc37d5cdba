import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { SealError } from '../../../src/server/credentials/seal-error.js';
import { parseTokenKeyFile, TokenKeys } from '../../../src/server/credentials/token-keys.js';

const [OLD, NEW] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const TOKEN = 'eyJhbGciOi secret ä';

describe('the keys of credentials', () => {
  it('open what they have sealed, for the same session only', () => {
    const keys = TokenKeys.parse([NEW]);
    const sealed = keys.seal('s', TOKEN);
    assert.equal(keys.open('s', sealed), TOKEN);
    assert.throws(() => keys.open('t', sealed), /changed, or sealed for another session/);
    assert.equal(keys.open('s', keys.seal('s', '')), '');
  });

  it('seal each time differently, so that equal credentials do not look equal', () => {
    const keys = TokenKeys.parse([NEW]);
    const sealed = keys.seal('s', TOKEN);
    assert.notEqual(sealed, keys.seal('s', TOKEN));
    assert.ok(!Buffer.from(sealed, 'base64').includes(TOKEN));
    assert.ok(!sealed.includes(TOKEN));
  });

  it('open nothing of which a byte was changed, or that is cut', () => {
    const keys = TokenKeys.parse([NEW]);
    const bytes = Buffer.from(keys.seal('s', TOKEN), 'base64');
    for (const position of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((changed.readUInt8(position) + 1) % 256, position);
      assert.throws(() => keys.open('s', changed.toString('base64')), SealError, `byte ${position}`);
      assert.throws(() => keys.open('s', bytes.subarray(0, position).toString('base64')), SealError);
    }
  });

  it('seal with the first and open with all, so that they can be replaced', () => {
    const [before, both, after] = [[OLD], [NEW, OLD], [NEW]].map((texts) => TokenKeys.parse(texts));
    assert.ok(before && both && after);
    const sealed = before.seal('s', TOKEN);
    assert.equal(both.open('s', sealed), TOKEN);
    assert.equal(after.open('s', both.seal('s', TOKEN)), TOKEN);
    assert.throws(() => after.open('s', sealed), /a key that this server does not have/);
  });

  it('are refused in one sentence that does not show them', () => {
    for (const text of ['', 'short', OLD.slice(0, -4), `${OLD}AAAA`, randomBytes(32).toString('hex')]) {
      assert.throws(
        () => TokenKeys.parse([NEW, text]),
        ({ message }: Error) =>
          message.startsWith('Token key 2 is not 32 bytes in base64') &&
          (text === '' || !message.includes(text)),
      );
    }
    assert.throws(() => TokenKeys.parse([]), /There is no token key/);
  });

  it('are the lines of a file, without comments', () => {
    assert.deepEqual(parseTokenKeyFile(`# of May\n${NEW}\r\n\n  ${OLD}`), [NEW, OLD]);
  });
});
