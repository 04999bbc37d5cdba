import {
  contentJson,
  contentText,
  isLLMContent,
  textContent,
  toContents,
  type LLMContent,
} from '../content.js';
import type { GraphRunEventOf } from '../events.js';
import { parseReviewActions, reviewResponse, type ReviewAction, type ReviewDecision } from './review.js';
import { plainName } from '../values/plain-name.js';
import {
  isFilledText,
  isFiniteNumber,
  isJsonObject,
  isText,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../values/json.js';

/** The id that stands for “none of the above” in the response to a choice. */
export const NONE_OF_THE_ABOVE = '__none_of_the_above__';

/** The text that stands for a skipped question in the response to a request for text. */
export const SKIPPED = '__skipped__';

/** The kinds of input that a request for text accepts. */
export type TextInputKind = 'any' | 'text' | 'files';

/** One of the things to choose from. */
export interface Choice {
  readonly id: string;
  readonly content: LLMContent;
}

/** Members of every question. */
interface InteractionBase {
  readonly interactionId: string;
  readonly nodeId: string;
  /** Log index of the `inputRequired` that asked it. */
  readonly index: number;
  /** When it was asked, in milliseconds since 1970; absent where events have no times. */
  readonly askedTs?: number;
}

/** A form: an object to fill in, described by a JSON schema. */
export interface FormInteraction extends InteractionBase {
  readonly kind: 'form';
  readonly schema: JsonObject;
  /** True when the node can continue without an answer. */
  readonly isSkippable: boolean;
}

/** A request for free text, files or both. */
export interface TextInteraction extends InteractionBase {
  readonly kind: 'text';
  readonly prompt: LLMContent;
  readonly inputKind: TextInputKind;
  /** Label of the skip button; absent when it must be answered. */
  readonly skipLabel?: string;
}

/** A choice among several things. */
export interface ChoiceInteraction extends InteractionBase {
  readonly kind: 'choice';
  readonly prompt: LLMContent;
  readonly choices: readonly Choice[];
  readonly selectionMode: 'single' | 'multiple';
  readonly layout: 'list' | 'row' | 'grid';
  /** Label of the extra “none of the above”; absent when there is none. */
  readonly noneOfTheAboveLabel?: string;
}

/** A request to allow something. */
export interface ConsentInteraction extends InteractionBase {
  readonly kind: 'consent';
  /** The permission that is asked for, in the server's own word, e.g. `GET_ANY_WEBPAGE`. */
  readonly consentType: string;
  readonly scope: JsonObject;
}

/** A review of actions before they are done: a decision about each. */
export interface ReviewInteraction extends InteractionBase {
  readonly kind: 'review';
  /** Never empty. */
  readonly actions: readonly ReviewAction[];
}

/** A wait that a person ends: its answer says nothing but “continue”. */
export interface ConfirmInteraction extends InteractionBase {
  readonly kind: 'confirm';
  /** What to know before; without parts: that the run has stopped, which viewers word themselves. */
  readonly prompt: LLMContent;
  /** Titles of the nodes that run next; empty: unknown, or it stopped inside its node. */
  readonly before: readonly string[];
}

/** A question of a kind that this version does not know; it is answered with JSON. */
export interface UnknownInteraction extends InteractionBase {
  readonly kind: 'unknown';
  readonly wireKind: string;
  readonly prompt: LLMContent;
  readonly payload: JsonValue;
}

/** An open question of a suspended node. */
export type Interaction =
  | FormInteraction
  | TextInteraction
  | ChoiceInteraction
  | ConsentInteraction
  | ReviewInteraction
  | ConfirmInteraction
  | UnknownInteraction;

/** A person's answer, by the kind of its question; `skip` goes with any question that offers it. */
export type Answer =
  | { readonly kind: 'form'; readonly values: JsonObject }
  | { readonly kind: 'text'; readonly content: LLMContent }
  | { readonly kind: 'choice'; readonly selectedIds: readonly string[] }
  | { readonly kind: 'consent'; readonly isGranted: boolean }
  /** In the order of the actions. */
  | { readonly kind: 'review'; readonly decisions: readonly ReviewDecision[] }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'unknown'; readonly response: JsonObject }
  | { readonly kind: 'skip' };

