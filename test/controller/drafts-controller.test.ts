import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Signal } from 'signal-polyfill';
import { memoryDraftStore, type DraftStore } from '../../src/controller/draft-store.js';
import { DraftsController } from '../../src/controller/drafts-controller.js';

const TEXT = { kind: 'text', content: { role: 'user', parts: [{ text: 'Two' }] } };
const file = (chars: number) => ({ inlineData: { mimeType: 'image/png', data: 'A'.repeat(chars) } });
const withFile = (chars: number) => ({
  kind: 'text',
  content: { role: 'user', parts: [{ text: 'Two' }, file(chars)] },
});

const typed = (text: string) => ({ kind: 'text', content: { role: 'user', parts: [{ text }] } });

/** A store as in the tabs of a browser: each is notified of the writes of the others, at a time that the test chooses. */
class SharedStore {
  readonly #store = memoryDraftStore();
  readonly #tabs: { readonly listeners: Set<(key?: string) => void>; isAway: boolean }[] = [];

  /** Another tab; while it is away, it gets no notifications. */
  open() {
    const tab = { listeners: new Set<(key?: string) => void>(), isAway: false };
    this.#tabs.push(tab);
    const tell = (key: string) => {
      for (const other of this.#tabs) {
        if (other !== tab && !other.isAway) for (const listener of other.listeners) listener(key);
      }
    };
    const drafts = new DraftsController({
      ...this.#store,
      write: (key, text) => {
        this.#store.write(key, text);
        tell(key);
      },
      remove: (key) => {
        this.#store.remove(key);
        tell(key);
      },
      subscribe: (listener) => {
        tab.listeners.add(listener);
        return () => tab.listeners.delete(listener);
      },
    });
    return {
      drafts,
      leave: () => {
        tab.isAway = true;
      },
      comeBack: () => {
        tab.isAway = false;
        for (const listener of tab.listeners) listener();
      },
      get: () => drafts.get('s1', 'i1'),
      other: () => drafts.conflictOf('s1', 'i1'),
      type: (text: string) => drafts.set('s1', 'i1', typed(text)),
      decide: (text: string) => drafts.set('s1', 'i1', typed(text), true),
    };
  }
}

/** The same store after the page was closed and reopened. */
const again = (store: DraftStore) => new DraftsController(store);

const BLANK = { kind: 'text', content: { role: 'user', parts: [] }, isBlank: true };

