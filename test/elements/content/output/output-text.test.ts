import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outputFiles } from '../../../../src/elements/content/output/output-files.js';
import { hasOutputText, outputText } from '../../../../src/elements/content/output/output-text.js';

const file = (mimeType: string, text: string, title?: string) => ({
  inlineData: { mimeType, data: btoa(text), ...(title === undefined ? {} : { title }) },
});

describe('the text of an output, to be copied', () => {
  it('is the text as it came, with its marks, white space and pieces in one', () => {
    const text = outputText([{ parts: [{ text: '# A *title*\n\n  two' }, { text: ' spaces  ' }] }]);
    assert.equal(text, '# A *title*\n\n  two spaces  ');
  });

  it('is the whole of a text that is shown folded', () => {
    const long = 'word '.repeat(400_000);
    assert.equal(outputText([{ parts: [{ text: long }] }]), long);
  });

  it('separates contents, and parts of other kinds, by an empty line', () => {
    const text = outputText([
      { parts: [{ text: 'first' }] },
      {
        parts: [
          { text: 'second' },
          { json: { a: [1] } },
          { executableCode: { language: 'py', code: 'x = 1' } },
        ],
      },
      { parts: [file('text/csv', 'a,b'), file('text/html', '<b>c</b>')] },
    ]);
    const json = '{\n  "a": [\n    1\n  ]\n}';
    assert.equal(text, ['first', 'second', json, 'x = 1', 'a,b', '<b>c</b>'].join('\n\n'));
  });

  it('has no thoughts, pictures or other bytes', () => {
    const contents = [
      { parts: [{ text: 'hm', thought: true }, file('image/png', 'x'), file('application/zip', 'x')] },
    ];
    assert.equal(outputText(contents), '');
    assert.equal(hasOutputText(contents), false);
    assert.equal(hasOutputText([{ parts: [file('text/plain', 'x')] }]), true);
  });
});

describe('the files of an output', () => {
  it('are its pictures, audio, video and pages, by their title or their type', () => {
    const contents = [
      {
        parts: [
          file('image/png', 'x', 'cat.png'),
          file('image/svg+xml', 'x'),
          file('audio/mpeg', 'x'),
          file('text/html; charset=utf-8', 'x'),
          file('text/plain', 'x'),
          file('application/pdf', 'x'),
          { text: 'x' },
        ],
      },
    ];
    assert.deepEqual(
      outputFiles(contents).map(({ name }) => name),
      ['cat.png', 'output.svg', 'output.mpeg', 'output.html'],
    );
  });
});
