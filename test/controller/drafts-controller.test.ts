import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryDraftStore, type DraftStore } from '../../src/controller/draft-store.js';
import { DraftsController } from '../../src/controller/drafts-controller.js';

const TEXT = { kind: 'text', content: { role: 'user', parts: [{ text: 'Two' }] } };
const file = (chars: number) => ({ inlineData: { mimeType: 'image/png', data: 'A'.repeat(chars) } });
const withFile = (chars: number) => ({
  kind: 'text',
  content: { role: 'user', parts: [{ text: 'Two' }, file(chars)] },
});

/** The same store after the page was closed and opened again. */
const again = (store: DraftStore) => new DraftsController(store);

describe('drafts', () => {
  it('are told apart by session and question, and survive the page', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    drafts.set('s1', 'i1', TEXT);
    drafts.set('s1:i1', '', 'another');
    assert.deepEqual(drafts.get('s1', 'i1'), TEXT);
    assert.deepEqual(again(store).get('s1', 'i1'), TEXT);
    assert.equal(again(store).get('s1:i1', ''), 'another');
    assert.equal(again(store).get('s1', 'i2'), undefined);
    assert.equal(drafts.keepingOf('s1', 'i1'), 'kept');
  });

  it('go when their question is answered, or their session', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    for (const id of ['a', 'b', 'c']) drafts.set('s1', id, TEXT);
    drafts.set('s10', 'a', TEXT);
    drafts.remove('s1', 'a');
    drafts.removeOf('s1', new Set(['b']));
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => drafts.get('s1', id) !== undefined),
      [false, true, false],
    );
    drafts.removeOf('s1');
    assert.deepEqual(drafts.get('s10', 'a'), TEXT);
    assert.equal(store.keys().length, 1);
  });

  it('of another tab are found', () => {
    const store = memoryDraftStore();
    const first = new DraftsController(store);
    const second = new DraftsController(store);
    first.set('s1', 'i1', TEXT);
    assert.deepEqual(second.get('s1', 'i1'), TEXT);
    second.removeOf('s1');
    assert.deepEqual(store.keys(), []);
  });

  it('keep small files, and say that large ones stay in the page', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    drafts.set('s1', 'small', withFile(1000));
    drafts.set('s1', 'large', withFile(1_000_000));
    assert.deepEqual(again(store).get('s1', 'small'), withFile(1000));
    assert.deepEqual(drafts.get('s1', 'large'), withFile(1_000_000));
    assert.deepEqual(again(store).get('s1', 'large'), TEXT);
    assert.equal(drafts.keepingOf('s1', 'large'), 'kept-without-files');
  });

  it('too long for the store stay in the page, and what the store had before goes', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    drafts.set('s1', 'i1', TEXT);
    drafts.set('s1', 'i1', 'x'.repeat(300_000));
    assert.equal(drafts.keepingOf('s1', 'i1'), 'in-memory');
    assert.equal(again(store).get('s1', 'i1'), undefined);
  });

  it('are kept in memory, and say so, when the store is full or forbidden', () => {
    const fail = (): never => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const drafts = new DraftsController({ read: fail, write: fail, remove: fail, keys: fail });
    drafts.set('s1', 'i1', TEXT);
    assert.deepEqual(drafts.get('s1', 'i1'), TEXT);
    assert.equal(drafts.keepingOf('s1', 'i1'), 'in-memory');
    drafts.removeOf('s1');
    assert.equal(drafts.get('s1', 'i1'), undefined);
  });

  it('that are broken or a month old are dropped; what others keep is left alone', (t) => {
    const store = memoryDraftStore();
    new DraftsController(store).set('s1', 'i1', TEXT);
    const [key = ''] = store.keys();
    store.write(`${key}2`, 'no JSON');
    store.write('theirs', 'no JSON');
    assert.deepEqual(again(store).get('s1', 'i1'), TEXT);
    assert.deepEqual(store.keys(), [key, 'theirs']);
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 31 * 24 * 3_600_000 });
    again(store);
    assert.deepEqual(store.keys(), ['theirs']);
  });
});
