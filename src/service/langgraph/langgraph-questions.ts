import { contentsText, toContents } from '../../protocol/content.js';
import {
  isFilledText,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';

import { parseActionReview, reviewResponseOf, reviewValue, type ActionReview } from './action-reviews.js';

/** The two directions of a question of LangGraph, which is any JSON. */
export interface LangGraphQuestions {
  /** The question of a value, as in an `inputRequired`. */
  toQuestion(value: JsonValue): JsonObject;
  /** The value that an answer to the question resumes with. */
  toValue(value: JsonValue, response: JsonObject): JsonValue;
  /** The answer that a resumed value was, the reverse of `toValue`. */
  toResponse(value: JsonValue, resumed: JsonValue): JsonObject;
}

/** Members that hold the text of a question; the first that is there counts. */
const TEXT_MEMBERS = ['question', 'message', 'prompt', 'description'] as const;

/** What a value asks for. */
type Shape =
  | { readonly kind: 'text' | 'json' }
  | { readonly kind: 'review'; readonly review: ActionReview }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'form'; readonly schema: JsonObject };

/** The usual forms of questions: a text, a choice, a form, a review of actions. Anything else is asked and answered as JSON. */
export const USUAL_QUESTIONS: LangGraphQuestions = {
  toQuestion(value) {
    const shape = shapeOf(value);
    const prompt = promptOf(value);
    switch (shape.kind) {
      case 'text':
        return { waitForInput: { prompt, inputType: 'text' } };
      case 'choice':
        return {
          waitForChoice: {
            prompt,
            choices: shape.options.map((option) => ({ id: option, label: option })),
            selectionMode: 'single',
            layout: 'list',
          },
        };
      case 'form': {
        const text = textOf(value);
        const isDescribed = text === undefined || isFilledText(shape.schema['description']);
        return { inputNode: { schema: isDescribed ? shape.schema : { ...shape.schema, description: text } } };
      }
      case 'review':
        return { reviewActions: { actions: shape.review.actions } };
      case 'json':
        return { interrupt: { prompt, value } };
    }
  },
  toValue(value, response) {
    const shape = shapeOf(value);
    switch (shape.kind) {
      case 'review':
        return reviewValue(shape.review, response);
      case 'text':
        return contentsText(toContents(response['input']));
      case 'choice': {
        const { selected } = response;
        const ids = isJsonObject(selected) ? selected['ids'] : undefined;
        return Array.isArray(ids) && isText(ids[0]) ? ids[0] : response;
      }
      case 'form':
        return response;
      case 'json':
        return unwrapped(response);
    }
  },
  toResponse(value, resumed) {
    const shape = shapeOf(value);
    const { kind } = shape;
    if (shape.kind === 'review') return reviewResponseOf(shape.review, resumed) ?? wrapped(resumed);
    if (kind === 'text') return { input: textOfAnswer(isText(resumed) ? resumed : JSON.stringify(resumed)) };
    if (kind === 'choice' && isText(resumed)) return { selected: { ids: [resumed] } };
    return wrapped(resumed);
  },
};

function textOfAnswer(text: string): JsonObject {
  return { role: 'user', parts: [{ text }] };
}

/** An answer is an object; one whose only member is `value` stands for that value. */
function wrapped(value: JsonValue): JsonObject {
  const isWrapper = isJsonObject(value) && Object.keys(value).length === 1 && 'value' in value;
  return isJsonObject(value) && !isWrapper ? value : { value };
}

function unwrapped(response: JsonObject): JsonValue {
  const { value, ...rest } = response;
  return value === undefined || Object.keys(rest).length > 0 ? response : value;
}

function shapeOf(value: JsonValue): Shape {
  if (isText(value)) return { kind: 'text' };
  const review = parseActionReview(value);
  if (review !== undefined) return { kind: 'review', review };
  if (!isJsonObject(value)) return { kind: 'json' };
  const { options, schema } = value;
  // A form has fields; a schema of anything else says only what the value is.
  if (isJsonObject(schema) && isJsonObject(schema['properties'])) return { kind: 'form', schema };
  if (textOf(value) === undefined) return { kind: 'json' };
  if (Array.isArray(options) && options.length > 0 && options.every(isText))
    return { kind: 'choice', options };
  return { kind: 'text' };
}

function textOf(value: JsonValue): string | undefined {
  if (isText(value)) return value;
  if (!isJsonObject(value)) return undefined;
  return TEXT_MEMBERS.map((name) => value[name]).find(isFilledText);
}

/** The text of a question, and what else a person needs to answer it. */
function promptOf(value: JsonValue): JsonObject {
  const text = textOf(value);
  const asked = isJsonObject(value) ? TEXT_MEMBERS.find((name) => isFilledText(value[name])) : undefined;
  const rest = isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== asked && name !== 'options'))
    : {};
  return {
    parts: [
      ...(text === undefined ? [] : [{ text }]),
      ...(asked === undefined || Object.keys(rest).length === 0 ? [] : [{ json: rest }]),
    ],
  };
}

/** The values that an answer may have resumed with, for a question that is no longer known. */
export function possibleValues(response: JsonObject): readonly JsonValue[] {
  const { input, selected } = response;
  const ids = isJsonObject(selected) ? selected['ids'] : undefined;
  return [
    response,
    unwrapped(response),
    ...(input === undefined ? [] : [contentsText(toContents(input))]),
    ...(Array.isArray(ids) && ids[0] !== undefined ? [ids[0]] : []),
  ];
}
