import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { contentStyles } from '../../../../src/elements/content/content.styles.js';
import { renderContent } from '../../../../src/elements/content/content-view.js';
import { englishStrings } from '../../../../src/elements/strings/english.js';
import type { ContentPart } from '../../../../src/protocol/content.js';
import { copiedTexts } from '../../../support/elements/copied-texts.js';
import {
  accessibilityProblems,
  all,
  box,
  button,
  buttons,
  emptyPage,
  one,
  press,
  settled,
  textOf,
} from '../../../support/elements/page.js';

/** A block of output, with the pointer on it. */
async function show(parts: readonly ContentPart[]): Promise<HTMLElement> {
  const parent = box(600, 400);
  const contents = [{ parts }];
  render(
    html`<style>
        ${contentStyles}</style
      ><sessions-panel-output tabindex="0" role="group" aria-label="Output of a" .contents=${contents}
        >${renderContent({ parts }, { strings: englishStrings, isCopied: true })}</sessions-panel-output
      >`,
    parent,
  );
  await settled(parent);
  const block = one(parent, 'sessions-panel-output');
  block.dispatchEvent(new PointerEvent('pointerenter'));
  await settled(parent);
  return block;
}

const names = (block: Element) => [...buttons(block).keys()];

describe('the buttons of an output', () => {
  afterEach(emptyPage);

  it('are those that fit its content', async () => {
    const png = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=', title: 'cat.png' } };
    expect(names(await show([{ text: 'plain words' }]))).to.deep.equal(['Copy']);
    expect(names(await show([{ text: '**bold**' }]))).to.deep.equal(['View source', 'Copy']);
    expect(names(await show([png]))).to.deep.equal(['Download cat.png']);
    expect(names(await show([{ json: { a: 1 } }]))).to.deep.equal(['Copy']);
    expect(names(await show([{ executableCode: { language: 'PYTHON', code: 'x = 1' } }]))).to.deep.equal([
      'Wrap lines',
      'Copy',
      'Copy code',
    ]);
  });

  it('copy the whole text as it came, also of one that is shown folded', async () => {
    const text = `# ${'long *line*  \n'.repeat(30_000)}`;
    const copied = copiedTexts();
    const block = await show([{ text }]);
    expect(textOf(block).length, 'it is folded').to.be.lessThan(10_000);
    button(block, 'Copy').click();
    await settled(block);
    copied.restore();
    expect(copied.texts.length).to.equal(1);
    expect(copied.texts[0] === text).to.equal(true);
    expect(textOf(block)).to.contain('Copied');
  });

  it('copy each block of code alone, below its language', async () => {
    const copied = copiedTexts();
    const block = await show([{ text: 'Words\n\n```js\nlet a;\n```\n\n```\nlet b;\n```' }]);
    expect(all(block, '.about').map((head) => textOf(head))).to.deep.equal(['js', 'Code']);
    for (const copy of all(block, '[aria-label="Copy code"]')) copy.click();
    await settled(block);
    copied.restore();
    expect(copied.texts).to.deep.equal(['let a;', 'let b;']);
  });

  it('are joined by the key y, wherever the focus is in the output', async () => {
    const copied = copiedTexts();
    const block = await show([{ text: '```\nlet a;\n```' }]);
    block.focus();
    expect(press('y'), 'the page does not get the key').to.equal(false);
    one(block, 'pre').focus();
    press('y');
    press('y', { ctrlKey: true });
    copied.restore();
    expect(copied.texts).to.deep.equal(['```\nlet a;\n```', '```\nlet a;\n```']);
  });

  it('show the source of formatted text and of JSON, and take it back', async () => {
    for (const [text, drawn] of [
      ['**bold**', 'bold'],
      ['{"price":1.10,  "k":1}', '{ "price": 1.10, "k": 1 }'],
    ] as const) {
      const block = await show([{ text }]);
      const toggle = button(block, 'View source');
      expect(toggle.getAttribute('aria-pressed')).to.equal('false');
      toggle.click();
      await settled(block);
      expect(textOf(block)).to.equal(text.replaceAll(/\s+/g, ' '));
      expect(toggle.getAttribute('aria-pressed')).to.equal('true');
      toggle.click();
      await settled(block);
      expect(textOf(block)).to.equal(drawn);
      emptyPage();
    }
  });

  it('wrap the lines of code, in Markdown as well', async () => {
    const line = `const a = ${'1 + '.repeat(100)}1;`;
    for (const part of [
      { text: `\`\`\`js\n${line}\n\`\`\`` },
      { executableCode: { language: 'js', code: line } },
    ]) {
      const block = await show([part]);
      const code = one(block, 'pre');
      const isCut = () => code.scrollWidth > code.clientWidth;
      expect(isCut()).to.equal(true);
      button(block, 'Wrap lines').click();
      await settled(block);
      expect(isCut()).to.equal(false);
      emptyPage();
    }
  });

  it('have no accessibility problem', async () => {
    const block = await show([{ text: '**bold**\n\n```js\ncode\n```' }, { json: { a: [1, 2] } }]);
    expect(await accessibilityProblems(block)).to.deep.equal([]);
    expect(all(block, '[aria-label="Copy JSON"]').length, 'no second button to copy').to.equal(0);
  });
});
