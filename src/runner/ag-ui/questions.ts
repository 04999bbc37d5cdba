import { contentJson, contentText, isLLMContent, textContent } from '../../protocol/content.js';
import { SKIPPED } from '../../protocol/questions/interactions.js';
import {
  isFilledText,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import type { ResolvedInteraction } from '../../protocol/session-state.js';
import { approvalOf, approvalPayload, reasonMember, type ToolCall } from './approvals.js';

/** The property of a form whose value is the whole answer, where a schema asks for no object. */
const VALUE = 'value';

/** Member names under which agents give the text of a question. */
const PROMPTS = ['message', 'question', 'prompt', 'description'] as const;

/** The id of a question: the number of the run that asked it, and the id of the interrupt. */
export function interactionIdOf(run: number, interruptId: string): string {
  return `${run}/${interruptId}`;
}

/** Reads an id of `interactionIdOf`; undefined for any other. */
export function readInteractionId(
  id: string,
): { readonly run: number; readonly interruptId: string } | undefined {
  const [, run, interruptId] = /^(\d{1,9})\/([^]*)$/.exec(id) ?? [];
  return run === undefined || interruptId === undefined ? undefined : { run: Number(run), interruptId };
}

/**
 * The payload of the question for an interrupt: a review where it asks whether a call may be made, a form where it has a
 * schema, a yes or no where it wants a confirmation, else a text. What only the runner needs is kept under `interrupt`, which
 * viewers pass over.
 *
 * @param call the call of a tool that the interrupt names
 */
export function questionOf(interrupt: JsonObject, call?: ToolCall): JsonObject {
  const { expiresAt, value, reason } = interrupt;
  const { responseSchema = reason === 'confirmation' ? { type: 'boolean' } : undefined } = interrupt;
  const kept: JsonObject = {
    ...(isText(expiresAt) ? { expiresAt } : {}),
    ...(value === undefined ? {} : { isOld: true }),
  };
  const approval = approvalOf(interrupt, call);
  if (approval !== undefined) {
    const member = reasonMember(interrupt);
    const rejected = member === undefined ? {} : { reason: member };
    return { reviewActions: { ...approval, interrupt: { ...kept, ...rejected } } };
  }
  const prompt = promptOf(interrupt);
  if (!isJsonObject(responseSchema)) {
    const waitForInput = { prompt: contentJson(textContent(prompt)), inputType: 'text', interrupt: kept };
    return { waitForInput };
  }
  const titled =
    isFilledText(responseSchema['title']) || prompt === ''
      ? responseSchema
      : { ...responseSchema, title: prompt };
  if (isObjectSchema(responseSchema)) return { inputNode: { schema: titled, interrupt: kept } };
  const schema = { type: 'object', properties: { [VALUE]: titled }, required: [VALUE] };
  return { inputNode: { schema, interrupt: { ...kept, isValue: true } } };
}

function isObjectSchema({ type, properties }: JsonObject): boolean {
  return type === 'object' || (type === undefined && isJsonObject(properties));
}

function promptOf(interrupt: JsonObject): string {
  const { value, reason } = interrupt;
  if (isText(value)) return value;
  const texts = isJsonObject(value) ? value : interrupt;
  for (const name of PROMPTS) if (isFilledText(texts[name])) return texts[name];
  return value === undefined ? (isText(reason) ? reason.replaceAll('_', ' ') : '') : JSON.stringify(value);
}

/** What `questionOf` has kept of an interrupt. */
function keptOf(question: JsonObject | undefined): JsonObject {
  const [payload] = Object.values(question ?? {});
  const kept = isJsonObject(payload) ? payload['interrupt'] : undefined;
  return isJsonObject(kept) ? kept : {};
}

/** When a question stops being answerable, in milliseconds since 1970; undefined: never, or at a time that is none. */
export function expiryOf(question: JsonObject | undefined): number | undefined {
  const { expiresAt } = keptOf(question);
  const time = isText(expiresAt) ? Date.parse(expiresAt) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

/** True for a question that an older adapter asked. */
export function isOldQuestion(question: JsonObject | undefined): boolean {
  return keptOf(question)['isOld'] === true;
}

/** The answer to an interrupt, as it is sent with the next run. A question that was skipped or has expired is `cancelled`. */
export function resumeEntry(
  interruptId: string,
  question: JsonObject | undefined,
  { by, response }: ResolvedInteraction,
): JsonObject {
  const payload = by === 'expired' ? undefined : payloadOf(question, response);
  return payload === undefined
    ? { interruptId, status: 'cancelled' }
    : { interruptId, status: 'resolved', payload };
}

function payloadOf(
  question: JsonObject | undefined,
  response: JsonObject | undefined,
): JsonValue | undefined {
  if (response === undefined) return undefined;
  if (question?.['reviewActions'] !== undefined) {
    return approvalPayload(response, keptOf(question)['reason']);
  }
  if (question?.['inputNode'] !== undefined) {
    return keptOf(question)['isValue'] === true ? response[VALUE] : response;
  }
  const { input } = response;
  const text = isLLMContent(input) ? contentText(input) : undefined;
  return text === SKIPPED ? undefined : (text ?? response);
}
