import type { NodeRun } from '../../../controller/run/run-controller.js';
import { toContents, contentsText, type ContentPart } from '../../../protocol/content.js';
import { answerText } from '../../../protocol/questions/interaction-text.js';
import { type JsonObject, type JsonValue, isSameJson } from '../../../protocol/values/json.js';

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

function filesOfAnswer(response: JsonObject): readonly ContentPart[] {
  return Object.values(response)
    .flatMap((value) => toContents(value))
    .flatMap((content) => content.parts)
    .filter(isFile);
}

function isFile({ inlineData, storedData, fileData }: ContentPart): boolean {
  return inlineData !== undefined || storedData !== undefined || fileData !== undefined;
}
