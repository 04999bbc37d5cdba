import { fillTemplate, readSentence, type SentenceCode } from '../../protocol/sentences.js';
import { isolateText } from './bidi.js';

/** The sentences of adapters and runners in another language, by code, with the same `{names}` of values. */
export type SentenceTexts = Readonly<Record<SentenceCode, string>>;

/** Writes a sentence of an adapter or a runner in the words of `texts`; returns any other text as it is. */
export function translateSentence(text: string, texts: SentenceTexts): string {
  const found = readSentence(text);
  if (found === undefined) return text;
  const values = Object.entries(found.values).map(([name, value]) => [name, isolateText(String(value))]);
  return fillTemplate(texts[found.code], Object.fromEntries(values) as Record<string, string>);
}
