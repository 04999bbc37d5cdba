import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RowSelection } from '../../../src/elements/list/row-selection.js';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const selected = (selection: RowSelection) => selection.of(IDS).join('');

describe('the selection of rows', () => {
  it('grows and shrinks a range from the row selected last, and keeps what was selected before', () => {
    const selection = new RowSelection();
    const extendTo = (sessionId: string) => selection.extendTo(sessionId, { ids: IDS, from: undefined });
    selection.toggle('a');
    selection.toggle('c');
    extendTo('e');
    assert.equal(selected(selection), 'acde');
    extendTo('d');
    assert.equal(selected(selection), 'acd');
    extendTo('b');
    assert.equal(selected(selection), 'abc');
    selection.toggle('b');
    assert.equal(selected(selection), 'ac');
    extendTo('d');
    assert.equal(selected(selection), 'abcd');
  });

  it('begins a range at the row that is named, or with the row alone', () => {
    const selection = new RowSelection();
    selection.extendTo('d', { ids: IDS, from: 'b' });
    assert.equal(selected(selection), 'bcd');
    selection.clear();
    selection.extendTo('d', { ids: IDS, from: undefined });
    assert.equal(selected(selection), 'd');
    selection.extendTo('b', { ids: IDS, from: undefined });
    assert.equal(selected(selection), 'bcd');
    selection.extendTo('gone', { ids: IDS, from: undefined });
    assert.equal(selected(selection), 'bcd');
  });

  it('loses what leaves the list, also as the beginning of a range', () => {
    const selection = new RowSelection();
    selection.toggle('e');
    selection.toggle('b');
    assert.equal(selection.keepIn(IDS), false);
    assert.equal(selection.keepIn(['a', 'c', 'd', 'e', 'f']), true);
    assert.equal(selected(selection), 'e');
    selection.extendTo('c', { ids: ['a', 'c', 'd', 'e', 'f'], from: undefined });
    assert.equal(selected(selection), 'ce');
    assert.equal(selection.size, 2);
    assert.equal(selection.keepIn([]), true);
    assert.equal(selection.size, 0);
  });
});
