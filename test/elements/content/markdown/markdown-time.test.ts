import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataPictures } from '../../../../src/elements/content/markdown/data-pictures.js';
import { renderMarkdown } from '../../../../src/elements/content/markdown/markdown.js';
import { parseMarkdown } from '../../../../src/elements/content/markdown/markdown-parser.js';
import { MAX_TOKENS } from '../../../../src/elements/content/markdown/syntax/token-budget.js';
import { englishStrings } from '../../../../src/elements/strings/english.js';
import { SLOW_TEXTS } from '../../../support/elements/slow-markdown.js';
import { checkPace } from '../../../support/fuzz/pace.js';

describe('the time of formatting 40,000 characters is bounded', () => {
  for (const [kind, text] of SLOW_TEXTS) {
    it(kind, async () => {
      const tokens = parseMarkdown(text) ?? [];
      const count = tokens.reduce((sum, { children }) => sum + 1 + (children?.length ?? 0), 0);
      assert.ok(count <= MAX_TOKENS, `${count} tokens`);
      await checkPace(() => {
        const pictures = new DataPictures(text);
        renderMarkdown(pictures.text, pictures, englishStrings);
      });
    });
  }
});
