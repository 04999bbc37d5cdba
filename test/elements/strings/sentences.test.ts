import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { errorText } from '../../../src/elements/strings/error-text.js';
import { englishStrings } from '../../../src/elements/strings/english.js';
import { germanSentences } from '../../../src/elements/strings/german-sentences.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { refusalText } from '../../../src/elements/strings/refusal-text.js';
import { sessionDetail } from '../../../src/elements/strings/session-text.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { readSentence, sentence, SENTENCES, type SentenceCode } from '../../../src/protocol/sentences.js';

const codes = Object.keys(SENTENCES) as SentenceCode[];
const src = new URL('../../../src/', import.meta.url);

/** What speaks for engines of others: all that it says itself is a sentence with a code. */
const SPEAKERS = [
  'service/langgraph/',
  'service/mastra/',
  'service/file/',
  'service/polled/',
  'runner/ag-ui/',
  'protocol/session-file/',
];

const namesIn = (template: string) => [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);

/** Values for each name of a sentence, with signs that its template has, too. */
function valuesOf(code: SentenceCode): Readonly<Record<string, string>> {
  return Object.fromEntries(namesIn(SENTENCES[code]).map((name) => [name, `a ${name}; (1)`]));
}

async function sources(folder: string): Promise<readonly (readonly [name: string, text: string])[]> {
  const names = await readdir(new URL(folder, src), { recursive: true });
  return Promise.all(
    names
      .filter((name) => name.endsWith('.ts'))
      .map(
        async (name) =>
          [`${folder}${name}`, await readFile(new URL(`${folder}${name}`, src), 'utf8')] as const,
      ),
  );
}

/** Texts of a source that are sentences: several words, from a capital to a full stop. Comments are none. */
function sentencesIn(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/(['`])([A-Z][^'`\n]* [^'`\n]*[.?!])\1/g)].map(([, , text = '']) => text);
}

describe('the sentences of adapters and runners', () => {
  it('are read back from their text, with their values', () => {
    for (const code of codes) {
      const values = valuesOf(code);
      assert.deepEqual(readSentence(sentence(code, values)), { code, values });
    }
    for (const text of ['', 'Why?', 'The run failed', 'The run failed. Really.', 'The agent “a” cannot']) {
      assert.equal(readSentence(text), undefined);
    }
  });

  it('exist in German for each code, in other words, with no value that the sentence does not have', () => {
    assert.deepEqual(Object.keys(germanSentences).sort(), [...codes].sort());
    for (const code of codes) {
      const names = namesIn(SENTENCES[code]);
      assert.notEqual(germanSentences[code], SENTENCES[code]);
      assert.deepEqual(
        namesIn(germanSentences[code]).filter((name) => !names.includes(name)),
        [],
        code,
      );
    }
  });

  it('are all that adapters and runners say themselves, and each of them is said', async () => {
    const said = new Set<string>();
    for (const folder of ['service/', 'runner/', 'protocol/'])
      for (const [, text] of await sources(folder))
        for (const [, code = ''] of text.matchAll(/\bsentence\(\s*'([a-z-]+)'/g)) said.add(code);
    assert.deepEqual([...said].sort(), [...codes].sort());
    const loose: string[] = [];
    for (const folder of SPEAKERS)
      for (const [name, text] of await sources(folder))
        for (const words of sentencesIn(text)) loose.push(`${name}: ${words}`);
    assert.deepEqual(loose, []);
  });

  it('are found by the search of the test before', () => {
    assert.deepEqual(sentencesIn("throw new Error('The run failed.');\n  // It is 'A comment.'"), [
      'The run failed.',
    ]);
    assert.deepEqual(sentencesIn('const a = `Line ${line} is broken.`;\n/** `Not this one.` */'), [
      'Line ${line} is broken.',
    ]);
  });

  it('are shown in the language of the panel, wherever an error is', () => {
    const text = sentence('agent-unreachable', { agent: 'poet' });
    const german = 'Der Agent „poet“ ist nicht erreichbar.';
    const error = new GraphRunError('internal', text);
    const row = {
      sessionId: 's',
      status: 'failed',
      createdAt: 1,
      updatedAt: 1,
      pendingInputs: 0,
      error: text,
    };
    assert.equal(errorText(error, germanStrings), german);
    assert.ok(refusalText(error, germanStrings).endsWith(german));
    assert.equal(sessionDetail(row, 0, germanStrings).text, german);
    assert.equal(errorText(error, englishStrings), text);
    assert.equal(sessionDetail(row, 0, englishStrings).text, text);
  });

  it('of an engine itself stay as they are', () => {
    const error = new GraphRunError('unavailable', 'Out of beans.');
    assert.equal(errorText(error, germanStrings), 'Out of beans.');
  });
});