/** The kinds of questions that this version knows. */
const KINDS: ReadonlySet<string> = new Set([
  'inputNode',
  'waitForInput',
  'waitForChoice',
  'reviewActions',
  'confirm',
  'queryConsent',
]);

/** The kind of a question and its payload: the first known kind, also where other members stand next to it. */
function statedQuestion(suspendEvent: JsonObject): readonly [wireKind: string, payload: JsonValue] {
  const members = Object.entries(suspendEvent);
  const [first = ['', null] as const, ...others] = members;
  const known = members.find(([kind]) => KINDS.has(kind));
  return known ?? (others.length === 0 ? first : [first[0], suspendEvent]);
}

/** Reads the question of an `inputRequired` event. Total: any payload becomes a question that can be answered. */
export function toInteraction(event: GraphRunEventOf<'inputRequired'>): Interaction {
  const { interactionId, nodeId, index, ts, suspendEvent } = event;
  const base: InteractionBase = {
    interactionId,
    nodeId,
    index,
    ...(ts === undefined ? {} : { askedTs: ts }),
  };
  const [wireKind, payload] = statedQuestion(suspendEvent);
  const body = isJsonObject(payload) ? payload : KINDS.has(wireKind) ? { prompt: payload } : {};
  switch (wireKind) {
    case 'inputNode': {
      const schema = formSchema(body);
      if (schema === undefined) break;
      return { ...base, kind: 'form', schema, isSkippable: takesNothing(schema) };
    }
    case 'waitForInput':
      return {
        ...base,
        kind: 'text',
        prompt: promptOf(body),
        inputKind: inputKindOf(body['inputType']),
        ...(isFilledText(body['skipLabel']) ? { skipLabel: body['skipLabel'] } : {}),
      };
    case 'waitForChoice': {
      const choices = choicesOf(body['choices']);
      if (choices === undefined) break;
      return {
        ...base,
        kind: 'choice',
        prompt: promptOf(body),
        choices,
        selectionMode: body['selectionMode'] === 'multiple' ? 'multiple' : 'single',
        layout: body['layout'] === 'row' || body['layout'] === 'grid' ? body['layout'] : 'list',
        ...(isFilledText(body['noneOfTheAboveLabel'])
          ? { noneOfTheAboveLabel: body['noneOfTheAboveLabel'] }
          : {}),
      };
    }
    case 'reviewActions': {
      const actions = parseReviewActions(body['actions']);
      if (actions === undefined) break;
      return { ...base, kind: 'review', actions };
    }
    case 'confirm': {
      const { before } = body;
      return {
        ...base,
        kind: 'confirm',
        prompt: promptOf(body),
        before: Array.isArray(before) ? before.filter(isFilledText) : [],
      };
    }
    case 'queryConsent':
      return {
        ...base,
        kind: 'consent',
        consentType: isFilledText(body['consentType']) ? body['consentType'] : 'UNKNOWN',
        scope: isJsonObject(body['scope']) ? body['scope'] : {},
      };
  }
  return { ...base, kind: 'unknown', wireKind, prompt: promptOf(body), payload };
}

/**
 * Converts an answer to the `response` of the wire.
 *
 * @throws TypeError when the answer is not of the question's kind, or skips a question that cannot be
 *   skipped: both are mistakes of the caller.
 */
export function toResponse(interaction: Interaction, answer: Answer): JsonObject {
  if (answer.kind === 'skip') return skipResponse(interaction);
  if (answer.kind !== interaction.kind) {
    throw new TypeError(`A question of kind “${interaction.kind}” has no answer of kind “${answer.kind}”.`);
  }
  switch (answer.kind) {
    case 'form':
      return answer.values;
    case 'text':
      return { input: contentJson(answer.content) };
    case 'choice':
      // Two choices may have the same id.
      return { selected: { ids: [...new Set(answer.selectedIds)] } };
    case 'consent':
      return { consent: answer.isGranted };
    case 'review':
      return reviewResponse(answer.decisions);
    case 'confirm':
      return { confirm: true };
    case 'unknown':
      return answer.response;
  }
}

function skipResponse(interaction: Interaction): JsonObject {
  if (interaction.kind === 'form' && interaction.isSkippable) return {};
  if (interaction.kind === 'text' && interaction.skipLabel !== undefined) {
    return { input: contentJson(textContent(SKIPPED)) };
  }
  throw new TypeError('This question cannot be skipped.');
}

