import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { matcherOf, normalised } from '../../../src/controller/session-filter.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { searchExcerpt } from '../../../src/elements/strings/search-excerpt.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';

function row(texts: Partial<SessionSummary>): SessionSummary {
  return {
    sessionId: 's',
    status: 'completed',
    createdAt: 1,
    updatedAt: 1,
    pendingInputs: 0,
    title: 'Haiku',
    ...texts,
  };
}

const textOf = (session: SessionSummary, search: string): string | undefined => {
  const excerpt = searchExcerpt(session, search, englishStrings);
  return excerpt === undefined ? undefined : `${excerpt.before}[${excerpt.match}]${excerpt.after}`;
};

describe('where a session matches a search', () => {
  it('is the first text that has a word that the title lacks', () => {
    const session = row({ question: 'Which mood?', result: 'The night train to Kyoto leaves' });
    assert.equal(textOf(session, 'kyoto'), 'The night train to [Kyoto] leaves');
    assert.equal(textOf(session, 'haiku mood'), 'Which [mood]?');
  });

  it('is the name of who started or answered, and the graph in a list of all graphs', () => {
    const session = row({ startedBy: 'Ann Lee', answeredBy: 'Bo, Zoë', graphId: 'essay-7', result: 'Beans' });
    assert.equal(textOf(session, 'ann'), '[Ann] Lee started');
    assert.equal(textOf(session, 'zoe'), 'by Bo, [Zoë]');
    assert.equal(textOf(session, 'essay'), 'Graph: [essay]-7');
    const matches = (text: string): boolean => matcherOf({ status: 'all', text })(session);
    assert.deepEqual(['ann', 'BO', 'essay-7', 'carol'].map(matches), [true, true, true, false]);
  });

  it('is nowhere when the title has all words, or no text has one', () => {
    assert.equal(textOf(row({ result: 'A haiku' }), 'haiku'), undefined);
    assert.equal(textOf(row({ result: 'A haiku' }), 'sonnet'), undefined);
    assert.equal(textOf(row({ result: 'A haiku' }), ' '), undefined);
  });

  it('begins at a word shortly before it', () => {
    const result = 'An old silent pond, a frog jumps into the pond: splash! Silence again.';
    assert.equal(textOf(row({ result }), 'splash'), '…into the pond: [splash]! Silence again.');
  });

  it('is found whatever its case and accents, and shown as it is written', () => {
    assert.equal(textOf(row({ result: 'Le CAFÉ noir' }), 'cafe'), 'Le [CAFÉ] noir');
    assert.equal(textOf(row({ result: 'Le cafe\u0301 noir' }), 'café'), 'Le [cafe\u0301] noir');
    assert.equal(textOf(row({ result: 'ﬁne' }), 'fi'), '[ﬁ]ne');
    // “🄞” is “(O)”.
    assert.equal(textOf(row({ result: 'a 🄞 b' }), 'ò'), 'a [🄞] b');
  });

  it('is a part of the text that has the word, for any text and word', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
        (result, search) => {
          const session = row({ result });
          const excerpt = searchExcerpt(session, search, englishStrings);
          if (excerpt === undefined) return;
          const words = normalised(search).split(/\s+/);
          assert.ok(words.some((word) => word !== '' && normalised(excerpt.match).includes(word)));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
