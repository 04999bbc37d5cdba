import { expect } from '@open-wc/testing';
import type { JsonTree } from '../../../src/elements/content/json-tree.js';
import type { JsonValue } from '../../../src/protocol/values/json.js';
import { HOSTILE_TEXTS } from '../../support/hostile-content.js';
import {
  accessibilityProblems,
  all,
  box,
  emptyPage,
  mountPanel,
  one,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { fakeSessions, live, load, open, row } from '../../support/elements/sample.js';

async function show(value: JsonValue, width = 600): Promise<JsonTree> {
  const tree = document.createElement('sessions-panel-json');
  Object.assign(tree, { value, label: 'Event 3' });
  box(width, 800).append(tree);
  await settled(tree);
  return tree;
}

/** The text that is copied when the whole tree is selected. */
function selected(tree: JsonTree): string {
  const selection = getSelection()!;
  selection.selectAllChildren(one(tree, '[role=tree]'));
  const text = String(selection);
  selection.removeAllRanges();
  return text;
}

function items(tree: JsonTree): HTMLElement[] {
  return all(tree, '[role=treeitem]');
}

function focused(tree: JsonTree): string {
  return textOf(tree.shadowRoot!.activeElement!);
}

async function press(tree: JsonTree, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const target = tree.shadowRoot!.activeElement!;
    target.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }),
    );
    await settled(tree);
  }
}

const SAMPLE = { name: 'Ada', list: [1, true, null], empty: {}, nested: { 'a b': 'x' } };
const LARGE = { big: Array.from({ length: 1234 }, (_, at) => at), after: 'x' };

