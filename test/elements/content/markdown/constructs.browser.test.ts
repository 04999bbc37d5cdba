import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { renderProse } from '../../../../src/elements/content/text-view.js';
import { englishStrings } from '../../../../src/elements/strings/english.js';
import { accessibilityProblems, all, box, emptyPage, one, settled } from '../../../support/elements/page.js';
import { showText, tagsOf } from '../../../support/elements/markdown.js';

/** A PNG of one red pixel. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** The text of an element as a person sees it, on one line. */
const lineOf = (element: HTMLElement) => element.innerText.replaceAll(/\s+/g, ' ').trim();

const drawn = async (source: string) => lineOf(one(await showText(source), '.markdown'));

describe('Markdown as models write it', () => {
  afterEach(emptyPage);

  it('shows every cell of a row that is longer than the head of its table', async () => {
    for (const [quote, end] of [
      ['', ''],
      ['> ', ''],
      ['- ', '  '],
      ['1. > ', '   > '],
    ] as const) {
      const start = end === '' ? quote : end;
      const lines = [
        `${quote}| a | b |`,
        `${start}|---|--:|`,
        `${start}| 1 | 2 | **3** | four \\| 4 |`,
        `${start}5 | 6 | 7`,
      ];
      const element = await showText(lines.join('\n'));
      expect(all(element, 'td').map(lineOf)).to.deep.equal(['1', '2', '3', 'four | 4', '5', '6', '7']);
      emptyPage();
    }
  });

  it('shows the definitions that no link uses, and the title and label of the others with their links', async () => {
    const element = await showText(
      'See [this][one] and ![that].\n\n[one]: https://example.com/1 "First"\n[One]: https://example.com/2\n' +
        '[that]: https://example.com/3\n> [three]: https://example.com/4\n> "Fourth"\n\n[five]: /5',
    );
    expect(lineOf(one(element, '.markdown'))).to.equal(
      'See this and that. [One]: https://example.com/2 [three]: https://example.com/4 "Fourth" [five]: /5',
    );
    expect(all<HTMLAnchorElement>(element, 'a')[0]?.title).to.equal('https://example.com/1 · First · ONE');
  });

  it('shows what stands beside the language of code', async () => {
    expect(await drawn('```js title="Read this first"\nlet a;\n```')).to.equal(
      'js title="Read this first" let a;',
    );
  });

  it('shows the address of a link without a text', async () => {
    expect(await drawn('[](https://example.com/a)')).to.equal('https://example.com/a');
    expect(await drawn('[](#a) [ ](./b) [ ](https://example.com/b)')).to.equal(
      '(#a) (./b) https://example.com/b',
    );
  });

  it('shows the text of an image with its marks, and no link within a link', async () => {
    const element = await showText('![a **b** [c](https://c.example)](https://a.example/x.png)');
    expect(lineOf(one(element, '.markdown'))).to.equal('a b c (https://c.example)');
    const badge = await showText('[![build](https://a.example/x.svg)](https://b.example)');
    expect(all<HTMLAnchorElement>(badge, 'a').map(({ href }) => href)).to.deep.equal(['https://b.example/']);
  });

  for (const [source, text] of [
    ['[the part](#part)', 'the part (#part)'],
    ['[a file](./größe%20b.ts)', 'a file (./gr%C3%B6%C3%9Fe%20b.ts)'],
    ['[a file](./größe.ts)', 'a file (./größe.ts)'],
    ['[./a.ts](./a.ts)', './a.ts'],
    ['[site](www.example.com)', 'site (www.example.com)'],
    ['[call](tel:+491234)', 'call (tel:+491234)'],
    ['[up](../a "Title")', 'up (../a)'],
    ['[x](//host.example/y)', 'x (//host.example/y)'],
    ['[x](javascript:alert(1))', 'x (javascript:alert(1))'],
    ['[x](/a%E2%80%AEb)', 'x (/a%E2%80%AEb)'],
    ['**a** <javascript:alert(1)>', 'a javascript:alert(1)'],
    ['![a cat](cat.png)', 'a cat (cat.png)'],
    ['[ref]\n\n[ref]: ./a.md', 'ref (./a.md)'],
  ] as const) {
    it(`shows the words and the address of ${source}`, async () => {
      const element = await showText(source);
      expect(lineOf(one(element, '.markdown'))).to.equal(text);
      expect(all(element, 'a')).to.have.length(0);
    });
  }

  it('keeps an address as it is written', async () => {
    for (const url of ['https://xn--80ak6aa92e.com/%61', 'https://example.com/a_b_c*d*e?x=%E2%80%AE']) {
      expect(await drawn(`At ${url} **x**`)).to.equal(`At ${url} x`);
    }
  });

  it('draws tasks as boxes with names that cannot be changed', async () => {
    const element = await showText(
      '- [ ] write **it**\n- [x] read\n  - [X] inner\n\n1. [ ] loose\n\n2. [y] no task',
    );
    const boxes = all<HTMLInputElement>(element, 'input');
    expect(boxes.map(({ checked, ariaLabel }) => [checked, ariaLabel])).to.deep.equal([
      [false, 'write it'],
      [true, 'read'],
      [true, 'inner'],
      [false, 'loose'],
    ]);
    for (const box of boxes) expect(box.disabled).to.equal(true);
    expect(lineOf(one(element, '.markdown'))).to.equal('write it read inner loose [y] no task');
    expect(await accessibilityProblems(element)).to.deep.equal([]);
  });

  it('takes no task from a link or an escaped bracket', async () => {
    const element = await showText('- [x] a\n- \\[ ] b\n\n[x]: https://example.com');
    expect(all(element, 'input')).to.have.length(0);
    expect(lineOf(one(element, '.markdown'))).to.equal('x a [ ] b');
  });

  it('breaks lines at <br>, and reads no other markup', async () => {
    const element = await showText('| a |\n|---|\n| one<br>two<BR/>three<br />four <b>x</b> `<br>` |');
    expect(all(one(element, 'td'), 'br')).to.have.length(3);
    expect(lineOf(one(element, 'td'))).to.contain('four <b>x</b> <br>');
    expect(tagsOf(await showText('one<br>\ntwo <br x> <brx> <br/'))).to.equal('p br');
  });

  it('keeps the numbers of a list', async () => {
    const values = async (source: string) =>
      all<HTMLLIElement>(await showText(source), 'ol > li').map(({ value }) => value);
    expect(await values('2. a\n4. b\n5. c\n1. d')).to.deep.equal([0, 4, 0, 1]);
    expect(await values('1. a\n1. b\n1. c')).to.deep.equal([0, 0, 0]);
    expect(await values('3. a\n   - x\n   1. y\n   7. z\n4. b')).to.deep.equal([0, 0, 7, 0]);
  });

  for (const formula of [
    '$a_1 + b_1$',
    '$$\\sum_{i=1}^n x_i * y_i * z$$',
    '\\(a_1 \\cdot b_1\\)',
    '\\[x_1 = \\frac{a}{b}\\]',
    '$$\na_1 = b\n- c_1\n+ d\n$$',
    '\\[\n\\begin{aligned}\n1. x &= y \\\\\n\\end{aligned}\n\\]',
    '$$ a_1\n= b_1 $$',
  ]) {
    it(`leaves ${JSON.stringify(formula)} as it is`, async () => {
      for (const [before, after] of [
        ['Text\n', '\n*more*'],
        ['> ', ''],
        ['- a\n\n  ', ''],
      ] as const) {
        const lines = before.startsWith('>') ? '\n> ' : before.startsWith('-') ? '\n  ' : '\n';
        const element = await showText(`${before}${formula.replaceAll('\n', lines)}${after}`);
        expect(one(element, '.formula').textContent).to.equal(formula);
        emptyPage();
      }
    });
  }

  for (const [source, text] of [
    ['costs $5 and **not $10**', 'costs $5 and not $10'],
    ['US$5_000 and US$6_000', 'US$5_000 and US$6_000'],
    ['from $5 ([*x*](https://x.example)) to 6$ ', 'from $5 (x) to 6$'],
    ['\\[optional\\] and \\(this\\)', '[optional] and (this)'],
    ['`$a_1$` and \\$a*b*\\$', '$a_1$ and $ab$'],
  ] as const) {
    it(`takes no formula from ${JSON.stringify(source)}`, async () => {
      const element = await showText(source);
      expect(lineOf(one(element, '.markdown'))).to.equal(text);
      expect(all(element, '.formula')).to.have.length(0);
    });
  }

  it('names the quotes that stand out', async () => {
    const element = await showText(
      '> [!NOTE]\n> Read **this**.\n\n> [!warning]\n>\n> - a\n\n> [!TIP] no\n\n> [!OTHER]\n> x',
    );
    expect(all(element, '.alert').map(lineOf)).to.deep.equal(['Note Read this.', 'Warning a']);
    expect(all(element, 'blockquote').map(lineOf).slice(2)).to.deep.equal(['[!TIP] no', '[!OTHER] x']);
  });

  it('shows footnotes, also those of one word', async () => {
    expect(
      await drawn('Said[^1] and [^b][^c].\n\n[^1]: Source\n[^b]: More *text*\n[^c]: https://example.com'),
    ).to.equal('Said[1] and [b][c]. [1]: Source [b]: More text [c]: https://example.com');
  });

  it('shows a picture that is written into the text', async () => {
    for (const source of [
      `Look: ![a dot](data:image/png;base64,${PNG} "Red") **x**`,
      `![a dot][dot]\n\n[dot]: <data:image/png;base64,${PNG}> "Red"`,
    ]) {
      const element = await showText(source);
      const image = one<HTMLImageElement>(element, 'img');
      expect([image.alt, image.title, image.src]).to.deep.equal([
        'a dot',
        'Red',
        `data:image/png;base64,${PNG}`,
      ]);
      expect(lineOf(element)).not.to.contain('iVBOR');
      emptyPage();
    }
  });

  it('shows a picture of any size, and the text around it', async () => {
    const element = await showText(
      `**Before** ![x](data:image/png;base64,${PNG.replaceAll('=', '').repeat(2000)}) after`,
    );
    expect(all(element, 'img')).to.have.length(1);
    expect(lineOf(one(element, '.markdown'))).to.equal('Before after');
  });

  it('names a picture that it cannot show, instead of its data', async () => {
    const size = PNG.repeat(200).replaceAll('=', '');
    const svg = btoa('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    for (const [source, text] of [
      [`![x](data:image/tiff;base64,${size})`, 'x (picture, 14.1 kB)'],
      [`[see](data:image/png;base64,${size})`, 'see (picture, 14.1 kB)'],
      [`data:image/png;base64,${size}`, 'picture, 14.1 kB'],
      [`growing ![x](data:image/png;base64,${size}`, 'growing ![x](picture, 14.1 kB'],
      [`![x](data:image/svg+xml;base64,${svg})`, `x (picture, 64 bytes)`],
      [`[unused]: data:image/png;base64,${size}`, '[unused]: picture, 14.1 kB'],
    ] as const) {
      const element = await showText(source);
      expect(all(element, 'img, a')).to.have.length(0);
      expect(lineOf(one(element, '.markdown'))).to.equal(text);
      emptyPage();
    }
  });

  it('draws one picture only as often as its text is long', async () => {
    const picture = `data:image/png;base64,${PNG.replaceAll('=', '').repeat(500)}`;
    const element = await showText(`[a]: ${picture}\n\n${'![a]'.repeat(1000)}`);
    expect(all(element, 'img')).to.have.length(4);
    expect(lineOf(one(element, '.markdown')).match(/a \(picture, [\d.]+ kB\)/g)).to.have.length(996);
    const icons = await showText(`[a]: data:image/png;base64,${PNG}\n\n${'![a] '.repeat(100)}`);
    expect(all(icons, 'img')).to.have.length(26);
  });

  it('keeps pictures in code as they are written, and names nothing that the text did not bring', async () => {
    const url = `data:image/png;base64,${PNG}`;
    const element = await showText(
      `![data:picture-0;](data:picture-0;) \`${url}\`\n\n\`\`\`\n${url}\n\`\`\``,
    );
    expect(all(element, 'code').map(lineOf)).to.deep.equal([url, url]);
    expect(all(element, 'img')).to.have.length(0);
    expect(lineOf(one(element, 'p'))).to.contain('data:picture-0;');
  });

  it('emphasises beside Chinese, Japanese and Korean punctuation', async () => {
    for (const [source, text] of [
      ['**この文は重要です。**次の文', 'この文は重要です。'],
      ['这是**“重点”**内容', '“重点”'],
      ['**注意：**请看', '注意：'],
      ['中文*（强调）*中文', '（强调）'],
      ['**마크다운(Markdown)**은', '마크다운(Markdown)'],
    ] as const) {
      const element = await showText(source);
      expect(all(element, 'strong, em').map(lineOf)).to.deep.equal([text]);
    }
    expect(all(await showText('a**"b"**c 2 * 3 * 4 snake_case_名'), 'strong, em')).to.have.length(0);
  });

  it('takes the direction of each paragraph from its first letter, once', async () => {
    const element = await showText('שלום **x**\n\n1 2 *3*\n\n- hello\n- 1. مرحبا x\n\n# *!* Title');
    const directions = all(one(element, '.markdown'), 'p, li').map(({ dir }) => dir);
    expect(directions).to.deep.equal(['rtl', '', 'ltr', 'rtl', 'rtl', 'ltr']);
    // Chromium would look for the first letter again at each child that is added.
    expect(all(one(element, '.markdown'), '[dir=auto]')).to.have.length(0);
  });

  it('shows a long text without buttons of its own as a whole', async () => {
    for (const text of ['**word** '.repeat(1000), 'word '.repeat(2000)]) {
      const parent = box(600, 400);
      render(html`${renderProse(`${text}end`, { strings: englishStrings })}`, parent);
      await settled(parent);
      all(parent, '[part=text-more]')[0]?.click();
      await settled(parent);
      expect(lineOf(one(parent, '[part=text]'))).to.match(/end$/);
      emptyPage();
    }
  });
});
