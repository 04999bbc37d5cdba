import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { html, render } from 'lit';
import { renderProse } from '../../../../src/elements/content/text-view.js';
import { englishStrings } from '../../../../src/elements/strings/english.js';
import { anyCharacters, anyMarkdown, anyMarks } from '../../../support/elements/markdown-sources.js';
import { box, emptyPage } from '../../../support/elements/page.js';

/** What can be read of a drawn text: its words, the numbers of its lists, and what stands in the titles of links and images. */
function readable(drawn: Element): string {
  const attributes = [...drawn.querySelectorAll('[title], [alt]')].flatMap((element) => [
    element.getAttribute('title'),
    element.getAttribute('alt'),
  ]);
  const numbers = [...drawn.querySelectorAll('ol')].flatMap(numbersOf);
  return [drawn.textContent, ...attributes, ...numbers].join(' ');
}

function numbersOf(list: HTMLOListElement): readonly number[] {
  let next = list.start;
  return [...list.children].map((item) => {
    const number = item.hasAttribute('value') ? Number(item.getAttribute('value')) : next;
    next = number + 1;
    return number;
  });
}

/** The words of a text; those that are marks are left out: entities, line breaks, ticks of tasks, kinds of quotes. */
function wordsOf(source: string): readonly string[] {
  const words =
    source.replaceAll(/&#?\w+;|<br[ \t]*\/?>|\[[xX]\]|\[!\w+\]/gi, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => (/^\d+$/.test(word) ? String(Number(word)) : word));
}

function lostWords(source: string): readonly string[] {
  const parent = box(400, 200);
  render(html`${renderProse(source, { strings: englishStrings })}`, parent);
  const drawn = readable(parent).toLowerCase();
  parent.remove();
  return wordsOf(source).filter((word) => !drawn.includes(word.toLowerCase()));
}

describe('no word of a text is lost', () => {
  afterEach(emptyPage);

  for (const [what, source, numRuns] of [
    ['Markdown of all constructs', anyMarkdown, 1500],
    ['random marks', anyMarks, 1500],
    ['characters of all kinds', anyCharacters, 1000],
  ] as const) {
    it(`in ${what}`, function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(source, (text) => {
          expect(lostWords(text), JSON.stringify(text)).to.deep.equal([]);
        }),
        { seed: 1, numRuns },
      );
    });
  }
});
