import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { isolatingStrings } from '../../../src/elements/strings/bidi.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { englishStrings, type PanelStrings } from '../../../src/elements/strings/english.js';

/** Entries that are the same in both languages, and formats without words. */
const SAME_IN_BOTH: ReadonlySet<string> = new Set([
  'pairName',
  'markdownStatus',
  'inDays',
  'inHours',
  'inSeconds',
  'inMilliseconds',
  'live',
  'offline',
  'titleWithInput',
  'secondsLeft',
  'timelineRow',
  'video',
  'code',
  'json',
  'sendKeysMac',
  'nextKeys',
  'nextKeysMac',
  'problemInside',
]);

/** The texts of an entry: of a function, its results for sample numbers and texts. */
function textsOf(entry: unknown): string {
  if (typeof entry !== 'function') return JSON.stringify(entry);
  const samples = [
    [0, 0],
    [1, 1],
    [2, 2],
    [1234, 1234],
    ['number', 1],
    ['a', ['b']],
    [['a', 'b']],
    [[['a', 'b'], ['c']]],
  ];
  return samples.map((args) => orEmpty(() => String(Reflect.apply(entry, undefined, args)))).join('\n');
}

/** The text; empty if the function does not accept the arguments. */
function orEmpty(say: () => string): string {
  try {
    return say();
  } catch (error) {
    if (error instanceof TypeError) return '';
    throw error;
  }
}

const names = Object.keys(englishStrings) as (keyof PanelStrings)[];

describe('the catalogue of texts', () => {
  it('has other texts in German than in English', () => {
    const same = names.filter((name) => textsOf(englishStrings[name]) === textsOf(germanStrings[name]));
    assert.deepEqual(
      same.filter((name) => !SAME_IN_BOTH.has(name)),
      [],
    );
  });

  it('formats numbers by the language', () => {
    assert.equal(englishStrings.eventsOf(1234, 5678), '1,234 of 5,678 events');
    assert.equal(germanStrings.eventsOf(1234, 5678), '1.234 von 5.678 Ereignissen');
    assert.equal(englishStrings.choiceCount('agentEvent', 10_000), 'agentEvent (10,000)');
    assert.equal(germanStrings.choiceCount('agentEvent', 10_000), 'agentEvent (10.000)');
    assert.equal(englishStrings.fieldTooLarge(1234.5), 'Enter 1,234.5 or less');
    assert.equal(germanStrings.fieldTooLarge(1234.5), 'Höchstens 1.234,5 eingeben');
    assert.equal(germanStrings.fieldNotAMultiple(0.0001), 'Ein Vielfaches von 0,0001 eingeben');
  });

  it('has no unused texts', async () => {
    const folder = new URL('../../../src/elements/', import.meta.url);
    const files = (await readdir(folder, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !/(english|german)\.ts$/.test(name),
    );
    const sources = await Promise.all(
      [...files, '../protocol/questions/interaction-text.ts'].map((name) =>
        readFile(new URL(name, folder), 'utf8'),
      ),
    );
    const words = new Set(sources.join('\n').match(/\w+/g));
    assert.deepEqual(
      names.filter((name) => !words.has(name)),
      [],
    );
  });

  for (const [name, text] of [
    ['Arabic', 'عربي <b>x</b> 😀 .'],
    ['Hebrew', 'שלום'],
  ] as const) {
    it(`keeps ${name} from moving the words around it`, () => {
      assert.equal(englishStrings.deletedSession(text), `Deleted “\u2068${text}\u2069”.`);
      assert.equal(germanStrings.deletedSession(text), `Gelöscht: „\u2068${text}\u2069“`);
      assert.equal(
        englishStrings.answeredElsewhere('Why?', text),
        `“Why?” was answered elsewhere: “\u2068${text}\u2069”.`,
      );
    });
  }

  it('drops the characters with which a text changes its direction', () => {
    for (const mark of '\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069') {
      assert.equal(englishStrings.deletedSession(`a${mark}b`), 'Deleted “ab”.');
      assert.equal(englishStrings.deletedSession(`ש${mark}ל`), 'Deleted “\u2068של\u2069”.');
    }
  });

  it('adds no invisible characters to a text that moves nothing', () => {
    assert.equal(englishStrings.deletedSession('Fisch 魚 😀'), 'Deleted “Fisch 魚 😀”.');
    assert.equal(englishStrings.answeredElsewhere('a', ''), '“a” was answered elsewhere.');
  });

  it('leaves the direction of a session title to its first letter', () => {
    assert.equal(englishStrings.titleWithInput('عربي', 'مرحبا'), 'عربي · مرحبا');
  });

  it('isolates texts in translations by hosts, too', () => {
    const own = isolatingStrings({ ...englishStrings, deletedSession: (title: string) => `Gone: ${title}!` });
    assert.equal(own.deletedSession('שלום'), 'Gone: \u2068שלום\u2069!');
  });
});