describe('drafts', () => {
  it('tell of each session and question whether a person has entered something, also on the next visit', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    drafts.set('s1', 'i1', TEXT);
    drafts.set('s1', 'i2', BLANK);
    drafts.set('s2', 'i1', BLANK);
    for (const visit of [drafts, again(store)]) {
      assert.deepEqual(
        [visit.hasInput('s1'), visit.hasInput('s1', 'i1'), visit.hasInput('s1', 'i2')],
        [true, true, false],
      );
      assert.deepEqual([visit.hasInput('s2'), visit.hasInput('s')], [false, false]);
    }
  });

  it('no longer have input once the last of a session was cleared or removed', () => {
    const drafts = new DraftsController(memoryDraftStore());
    drafts.set('s1', '', TEXT);
    drafts.set('s1', 'i1', TEXT);
    drafts.set('s1', 'i1', BLANK);
    assert.deepEqual([drafts.hasInput('s1'), drafts.hasInput('s1', 'i1')], [true, false]);
    drafts.remove('s1', '');
    assert.equal(drafts.hasInput('s1'), false);
    drafts.set('s1', 'i1', TEXT);
    drafts.removeSession('s1');
    assert.equal(drafts.hasInput('s1'), false);
  });

  it('have the input of other tabs, and lose it when it is cleared or sent there', () => {
    const shared = new SharedStore();
    const [one, two] = [shared.open(), shared.open()];
    const marks = new Signal.Computed(() => two.drafts.hasInput('s1'));
    assert.equal(marks.get(), false);
    one.type('Two');
    assert.equal(marks.get(), true);
    one.drafts.set('s1', 'i1', BLANK);
    assert.equal(marks.get(), false);
    one.type('Two');
    one.drafts.remove('s1', 'i1');
    assert.equal(marks.get(), false);
  });

  it('have the input that another tab stored while this page was away', () => {
    const shared = new SharedStore();
    const [one, two] = [shared.open(), shared.open()];
    two.leave();
    one.type('Two');
    assert.equal(two.drafts.hasInput('s1'), false);
    two.comeBack();
    assert.equal(two.drafts.hasInput('s1'), true);
  });

  it('are separate for each session and question, and survive the page', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    drafts.set('s1', 'i1', TEXT);
    drafts.set('s1:i1', '', 'another');
    assert.deepEqual(drafts.get('s1', 'i1'), TEXT);
    assert.deepEqual(again(store).get('s1', 'i1'), TEXT);
    assert.equal(again(store).get('s1:i1', ''), 'another');
    assert.equal(again(store).get('s1', 'i2'), undefined);
    assert.equal(drafts.durabilityOf('s1', 'i1'), 'kept');
  });

  it('are removed with the answer to their question, or with their session', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    for (const id of ['a', 'b', 'c']) drafts.set('s1', id, TEXT);
    drafts.set('s10', 'a', TEXT);
    drafts.remove('s1', 'a');
    drafts.removeSession('s1', new Set(['b']));
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => drafts.get('s1', id) !== undefined),
      [false, true, false],
    );
    drafts.removeSession('s1');
    assert.deepEqual(drafts.get('s10', 'a'), TEXT);
    assert.equal(store.keys().length, 1);
  });

  it('of a session are not removed with one whose id is a prefix', () => {
    const drafts = new DraftsController(memoryDraftStore());
    drafts.set('a', 'i', TEXT);
    drafts.set('a:b', 'i', TEXT);
    drafts.set('a%3Ab', 'i', TEXT);
    drafts.removeSession('a');
    assert.deepEqual(
      ['a', 'a:b', 'a%3Ab'].map((sessionId) => drafts.get(sessionId, 'i') !== undefined),
      [false, true, true],
    );
  });

  it('of another tab are found', () => {
    const store = memoryDraftStore();
    const first = new DraftsController(store);
    const second = new DraftsController(store);
    first.set('s1', 'i1', TEXT);
    assert.deepEqual(second.get('s1', 'i1'), TEXT);
    second.removeSession('s1');
    assert.deepEqual(store.keys(), []);
  });

  it('store small files, and report that large ones stay in the page', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    drafts.set('s1', 'small', withFile(1000));
    drafts.set('s1', 'large', withFile(1_000_000));
    assert.deepEqual(again(store).get('s1', 'small'), withFile(1000));
    assert.deepEqual(drafts.get('s1', 'large'), withFile(1_000_000));
    assert.deepEqual(again(store).get('s1', 'large'), TEXT);
    assert.equal(drafts.durabilityOf('s1', 'large'), 'kept-without-files');
  });

  it('too long for the store stay in the page, and the stored one is removed', () => {
    const store = memoryDraftStore();
    const drafts = new DraftsController(store);
    drafts.set('s1', 'i1', TEXT);
    drafts.set('s1', 'i1', 'x'.repeat(300_000));
    assert.equal(drafts.durabilityOf('s1', 'i1'), 'in-memory');
    assert.equal(again(store).get('s1', 'i1'), undefined);
  });

  it('are kept in memory, and report it, when the store is full or blocked', () => {
    const fail = (): never => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const drafts = new DraftsController({ read: fail, write: fail, remove: fail, keys: fail });
    drafts.set('s1', 'i1', TEXT);
    assert.deepEqual(drafts.get('s1', 'i1'), TEXT);
    assert.equal(drafts.durabilityOf('s1', 'i1'), 'in-memory');
    drafts.removeSession('s1');
    assert.equal(drafts.get('s1', 'i1'), undefined);
  });

  it('that are broken or a month old are removed; keys of other code are left alone', (t) => {
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

describe('the draft of a question in two tabs', () => {
  it('is the same in both, whichever of them changes it', () => {
    const store = new SharedStore();
    const [left, right] = [store.open(), store.open()];
    left.type('T');
    assert.deepEqual(right.get(), typed('T'));
    right.type('Tw');
    right.type('Two');
    assert.deepEqual(left.get(), typed('Two'));
    left.type('Two or');
    assert.deepEqual([left.get(), right.get()], [typed('Two or'), typed('Two or')]);
    assert.deepEqual([left.other(), right.other()], [undefined, undefined]);
    assert.equal(right.drafts.ownOf('s1', 'i1'), undefined, 'what was typed elsewhere last is not own');
    assert.deepEqual(left.drafts.ownOf('s1', 'i1'), typed('Two or'));
  });

  it('notifies the tabs that show it, and not the one that changes it', async () => {
    const store = new SharedStore();
    const [left, right] = [store.open(), store.open()];
    let runs = 0;
    const shown = new Signal.Computed(() => {
      runs += 1;
      return right.get();
    });
    shown.get();
    left.type('T');
    assert.deepEqual(shown.get(), typed('T'));
    assert.equal(runs, 2);
    right.type('Two');
    shown.get();
    assert.equal(runs, 2);
  });

  for (const choice of ['own', 'other'] as const) {
    it(`that was changed in both unseen stays in each, until a person decides (${choice})`, () => {
      const store = new SharedStore();
      const [left, right] = [store.open(), store.open()];
      right.leave();
      left.type('Two');
      right.type('Three');
      assert.deepEqual([left.get(), left.other()], [typed('Two'), typed('Three')]);
      assert.deepEqual([right.get(), right.other()], [typed('Three'), undefined]);
      right.comeBack();
      left.type('Two or');
      assert.deepEqual([right.get(), right.other()], [typed('Three'), typed('Two or')]);
      assert.deepEqual(left.other(), typed('Three'), 'typing on is no decision');
      const reloaded = store.open();
      assert.deepEqual([reloaded.get(), reloaded.other()], [typed('Two or'), typed('Three')]);
      const wanted = choice === 'own' ? 'Three' : 'Two or';
      right.decide(wanted);
      for (const tab of [left, right, reloaded]) {
        assert.deepEqual([tab.get(), tab.other()], [typed(wanted), undefined]);
      }
    });
  }

  it('that another tab changed while this one was away is not overwritten', () => {
    const store = new SharedStore();
    const [left, right] = [store.open(), store.open()];
    left.type('Two');
    right.leave();
    left.type('Two or three');
    right.type('Two, or');
    assert.deepEqual([right.get(), right.other()], [typed('Two, or'), typed('Two or three')]);
    right.comeBack();
    assert.deepEqual([left.get(), left.other()], [typed('Two or three'), typed('Two, or')]);
  });

  it('that conflicts stays in conflict while the person types on', () => {
    const store = new SharedStore();
    const here = store.open();
    const there = store.open();
    for (const tab of [here, there]) tab.leave();
    here.type('Two');
    there.type('Three');
    here.comeBack();
    assert.deepEqual(here.other(), typed('Three'));
    for (const text of ['Two g', 'Two gr', 'Two green']) here.type(text);
    assert.deepEqual(here.get(), typed('Two green'));
    assert.deepEqual(here.other(), typed('Three'));
  });

  it('that is equal in both is not a conflict', () => {
    const store = new SharedStore();
    const [left, right] = [store.open(), store.open()];
    right.leave();
    left.type('Two');
    right.type('Two');
    right.comeBack();
    assert.deepEqual([left.other(), right.other()], [undefined, undefined]);
    left.type('Two or');
    assert.deepEqual(right.get(), typed('Two or'));
  });

  it('keeps files that are too large for the other tab', () => {
    const store = new SharedStore();
    const [left, right] = [store.open(), store.open()];
    left.drafts.set('s1', 'i1', withFile(1_000_000));
    assert.deepEqual(right.get(), TEXT);
    right.type('Three');
    assert.deepEqual([left.get(), left.other()], [withFile(1_000_000), typed('Three')]);
  });

  it('is no longer followed after dispose', () => {
    const store = new SharedStore();
    const [left, right] = [store.open(), store.open()];
    assert.equal(right.get(), undefined);
    right.type('Three');
    right.drafts.dispose();
    left.type('Two');
    assert.deepEqual([right.get(), right.other()], [typed('Three'), undefined]);
  });
});
