import { expect } from '@open-wc/testing';
import { html, render } from 'lit';
import { contentStyles } from '../../../src/elements/content/content.styles.js';
import { renderContent } from '../../../src/elements/content/content-view.js';
import { type ContentOptions } from '../../../src/elements/content/text-view.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import type { ContentPart } from '../../../src/protocol/content.js';
import {
  accessibilityProblems,
  all,
  box,
  emptyPage,
  one,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';

function show(
  parts: readonly ContentPart[],
  resolveHandle?: ContentOptions['resolveHandle'],
  fileUrlPrefix?: string,
): HTMLElement {
  const parent = box(600, 400);
  const options = { strings: englishStrings, resolveHandle, fileUrlPrefix };
  render(
    html`<style>
        ${contentStyles}</style
      >${renderContent({ parts }, options)}`,
    parent,
  );
  return parent;
}

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const globals = globalThis as { wasRun?: boolean };

describe('content of a run', () => {
  afterEach(emptyPage);

  it('shows text with its line breaks, never as markup', () => {
    const element = show([{ text: 'one\n<b>two</b>' }]);
    const text = element.querySelector('.text')!;
    expect(text.textContent).to.equal('one\n<b>two</b>');
    expect(text.children).to.have.length(0);
    expect(getComputedStyle(text).whiteSpace).to.contain('pre');
  });

  it('shows JSON objects and arrays as trees, and scalars as they are', async () => {
    const element = show([{ json: { a: [1] } }, { json: 'text' }]);
    await settled(element);
    expect(one(element, '[role=tree]').getAttribute('aria-label')).to.equal('JSON');
    expect(textOf(element)).to.equal('{ "a": [ 1 ] } "text"');
  });

  it('shows images, audio and video', () => {
    const element = show([
      { inlineData: { mimeType: 'image/png', data: PIXEL, title: 'A pixel' } },
      { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
      { inlineData: { mimeType: 'video/mp4', data: 'AAAA' } },
    ]);
    expect(element.querySelector('img')?.alt).to.equal('A pixel');
    expect(element.querySelector('img')?.src).to.match(/^data:image\/png;base64,/);
    expect(element.querySelector('audio')?.src).to.match(/^data:audio\/wav;/);
    expect(element.querySelector('video')?.src).to.match(/^data:video\/mp4;/);
  });

  it('offers files to download, with a neutral type', () => {
    const link = show([
      { inlineData: { mimeType: 'application/pdf', data: 'AAAA', title: 'report.pdf' } },
    ]).querySelector('a')!;
    expect(link.download).to.equal('report.pdf');
    expect(link.href).to.equal('data:application/octet-stream;base64,AAAA');
    expect(link.parentElement?.textContent).to.contain('report.pdf');
  });

  it('shows files with their names and sizes, and the content of a text file below its name', async () => {
    const element = show([
      { inlineData: { mimeType: 'text/plain', data: btoa('one\ntwo'), title: 'notes.txt' } },
      { inlineData: { mimeType: 'text/markdown', data: btoa('# Hi'), title: 'read.md' } },
      { inlineData: { mimeType: 'application/json', data: btoa('{"a":1}'), title: 'a.json' } },
      { inlineData: { mimeType: 'image/png', data: PIXEL, title: 'dot.png' } },
      { inlineData: { mimeType: 'text/html', data: btoa('<p>Hi</p>'), title: 'a.html' } },
      { inlineData: { mimeType: 'text/plain', data: '', title: 'empty.txt' } },
    ]);
    await settled(element);
    expect([...element.querySelectorAll('.caption')].map(textOf)).to.deep.equal([
      'notes.txt · 7 bytes',
      'read.md · 4 bytes',
      'a.json · 7 bytes',
      'dot.png · 70 bytes',
      'a.html · 9 bytes',
    ]);
    expect(textOf(element)).to.contain('one two').and.to.contain('empty.txt · 0 bytes Download');
    expect(await accessibilityProblems(element)).to.deep.equal([]);
  });

  it('shows JSON text as a tree in which numbers and doubled keys stand as written', async () => {
    const json = '{"b":12345678901234567890,"price":1.10,"x":1e400,"k":"first","k":"second"}';
    const drawn = '{ "b": 12345678901234567890, "price": 1.10, "x": 1e400, "k": "first", "k": "second" }';
    for (const part of [
      { text: json },
      { inlineData: { mimeType: 'application/json', data: btoa(json), title: 'a.json' } },
    ]) {
      const element = show([part]);
      await settled(element);
      expect(textOf(one(element, '[role=tree]'))).to.equal(drawn);
    }
  });

  it('copies the source of JSON text', async () => {
    const json = '{"price":1.10,  "k":1, "k":2}';
    const element = show([{ text: json }]);
    await settled(element);
    const written: string[] = [];
    const original = navigator.clipboard.writeText;
    navigator.clipboard.writeText = (text) => Promise.resolve(void written.push(text));
    one(element, '[aria-label="Copy JSON"]').click();
    await settled(element);
    navigator.clipboard.writeText = original;
    expect(written).to.deep.equal([json]);
  });

  it('shows JSON text that is too long for a tree as it is, not as Markdown', async () => {
    const json = JSON.stringify(Array.from({ length: 40_000 }, (_, at) => `*${at}* 1. _x_`));
    const element = show([{ text: json }]);
    await settled(element);
    expect(textOf(one(element, '[part=text]'))).to.equal(json.slice(0, 4000).replace(/ \S*$/, ''));
  });

  it('keeps the direction of a file name from moving its size', async () => {
    const element = show([{ inlineData: { mimeType: 'text/plain', data: btoa('hi'), title: 'a\u202Etxt' } }]);
    await settled(element);
    expect(textOf(one(element, '.caption'))).to.equal('atxt · 2 bytes');
  });

  it('shows a stored file if the host resolves its handle', () => {
    const part = { storedData: { handle: 'files/1', mimeType: 'image/png' } };
    const image = show([part], (handle) => `https://example.com/${handle}`).querySelector('img');
    expect(image?.src).to.equal('https://example.com/files/1');
    expect(show([part]).textContent).to.contain('Can’t be shown here');
  });

  it('shows calls and code of a model', async () => {
    const element = show([
      { functionCall: { name: 'search', args: { q: 'beans' } } },
      { functionResponse: { name: 'search', response: [1] } },
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      { codeExecutionResult: { outcome: 'OK', output: '1' } },
      { text: 'hm', thought: true },
    ]);
    await settled(element);
    for (const text of ['search()', '"q": "beans"', 'Code (python)', 'print(1)', 'Code output', 'hm']) {
      expect(textOf(element)).to.contain(text);
    }
  });

  it('shows an unknown part as JSON', async () => {
    const element = show([{ hologram: { depth: 3 } } as ContentPart]);
    await settled(element);
    expect(textOf(element)).to.contain('hologram');
  });

  it('has no accessibility problem', async () => {
    const element = show([
      { text: 'text' },
      { json: { long: Array.from({ length: 60 }, (_, index) => index) } },
      { inlineData: { mimeType: 'image/png', data: PIXEL } },
      { inlineData: { mimeType: 'text/html', data: btoa('<p>page</p>') } },
      { inlineData: { mimeType: 'application/zip', data: 'AAAA' } },
    ]);
    await settled(element);
    expect(await accessibilityProblems(element)).to.deep.equal([]);
  });
});

describe('hostile content of a run', () => {
  afterEach(emptyPage);

  it('runs no script in a page, and gives it no rights', async () => {
    delete globals.wasRun;
    const page = '<script>parent.wasRun = true; top.location = "about:blank#x"</script><p>harmless</p>';
    const element = show([{ inlineData: { mimeType: 'text/html', data: btoa(page), title: 'Page' } }]);
    await element.querySelector('sessions-panel-page')!.updateComplete;
    const frame = element.querySelector('iframe')!;
    expect(frame.getAttribute('sandbox')).to.equal('');
    expect(frame.title).to.equal('Page');
    expect(frame.srcdoc).to.contain("default-src 'none'");
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    expect(globals.wasRun).to.equal(undefined);
    expect(frame.contentDocument).to.equal(null);
  });

  it('draws a small SVG of plain shapes', async () => {
    const drawing =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Dot</title><g fill="red"><circle r="4"/></g></svg>';
    const element = show([{ inlineData: { mimeType: 'image/svg+xml', data: btoa(drawing), title: 'Dot' } }]);
    const image = element.querySelector('img')!;
    await until(() => image.complete && image.naturalWidth > 0);
    expect(image.alt).to.equal('Dot');
    expect(decodeURIComponent(image.src)).to.equal(`data:image/svg+xml,${drawing}`);
  });

  const shapes = (content: string) => `<svg xmlns="http://www.w3.org/2000/svg">${content}</svg>`;
  for (const drawing of [
    '<svg xmlns="http://www.w3.org/2000/svg" onload="parent.wasRun=true"><script>parent.wasRun=true</script></svg>',
    shapes('<g id="a"><path d="M0 0"/></g><use href="#a"/><use href="#a"/>'),
    shapes('<pattern id="p" width="1" height="1"/><rect fill="url(#p)"/>'),
    shapes('<filter id="f"><feTurbulence numOctaves="10"/></filter><rect filter="url(#f)"/>'),
    shapes('<linearGradient id="a"/><linearGradient id="b" href="#a"/>'),
    shapes('<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">x</div></foreignObject>'),
    shapes('<mask id="m"/>'),
    shapes('<clipPath id="c"/>'),
    shapes('<marker id="m"/>'),
    shapes('<rect><animate attributeName="x" values="0;9" repeatCount="indefinite"/></rect>'),
    shapes('<style>rect { filter: blur(200px) }</style><rect/>'),
    shapes('<rect style="filter:blur(200px)"/>'),
    shapes('<path d="M0 0L9e9 9e9" stroke-dasharray="0.001"/>'),
    shapes('<g opacity=".9"><rect/></g>'),
    shapes('<rect/>'.repeat(2000)),
    '<!DOCTYPE svg [<!ENTITY a "<rect/><rect/>"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
    `<?xml version="1.0" encoding="utf-7"?>${shapes('+ADw-use href=+ACI-#a+ACI-/+AD4-<style/>')}`,
    'no picture',
  ]) {
    it(`draws another SVG on request, in a frame: ${drawing.slice(0, 110)}`, async () => {
      delete globals.wasRun;
      const part = { inlineData: { mimeType: 'image/svg+xml', data: btoa(drawing), title: 'drawing.svg' } };
      const element = show([part]);
      await settled(element);
      expect(element.querySelectorAll('img, iframe, svg:not(.icon)')).to.have.length(0);
      expect(element.querySelector('a')!.download).to.equal('drawing.svg');
      expect(await accessibilityProblems(element)).to.deep.equal([]);
      element.querySelector<HTMLElement>('sessions-panel-page button')!.click();
      await settled(element);
      const frame = element.querySelector('iframe')!;
      expect(frame.title).to.equal('drawing.svg');
      expect(frame.srcdoc).to.contain(`<img alt="" src="data:image/svg+xml;base64,${btoa(drawing)}">`);
      expect(globals.wasRun).to.equal(undefined);
    });
  }

  it('makes no link to a script or to data', () => {
    const element = show(
      [
        { fileData: { fileUri: 'javascript:alert(1)', mimeType: 'text/html' } },
        { fileData: { fileUri: 'data:text/html,<script>alert(1)</script>', mimeType: 'image/png' } },
        { storedData: { handle: 'x', mimeType: 'image/png' } },
      ],
      () => 'javascript:alert(1)',
    );
    expect(element.querySelectorAll('a, img, iframe')).to.have.length(0);
    expect(element.textContent).to.contain('Can’t be shown here');
  });

  it('loads nothing from an address that a run names', async () => {
    const own = new URL('/logout?all=1', location.href).href;
    const types = ['image/png', 'image/svg+xml', 'audio/wav', 'video/mp4', 'text/html', 'application/pdf'];
    const element = show([
      ...[own, 'https://hostile.invalid/pixel.png', `blob:${location.origin}/x`].flatMap((fileUri) =>
        types.map((mimeType) => ({ fileData: { fileUri, mimeType } })),
      ),
      { text: `![x](${own}) **x**` },
    ]);
    await settled(element);
    expect(element.querySelectorAll('img, audio, video, iframe, source')).to.have.length(0);
    expect(all(element, 'a')).to.have.length(19);
    expect(performance.getEntriesByName(own)).to.deep.equal([]);
  });

  it('loads the files below the address that the host names', () => {
    const prefix = '/files';
    const sources = [
      '/files/a.png',
      '/files',
      '/files-of-others/a.png',
      '/files/../logout',
      '/files/%2e%2e/logout',
      '/files/..%2flogout',
      '/filesx',
      '/',
      'https://hostile.invalid/files/a.png',
      `http://user@${location.host}/files/a.png`,
    ].map((path) => new URL(path, location.href).href);
    const element = show(
      sources.map((fileUri) => ({ fileData: { fileUri, mimeType: 'image/png' } })),
      undefined,
      prefix,
    );
    expect([...element.querySelectorAll('img')].map(({ src }) => src)).to.deep.equal(sources.slice(0, 2));
    expect(
      show([{ fileData: { fileUri: sources[0]!, mimeType: 'image/png' } }], undefined, '').querySelector(
        'img',
      ),
    ).to.equal(null);
  });

  it('opens links without giving this page away', () => {
    const link = show([
      { fileData: { fileUri: 'https://example.com/report', mimeType: 'application/pdf' } },
    ]).querySelector('a')!;
    expect(link.rel).to.equal('noopener noreferrer');
    expect(link.target).to.equal('_blank');
  });

  it('shows broken data as a file, without a link', () => {
    const element = show([{ inlineData: { mimeType: 'image/png', data: '"><script>x</script>' } }]);
    expect(element.querySelectorAll('img, a, script')).to.have.length(0);
    expect(element.textContent).to.contain('image/png');
  });
});