/** The properties of an object schema; empty when it has none. */
export function propertiesOf(schema: JsonObject): JsonObject {
  return isJsonObject(schema['properties']) ? schema['properties'] : {};
}

/** True when a property of a form takes `LLMContent` and not plain JSON (the origin's `behavior`). */
export function isContentProperty(property: JsonObject): boolean {
  const { behavior } = property;
  return Array.isArray(behavior) && behavior.includes('llm-content');
}

/** The kinds of input that a content property of a form accepts, by its `format`. */
export function contentInputKind(property: JsonObject): TextInputKind {
  return inputKindOf(property['format']);
}

/**
 * The schema of a form, with a prompt that the question states next to it as its description. Undefined for one that cannot be
 * read: an empty form would say that there is nothing to answer.
 */
function formSchema(body: JsonObject): JsonObject | undefined {
  const { schema: stated = null } = body;
  const read = isText(stated) ? parseJson(stated) : stated;
  const schema = read === null || read === true ? { type: 'object', properties: {} } : read;
  if (!isJsonObject(schema)) return undefined;
  const { description } = schema;
  const texts = [contentText(promptOf(body)), description].filter(isFilledText);
  return texts.length < 2 && isFilledText(description) ? schema : withDescription(schema, texts);
}

function withDescription(schema: JsonObject, texts: readonly string[]): JsonObject {
  return texts.length === 0 ? schema : { ...schema, description: texts.join('\n\n') };
}

const MAX_DEPTH = 20;

/** True for a schema that an empty object matches; false also where that takes a closer look to see. */
function takesNothing(schema: JsonValue, depth = 0): boolean {
  if (!isJsonObject(schema)) return schema !== false;
  // Only a hostile schema is nested deeper than this, and the stack is limited.
  if (depth > MAX_DEPTH) return false;
  const { $ref, required, oneOf, anyOf, allOf, not, minProperties, then, else: otherwise } = schema;
  const isHinted = Object.values(propertiesOf(schema)).some(
    (property) =>
      isJsonObject(property) &&
      Array.isArray(property['behavior']) &&
      property['behavior'].includes('hint-required'),
  );
  const isBounded = isFiniteNumber(minProperties) && minProperties > 0;
  if ($ref !== undefined || not !== undefined || isHinted || isBounded) return false;
  if (Array.isArray(required) && required.length > 0) return false;
  const isOpen = (inner: JsonValue) => takesNothing(inner, depth + 1);
  const isOptional = [oneOf, anyOf].every((any) => !Array.isArray(any) || any.some(isOpen));
  // Many conditions hold for an object without members.
  const others = [...(Array.isArray(allOf) ? allOf : []), then, otherwise];
  return isOptional && others.every((part: JsonValue | undefined) => part === undefined || isOpen(part));
}

/** Reads both vocabularies: the icon names that servers send, and the words of their documentation. */
function inputKindOf(inputType: JsonValue | undefined): TextInputKind {
  switch (inputType) {
    case 'edit_note':
    case 'text':
      return 'text';
    case 'upload':
    case 'file-upload':
    case 'image':
    case 'mic':
    case 'videocam':
      return 'files';
    default:
      return 'any';
  }
}

function promptOf(body: JsonObject): LLMContent {
  const prompt = body['prompt'] ?? body['message'];
  if (isLLMContent(prompt)) return prompt;
  return { parts: toContents(prompt).flatMap((content) => content.parts) };
}

/** Undefined when there are none, or one cannot be read: a person must not choose without seeing all of them. */
function choicesOf(value: JsonValue | undefined): readonly Choice[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const choices = value.flatMap((choice: JsonValue) => {
    if (!isJsonObject(choice) || typeof choice['id'] !== 'string') return [];
    const { id, content, label } = choice;
    if (isLLMContent(content) && isVisible(content)) return [{ id, content }];
    return [{ id, content: textContent(isText(label) && plainName(label) !== '' ? label : id) }];
  });
  return choices.length === value.length ? choices : undefined;
}

/** False for a content in which there is nothing to see. */
function isVisible({ parts }: LLMContent): boolean {
  return parts.some(({ text }) => !isText(text) || plainName(text) !== '');
}
