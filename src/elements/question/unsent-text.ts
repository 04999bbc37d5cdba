import { plainName } from '../../protocol/values/plain-name.js';
import type { ClosedQuestion } from '../../controller/closed-questions.js';
import { isFileText } from '../../protocol/values/file-text.js';
import { isLLMContent } from '../../protocol/content.js';
import { answerText, shownResponse, type AnswerWords } from '../../protocol/questions/interaction-text.js';
import { toResponse, type Interaction } from '../../protocol/questions/interactions.js';
import { isJsonObject, isText, type JsonObject } from '../../protocol/values/json.js';
import type { FormDraft } from '../form/model/form-draft.js';
import { pointerKeys, valueAt } from '../../protocol/schema/json-pointer.js';
import { namedValues } from '../form/model/pair-names.js';
import { draftAnswer, parseDraft } from './question-draft.js';

/** The unsent input of a closed question as text, to be read and copied; empty when there is none. */
export function unsentText(closed: ClosedQuestion, words: AnswerWords): string {
  const { interaction, unsentDraft, unsentResponse } = closed;
  if (unsentDraft !== undefined) return draftText(interaction, unsentDraft, words);
  return unsentResponse === undefined ? '' : responseText(interaction, unsentResponse, words);
}

/** A draft as text, with the names of its files; empty when it is not a draft, or still empty. */
export function draftText(interaction: Interaction, value: unknown, words: AnswerWords): string {
  const draft = parseDraft(interaction, value);
  if (draft === undefined) return '';
  if (draft.kind === 'form') {
    return draft.json ?? responseText(interaction, enteredValues(draft.form), words);
  }
  if (draft.kind === 'unknown') return draft.json;
  const answer = draftAnswer(draft, undefined);
  return answer === undefined ? '' : responseText(interaction, toResponse(interaction, answer), words);
}

/** The values of a form, and the typed texts that are not values yet. */
function enteredValues({ values, typed, names }: FormDraft): JsonObject {
  const unread = Object.entries(typed).filter(([pointer]) => valueAt(values, pointer) === undefined);
  return {
    ...namedValues(values, names),
    ...Object.fromEntries(unread.map(([pointer, text]) => [pointerKeys(pointer).join('.'), text])),
  };
}

function responseText(interaction: Interaction, entered: JsonObject, words: AnswerWords): string {
  const response = shownResponse(interaction, entered);
  const isPlain = interaction.kind !== 'form' && interaction.kind !== 'unknown';
  const members = Object.values(response);
  if (members.length === 0) return '';
  if (!isPlain && !(members.length === 1 && isPlainValue(members[0]))) {
    return JSON.stringify(response, nameOfFile, 2);
  }
  const names = members.flatMap((value) => (isLLMContent(value) ? value.parts : [])).map(fileName);
  return [answerText(interaction, response, words), ...names].filter((text) => text !== '').join('\n');
}

function isPlainValue(value: unknown): boolean {
  return isText(value) || typeof value === 'number' || isLLMContent(value);
}

function fileName({ inlineData }: { readonly inlineData?: { readonly title?: string } }): string {
  return plainName(inlineData?.title ?? '');
}

/** A replacer for `JSON.stringify` that writes a file as its name. */
function nameOfFile(_key: string, value: unknown): unknown {
  if (isFileText(value)) return '…';
  if (!isJsonObject(value) || !isJsonObject(value['inlineData'])) return value;
  const { title, mimeType } = value['inlineData'];
  return title ?? mimeType;
}
