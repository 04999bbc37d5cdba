import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changeLabels } from '../../../src/protocol/session-labels.js';
import { plainName } from '../../../src/protocol/values/plain-name.js';

describe('a name', () => {
  it('is shown in the order of its characters', () => {
    for (const mark of '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069') {
      assert.equal(plainName(`invoice${mark}fdp.exe`), 'invoicefdp.exe');
    }
  });

  it('is empty when there is nothing to see in it', () => {
    for (const text of [
      '',
      ' \t\n\u00a0\u3000',
      '\u200b\u200b',
      '\u2800',
      '\u3164',
      '\uffa0',
      '\u00ad',
      '\ufeff',
      '\u2060\u180e',
      '\u{e0041}',
      '\u202e',
      '\u0000\u0007',
    ]) {
      assert.equal(plainName(text), '', JSON.stringify(text));
    }
  });

  it('keeps every letter of every language, and joined characters', () => {
    for (const name of ['Fisch 魚', 'عربي', 'שלום', 'क्\u200dष', '👩\u200d💻', '한글', '.']) {
      assert.equal(plainName(name), name);
    }
  });

  it('that a person gives to a session is none when there is nothing to see in it', () => {
    assert.deepEqual(changeLabels({ title: 'Old' }, { title: '\u2800\u200b' }), {});
    assert.deepEqual(changeLabels({}, { title: 'pay\u202efdp.exe' }), { title: 'payfdp.exe' });
  });
});
