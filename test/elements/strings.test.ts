import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { germanStrings } from '../../src/elements/strings-de.js';
import { englishStrings, type PanelStrings } from '../../src/elements/strings.js';

/** Words that are the same in both languages, and forms without words. */
const SAME_IN_BOTH: ReadonlySet<string> = new Set([
  'inSeconds',
  'live',
  'liveBehind',
  'offline',
  'titleWithInput',
  'secondsLeft',
  'timelineRow',
  'video',
  'code',
  'json',
  'sendKeysMac',
  'problemInside',
]);

/** An entry of a catalogue as text: a function for a few numbers, and for texts. */
function said(entry: unknown): string {
  if (typeof entry !== 'function') return JSON.stringify(entry);
  const samples = [
    [0, 0],
    [1, 1],
    [2, 2],
    [1234, 1234],
    ['number', 1],
    ['a', ['b']],
  ];
  return samples.map((args) => attempt(() => String(Reflect.apply(entry, undefined, args)))).join('\n');
}

/** What is said; nothing where the entry takes something else. */
function attempt(say: () => string): string {
  try {
    return say();
  } catch (error) {
    if (error instanceof TypeError) return '';
    throw error;
  }
}

const names = Object.keys(englishStrings) as (keyof PanelStrings)[];

describe('the catalogue of texts', () => {
  it('is said in German in other words than in English', () => {
    const same = names.filter((name) => said(englishStrings[name]) === said(germanStrings[name]));
    assert.deepEqual(
      same.filter((name) => !SAME_IN_BOTH.has(name)),
      [],
    );
  });

  it('writes numbers as the language does', () => {
    assert.equal(englishStrings.eventsOf(1234, 5678), '1,234 of 5,678 events');
    assert.equal(germanStrings.eventsOf(1234, 5678), '1.234 von 5.678 Ereignissen');
    assert.equal(englishStrings.fieldTooLarge(1234.5), 'Enter 1,234.5 or less');
    assert.equal(germanStrings.fieldTooLarge(1234.5), 'Höchstens 1.234,5 eingeben');
    assert.equal(germanStrings.fieldNotAMultiple(0.0001), 'Ein Vielfaches von 0,0001 eingeben');
  });

  it('has no text that nothing shows', async () => {
    const folder = new URL('../../src/elements/', import.meta.url);
    const files = (await readdir(folder)).filter(
      (name) => name.endsWith('.ts') && !name.startsWith('strings'),
    );
    const sources = await Promise.all(
      [...files, '../protocol/interactions.ts'].map((name) => readFile(new URL(name, folder), 'utf8')),
    );
    const words = new Set(sources.join('\n').match(/\w+/g));
    assert.deepEqual(
      names.filter((name) => !words.has(name)),
      [],
    );
  });
});
