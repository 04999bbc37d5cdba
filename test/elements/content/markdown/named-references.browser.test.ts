import { expect } from '@open-wc/testing';
import MarkdownIt from 'markdown-it';
import { decodeNamedReference } from '../../../../src/elements/content/markdown/named-references.js';

/** As the library decodes it, which has the whole table. */
function byTheLibrary(reference: string): string {
  return new MarkdownIt().utils.unescapeAll(reference);
}

describe('decodeNamedReference', () => {
  for (const [kind, names] of Object.entries({
    'one character': ['amp', 'lt', 'quot', 'nbsp', 'eacute', 'Eacute', 'euro', 'hellip', 'semi', 'NewLine'],
    'a character outside the basic plane': ['Afr', 'zscr', 'Copf'],
    'two characters': ['NotEqualTilde', 'bne', 'fjlig', 'ThickSpace'],
    'the longest name': ['CounterClockwiseContourIntegral'],
    'a name that HTML does not have': ['unknown', 'AMPLE', 'a1', 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz'],
    'a name that begins with one that needs no semicolon': ['notit', 'ampx', 'copycat', 'ltgt', 'notin'],
  })) {
    it(`decodes like the table that it replaces: ${kind}`, () => {
      const references = names.map((name) => `&${name};`);
      expect(references.map(decodeNamedReference)).to.deep.equal(references.map(byTheLibrary));
      // The second time without the browser.
      expect(references.map(decodeNamedReference)).to.deep.equal(references.map(byTheLibrary));
    });
  }

  it('leaves everything as it is that is not one reference by name', () => {
    for (const text of ['', '&', '&amp', '&amp;&lt;', '&#65;', '<b>', '&amp;<img src=x>', 'text'])
      expect(decodeNamedReference(text)).to.equal(text);
  });

  it('decodes also after more different names than it remembers', () => {
    for (let count = 0; count < 6000; count += 1) decodeNamedReference(`&x${count};`);
    expect(decodeNamedReference('&eacute;')).to.equal('é');
    expect(decodeNamedReference('&x1;')).to.equal('&x1;');
  });
});
