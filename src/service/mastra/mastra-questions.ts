import { contentsText, toContents } from '../../protocol/content.js';
import {
  isFilledText,
  isJsonObject,
  isText,
  type JsonObject,
  type JsonValue,
} from '../../protocol/values/json.js';
import { sentence } from '../../protocol/sentences.js';

/** What is shown for a question that was answered: the server forgets it with the answer. */
export const FORGOTTEN_QUESTION = sentence('question-forgotten');

/** Members that hold the text of a question; the first that is there counts. */
const TEXT_MEMBERS = ['question', 'message', 'prompt', 'description', 'reason'] as const;

/** What a step wants to be answered with. */
type Shape =
  | { readonly kind: 'text'; readonly member: string }
  | { readonly kind: 'choice'; readonly member: string; readonly options: readonly string[] }
  | { readonly kind: 'form' }
  | { readonly kind: 'json' };

/** The question of a step, as in an `inputRequired`. `asked`: what it suspended with; undefined: it is no longer kept. */
export function toQuestion(
  asked: JsonObject | undefined,
  schema: JsonObject | undefined,
  forgotten = FORGOTTEN_QUESTION,
): JsonObject {
  const shape = shapeOf(schema);
  const prompt = asked === undefined ? { parts: [{ text: forgotten }] } : promptOf(asked);
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
      const text = asked === undefined ? forgotten : textOf(asked);
      return { inputNode: { schema: { ...schema, ...(text === undefined ? {} : { description: text }) } } };
    }
    case 'json':
      return { suspended: { prompt, value: asked ?? {} } };
  }
}

/** The data that an answer resumes a step with. */
export function toResumeData(schema: JsonObject | undefined, response: JsonObject): JsonValue {
  const shape = shapeOf(schema);
  if (shape.kind === 'text') return { [shape.member]: contentsText(toContents(response['input'])) };
  if (shape.kind === 'choice') {
    const { selected } = response;
    const ids = isJsonObject(selected) ? selected['ids'] : undefined;
    const [id] = Array.isArray(ids) ? ids : [];
    return isText(id) ? { [shape.member]: id } : response;
  }
  return shape.kind === 'json' ? unwrapped(response) : response;
}

/** The answer that a step was resumed with, the reverse of `toResumeData`. */
export function toResponse(schema: JsonObject | undefined, data: JsonValue): JsonObject {
  const shape = shapeOf(schema);
  if (shape.kind === 'text' || shape.kind === 'choice') {
    const value = isJsonObject(data) ? data[shape.member] : undefined;
    if (isText(value)) {
      return shape.kind === 'text'
        ? { input: { role: 'user', parts: [{ text: value }] } }
        : { selected: { ids: [value] } };
    }
  }
  return isJsonObject(data) ? data : { value: data };
}

/** An answer is an object; one whose only member is `value` stands for that value, unless that is an object itself. */
function unwrapped(response: JsonObject): JsonValue {
  const { value, ...rest } = response;
  const isWrapper = value !== undefined && !isJsonObject(value) && Object.keys(rest).length === 0;
  return isWrapper ? value : response;
}

function shapeOf(schema: JsonObject | undefined): Shape {
  const properties = schema?.['properties'];
  if (!isJsonObject(properties)) return { kind: 'json' };
  const [first, ...others] = Object.entries(properties);
  if (first === undefined || others.length > 0) return { kind: 'form' };
  const [member, property] = first;
  // With a format, a pattern or words of its own, it is a field.
  if (!isJsonObject(property) || property['type'] !== 'string') return { kind: 'form' };
  const { enum: options, ...rest } = property;
  if (Array.isArray(options) && options.length > 0 && options.every(isText)) {
    return { kind: 'choice', member, options };
  }
  return Object.keys(rest).length === 1 && options === undefined
    ? { kind: 'text', member }
    : { kind: 'form' };
}

function textOf(asked: JsonObject): string | undefined {
  return TEXT_MEMBERS.map((name) => asked[name]).find(isFilledText);
}

/** The text of a question, and what else a person needs to answer it. */
function promptOf(asked: JsonObject): JsonObject {
  const text = textOf(asked);
  const named = TEXT_MEMBERS.find((name) => isFilledText(asked[name]));
  const rest = Object.fromEntries(Object.entries(asked).filter(([name]) => name !== named));
  return {
    parts: [
      ...(text === undefined ? [] : [{ text }]),
      ...(Object.keys(rest).length === 0 ? [] : [{ json: rest }]),
    ],
  };
}
