import type { NodeRun } from '../../../controller/run-controller.js';
import { toContents, contentsText, type ContentPart } from '../../../protocol/content.js';
import { answerText } from '../../../protocol/interaction-text.js';
import type { Interaction } from '../../../protocol/interactions.js';
import { type JsonObject, type JsonValue, isSameJson } from '../../../protocol/json.js';

/** True for an output that only repeats a person's answer, which is already shown. */
export function isAnswer({ entries }: NodeRun, output: JsonValue): boolean {
  const contents = toContents(output);
  const parts = contents.flatMap((content) => content.parts);
  if (!parts.every((part) => part.text !== undefined || isFile(part))) return false;
  const text = contentsText(contents);
  const files = parts.filter(isFile);
  return entries.some(
    (entry) =>
      entry.kind === 'answer' &&
      answerText(entry.question, entry.response) === text &&
      isSameJson(files as unknown as JsonValue, filesOfAnswer(entry.response) as unknown as JsonValue),
  );
}

/** The files in an answer. */
export function filesOfAnswer(response: JsonObject): readonly ContentPart[] {
  return Object.values(response)
    .flatMap((value) => toContents(value))
    .flatMap((content) => content.parts)
    .filter(isFile);
}

/** The members of an answer that its text leaves out: groups, lists and check boxes of a form. */
export function membersWithoutText(question: Interaction, response: JsonObject): JsonObject {
  if (question.kind === 'choice' || question.kind === 'consent') return {};
  const isWithoutText = (value: JsonValue) =>
    typeof value !== 'number' &&
    toContents(value).some(({ parts }) => parts.some(({ json }) => json !== undefined));
  return Object.fromEntries(Object.entries(response).filter(([, value]) => isWithoutText(value)));
}

function isFile({ inlineData, storedData, fileData }: ContentPart): boolean {
  return inlineData !== undefined || storedData !== undefined || fileData !== undefined;
}