describe('a JSON tree', () => {
  afterEach(emptyPage);

  it('shows a small value in full, and its selected text is its JSON', async () => {
    const tree = await show(SAMPLE);
    expect(textOf(one(tree, '[role=tree]'))).to.contain('"name": "Ada"');
    expect(selected(tree).trim().replaceAll(/\n+/g, '\n')).to.equal(JSON.stringify(SAMPLE, null, 2));
  });

  it('exposes levels, positions and expanded state to assistive technology', async () => {
    const tree = await show(SAMPLE);
    expect(one(tree, '[role=tree]').getAttribute('aria-label')).to.equal('Event 3');
    const list = items(tree).find((item) => textOf(item).startsWith('"list"'))!;
    const attributes = ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-expanded'];
    expect(attributes.map((name) => list.getAttribute(name))).to.deep.equal(['2', '2', '4', 'true']);
    const scalar = items(tree).find((item) => textOf(item).startsWith('"name"'))!;
    expect(scalar.hasAttribute('aria-expanded')).to.equal(false);
    expect(items(tree).filter((item) => item.tabIndex === 0)).to.have.length(1);
    expect(await accessibilityProblems(tree)).to.deep.equal([]);
  });

  it('closes and opens on click, and shows how much is hidden', async () => {
    const tree = await show(SAMPLE);
    const list = items(tree).find((item) => textOf(item).startsWith('"list"'))!;
    list.click();
    await settled(tree);
    expect(textOf(list)).to.equal('"list": [ 3 items ],');
    expect(list.getAttribute('aria-expanded')).to.equal('false');
    expect(JSON.parse(selected(tree))).to.deep.equal({ ...SAMPLE, list: [] });
    list.click();
    await settled(tree);
    expect(JSON.parse(selected(tree))).to.deep.equal(SAMPLE);
  });

  it('can be operated by keyboard, and keeps its keys from the elements around it', async () => {
    const tree = await show(SAMPLE);
    const outside: string[] = [];
    tree.parentElement!.addEventListener('keydown', ({ key }) => outside.push(key));
    items(tree)[0]!.focus();
    await press(tree, 'ArrowDown', 'ArrowDown');
    expect(focused(tree)).to.equal('"list": [');
    await press(tree, 'ArrowRight');
    expect(focused(tree)).to.equal('1,');
    await press(tree, 'End');
    expect(focused(tree)).to.equal('"a b": "x"');
    await press(tree, 'ArrowLeft');
    expect(focused(tree)).to.equal('"nested": {');
    await press(tree, 'ArrowLeft');
    expect(focused(tree)).to.equal('"nested": { 1 key }');
    await press(tree, 'Enter');
    expect(focused(tree)).to.equal('"nested": {');
    await press(tree, ' ', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'Home');
    expect(focused(tree)).to.equal('{');
    expect(outside).to.deep.equal([]);
    await press(tree, 'j', 'c', '?', 'Escape');
    expect(outside).to.deep.equal(['j', 'c', '?', 'Escape']);
  });

  it('groups many members into ranges, and folds a long string', async () => {
    const tree = await show({ ...LARGE, text: 'x'.repeat(5000) });
    expect(items(tree).length).to.be.below(200);
    const range = items(tree).find((item) => textOf(item) === '[700…799]')!;
    range.click();
    await settled(tree);
    expect(items(tree).some((item) => textOf(item) === '750,')).to.equal(true);
    const long = items(tree).find((item) => textOf(item).startsWith('"text"'))!;
    expect(textOf(long)).to.match(/… 4,000 more characters$/);
    long.focus();
    await press(tree, 'ArrowRight');
    expect(textOf(long)).to.contain('x'.repeat(5000));
  });

  it('keeps its open nodes when it renders again, and starts over with another value', async () => {
    const tree = await show(SAMPLE);
    items(tree)[0]!.click();
    tree.label = 'Other';
    await settled(tree);
    expect(items(tree)).to.have.length(1);
    tree.value = { other: 1 };
    await settled(tree);
    expect(textOf(one(tree, '[role=tree]'))).to.equal('{ "other": 1 }');
  });

  it('keeps its open nodes while other events arrive', async () => {
    const sessions = fakeSessions();
    const { panel } = await mountPanel({ sessions, width: 1100, height: 800 });
    load(sessions.history, [row('s', { status: 'running' })]);
    open(sessions, 's', [
      { type: 'graphStart', sessionId: 's' },
      { type: 'nodeStart', nodeId: 'a' },
      { type: 'nodeEnd', nodeId: 'a', outputs: { out: { deep: [1] } } },
    ]);
    await settled(panel);
    all(panel, '[role=tab]')
      .find((tab) => textOf(tab).startsWith('Events'))!
      .click();
    await settled(panel);
    all(panel, '[role=option]').at(-1)!.click();
    await settled(panel);
    const tree = one<JsonTree>(panel, 'sessions-panel-json');
    items(tree)
      .find((item) => textOf(item).startsWith('"outputs"'))!
      .click();
    await settled(panel);
    const before = items(tree).length;
    live(sessions.run, [{ type: 'nodeStart', nodeId: 'b' }]);
    await settled(panel);
    expect(items(tree)).to.have.length(before);
    expect(textOf(tree)).to.contain('"outputs": { 1 key }');
  });

  it('copies the whole value, including closed nodes', async () => {
    const tree = await show(LARGE);
    const written: string[] = [];
    const original = navigator.clipboard.writeText;
    navigator.clipboard.writeText = (text) => Promise.resolve(void written.push(text));
    one(tree, 'button').click();
    await settled(tree);
    navigator.clipboard.writeText = original;
    expect(one(tree, 'button').getAttribute('aria-label')).to.equal('Copy JSON');
    expect(JSON.parse(written[0]!)).to.deep.equal(LARGE);
    expect(textOf(one(tree, '[role=status]'))).to.equal('Copied');
  });

  it('shows hostile keys and values as text', async () => {
    const tree = await show(HOSTILE_TEXTS.map((text) => ({ [text]: text })));
    expect(JSON.parse(selected(tree))).to.deep.equal(HOSTILE_TEXTS.map((text) => ({ [text]: text })));
    expect(all(tree, 'script, img, iframe, a')).to.have.length(0);
    for (const line of all(tree, '.line')) {
      expect(line.getBoundingClientRect().right).to.be.at.most(tree.getBoundingClientRect().right);
    }
  });

  it('opens a value of a million members quickly', async () => {
    const startMs = performance.now();
    const tree = await show(Array.from({ length: 1_000_000 }, (_, at) => at));
    expect(items(tree).length).to.be.below(250);
    expect(performance.now() - startMs).to.be.below(3000);
  });
});
