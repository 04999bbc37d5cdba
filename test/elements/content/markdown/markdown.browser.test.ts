import { expect } from '@open-wc/testing';
import type { FormattedText } from '../../../../src/elements/content/formatted-text.js';
import { plainLine } from '../../../../src/elements/strings/plain-line.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  emptyPage,
  one,
  settled,
  textOf,
} from '../../../support/elements/page.js';
import { showText, tagsOf } from '../../../support/elements/markdown.js';

describe('Markdown of a run', () => {
  afterEach(emptyPage);

  for (const [source, expected, text] of [
    ['**bold** and *soft* and ~~gone~~', 'p strong em s', 'bold and soft and gone'],
    ['# One\n\n### Three', 'p p', 'One Three'],
    ['- a\n- b\n  1. c', 'ul li li ol li', 'a b c'],
    ['> quoted', 'blockquote p', 'quoted'],
    ['`x < y`', 'p code', 'x < y'],
    ['```js\nlet a;\n```', 'div span sessions-panel-copy span button svg rect path pre code', 'js let a;'],
    ['```\nlet a;\n```', 'div span sessions-panel-copy span button svg rect path pre code', 'Code let a;'],
    ['| a | b |\n| - | - |\n| 1 | 2 |', 'div table thead tr th th tbody tr td td', 'a b 1 2'],
    ['*one*\ntwo', 'p em br', 'one two'],
    ['a &amp; b\n\n---', 'p hr', 'a & b'],
  ] as const) {
    it(`formats ${JSON.stringify(source)}`, async () => {
      const element = await showText(source);
      expect(tagsOf(element)).to.equal(expected);
      expect(textOf(one(element, '.markdown'))).to.equal(text);
    });
  }

  it('leaves a text without any Markdown as it is, with its line breaks', async () => {
    const element = await showText('one\n  two');
    expect(all(element, '.markdown')).to.have.length(0);
    expect(one(element, '.text').textContent).to.equal('one\n  two');
  });

  it('shows JSON that came as text as JSON', async () => {
    const element = await showText('{"a": [1]}');
    expect(textOf(one(element, '[role=tree]'))).to.equal('{ "a": [ 1 ] }');
  });

  it('opens links in a new tab without a referrer, and shows their target', async () => {
    const element = await showText(
      '[docs](https://example.com/a) <mailto:me@example.com> https://example.org/b',
    );
    const links = all<HTMLAnchorElement>(element, 'a');
    expect(links.map(({ href }) => href)).to.deep.equal([
      'https://example.com/a',
      'mailto:me@example.com',
      'https://example.org/b',
    ]);
    for (const link of links) {
      expect(link.target).to.equal('_blank');
      expect(link.rel).to.equal('noopener noreferrer');
      expect(link.title).to.equal(link.href);
    }
  });

  it('shows the host of a link whose text is another address', async () => {
    const element = await showText(
      '[https://accounts.**example**.org](https://evil.example/x) [fine](https://a.example)',
    );
    const visible = one(element, '.markdown').textContent?.trim();
    expect(visible).to.equal('https://accounts.example.org (evil.example) fine');
    const image = await showText('![accounts.example.org](https://evil.example/x.png)');
    expect(one(image, '.markdown').textContent?.trim()).to.equal('accounts.example.org (evil.example)');
  });

  for (const [what, line] of [
    ['lists', (level: number) => `${'  '.repeat(level)}- word${level}x`],
    ['quotes', (level: number) => `${'>'.repeat(level + 1)} word${level}x`],
    ['lists in quotes', (level: number) => `${'> '.repeat(level + 1)}${'  '.repeat(level)}- word${level}x`],
    ['numbered lists', (level: number) => `${'   '.repeat(level)}1. word${level}x`],
  ] as const) {
    it(`loses nothing of a text with many levels: ${what}`, async () => {
      for (const levels of [5, 12, 19, 20, 21, 39, 40, 41, 60, 100]) {
        const lines = Array.from({ length: levels }, (_, level) => line(level));
        const element = await showText(`${lines.join('\n')}\n\nWhat follows?`, { isBare: true });
        for (const more of all(element, '[part=text-more]')) more.click();
        await settled(element);
        const text = textOf(element);
        for (let level = 0; level < levels; level += 1) expect(text).to.contain(`word${level}x`);
        expect(text).to.contain('What follows?');
        if (levels < 13) expect(all(element, '.markdown .source')).to.have.length(0);
      }
    });
  }

  it('aligns the columns of a table as it says', async () => {
    const element = await showText('| a | b | c | d |\n|:--|--:|:-:|---|\n| 1 | 2 | 3 | 4 |');
    const sides = all(element, 'td').map((cell) => getComputedStyle(cell).textAlign);
    expect(sides.slice(0, 3)).to.deep.equal(['left', 'right', 'center']);
  });

  it('counts a list from 0 where it says so', async () => {
    expect(one<HTMLOListElement>(await showText('0. zero\n1. one'), 'ol').start).to.equal(0);
    expect(one<HTMLOListElement>(await showText('7. seven'), 'ol').start).to.equal(7);
  });

  it('links only http, https and mailto', async () => {
    const sources = [
      '[a](javascript:alert(1))',
      '[a](data:text/html,x)',
      '[a](vbscript:x)',
      '[a](/relative)',
      '[a](//host)',
      '[a](file:///etc/passwd)',
      '[a](java&#115;cript:alert(1))',
      '<javascript:alert(1)>',
      '[a]: javascript:alert(1)\n[a]',
    ];
    for (const source of sources) expect(all(await showText(source), 'a'), source).to.have.length(0);
  });

  it('links images instead of loading them', async () => {
    const element = await showText('![a cat](https://example.com/cat.png)');
    expect(all(element, 'img')).to.have.length(0);
    expect(one<HTMLAnchorElement>(element, 'a').href).to.equal('https://example.com/cat.png');
    expect(textOf(one(element, 'a'))).to.equal('a cat');
  });

  it('shows markup as text', async () => {
    const element = await showText('**x** <b class="y" style="color:red" onclick="z()">bold</b>');
    expect(tagsOf(element)).to.equal('p strong');
    expect(textOf(element)).to.contain('<b class="y" style="color:red" onclick="z()">bold</b>');
  });

  it('has no buttons in a question', async () => {
    expect(buttons(await showText('How many **stanzas**?', { isBare: true })).size).to.equal(0);
  });

  it('folds a very long text, and shows its length', async () => {
    const element = await showText(`start ${'word '.repeat(2398)}end.`.padEnd(12_000, '!'));
    expect(textOf(element)).to.contain('start').and.not.to.contain('end.');
    button(element, 'Show all 12,000 characters').click();
    await settled(element);
    expect(textOf(element)).to.contain('end.');
    button(element, 'Show less').click();
    await settled(element);
    expect(textOf(element)).not.to.contain('end.');
  });

  it('shows the end of a long text that grows', async () => {
    const element = await showText(`start ${'word '.repeat(2398)}end.`, { isGrowing: true });
    expect(textOf(element)).to.contain('end.').and.not.to.contain('start');
  });

  it('stays fast and small for texts made to be slow', async () => {
    const pieces = ['*a_', '[', '![', '>', '1. ', '<a ', '**a ', '[](', '`', '- ', '|', '\\', '&#'];
    for (const piece of pieces) {
      const element = await showText(piece.repeat(40_000 / piece.length));
      expect(all(element, '*').length, piece).to.be.lessThan(9000);
      button(
        element,
        'Show all 40,000 characters'.replace(
          '40,000',
          (Math.floor(40_000 / piece.length) * piece.length).toLocaleString('en'),
        ),
      ).click();
      await settled(element);
      emptyPage();
    }
  });

  it('stays unfolded while text is added', async () => {
    const element = await showText('**a**');
    const text = one<FormattedText>(element, 'sessions-panel-text');
    text.isSource = true;
    text.text = '**a** b';
    await settled(element);
    expect(textOf(element)).to.equal('**a** b');
  });

  it('has no accessibility problem', async () => {
    const element = await showText(
      '# Title\n\n- a [link](https://example.com)\n\n```\ncode\n```\n\n| a |\n| - |\n| b |',
    );
    expect(await accessibilityProblems(element)).to.deep.equal([]);
  });

  it('has a plain form of one line', () => {
    expect(plainLine('**Reading the request**\n\n1. This is [about](https://x) `tea`, snake_case')).to.equal(
      'Reading the request This is about tea, snake_case',
    );
  });
});
