import { contentJson, contentText, type LLMContent } from '../protocol/content.js';
import {
  isContentProperty,
  NONE_OF_THE_ABOVE,
  propertiesOf,
  type ChoiceInteraction,
  type FormInteraction,
  type Interaction,
  type ReviewInteraction,
} from '../protocol/questions/interactions.js';
import { reviewResponse, type ReviewDecision } from '../protocol/questions/review.js';
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../protocol/values/json.js';

/** Thrown when an input does not answer a question; its message is a sentence for people. */
class UnfitInputError extends Error {
  override readonly name = 'UnfitInputError';
}

/**
 * Makes the response to a question of a headless run from the input that was given for its node.
 *
 * @throws Error with a sentence for people when there is no input and the question cannot be skipped, or
 *   when the input does not answer it.
 */
export function headlessResponse(interaction: Interaction, input: LLMContent | undefined): JsonObject {
  if (input === undefined) {
    if (interaction.kind === 'form' && interaction.isSkippable) return {};
    throw new UnfitInputError(
      `A headless run needs an input for node “${interaction.nodeId}”, and none was given.`,
    );
  }
  switch (interaction.kind) {
    case 'form':
      return formResponse(interaction, input);
    case 'choice':
      return { selected: { ids: selectedIds(interaction, input) } };
    case 'consent':
      return { consent: isYes(contentText(input)) };
    case 'confirm':
      return { confirm: true };
    case 'review':
      return reviewByInput(interaction, input);
    case 'text':
      return { input: contentJson(input) };
    case 'unknown':
      return jsonPart(input) ?? { input: contentJson(input) };
  }
}

/** The response of `headlessResponse`; undefined when the input does not answer the question. */
export function fittingResponse(interaction: Interaction, input: LLMContent): JsonObject | undefined {
  try {
    return headlessResponse(interaction, input);
  } catch (error) {
    if (error instanceof UnfitInputError) return undefined;
    throw error;
  }
}

/** Decides about all actions: a JSON object is the response; a yes approves, any other text rejects with it. */
function reviewByInput({ actions, nodeId }: ReviewInteraction, input: LLMContent): JsonObject {
  const response = jsonPart(input);
  if (response !== undefined) return response;
  const text = contentText(input);
  const decision: ReviewDecision = isYes(text) ? { type: 'approve' } : { type: 'reject', message: text };
  if (actions.some(({ allowed }) => !allowed.includes(decision.type))) {
    throw new UnfitInputError(`“${text}” decides nothing that node “${nodeId}” allows.`);
  }
  return reviewResponse(actions.map(() => decision));
}

/** Fills in a form: a JSON object is the values of the whole form; any other input, its first property. */
function formResponse(interaction: FormInteraction, input: LLMContent): JsonObject {
  const values = jsonPart(input);
  if (values !== undefined) return values;
  const [name = 'request', property] = Object.entries(propertiesOf(interaction.schema))[0] ?? [];
  const isContent = !isJsonObject(property) || isContentProperty(property);
  return { [name]: isContent ? contentJson(input) : plainValue(property, contentText(input)) };
}

function plainValue(property: JsonObject, text: string): JsonValue {
  switch (property['type']) {
    case 'number':
    case 'integer': {
      const number = Number(text);
      if (text.trim() === '' || !Number.isFinite(number))
        throw new UnfitInputError(`“${text}” is not a number.`);
      return number;
    }
    case 'boolean':
      return isYes(text);
    case 'object':
    case 'array': {
      const value = parseJson(text);
      if (typeof value !== 'object' || value === null)
        throw new UnfitInputError('The input is not valid JSON.');
      return value as JsonObject;
    }
    default:
      return text;
  }
}

function selectedIds(interaction: ChoiceInteraction, input: LLMContent): readonly string[] {
  const text = contentText(input);
  const whole = choiceId(interaction, text);
  if (whole !== undefined) return [whole];
  const words = interaction.selectionMode === 'multiple' ? text.split(/[,;\n]/) : [text];
  return words.map((word) => {
    const id = choiceId(interaction, word);
    if (id === undefined) {
      throw new UnfitInputError(
        `“${word.trim()}” is not one of the choices of node “${interaction.nodeId}”.`,
      );
    }
    return id;
  });
}

function choiceId(interaction: ChoiceInteraction, word: string): string | undefined {
  const wanted = normal(word);
  const { choices, noneOfTheAboveLabel } = interaction;
  const choice =
    choices.find(({ id }) => id === word.trim()) ??
    choices.find(({ id, content }) => normal(id) === wanted || normal(contentText(content)) === wanted);
  if (choice !== undefined) return choice.id;
  if (noneOfTheAboveLabel === undefined) return undefined;
  return [NONE_OF_THE_ABOVE, normal(noneOfTheAboveLabel)].includes(wanted) ? NONE_OF_THE_ABOVE : undefined;
}

function isYes(text: string): boolean {
  return ['granted', 'true', 'yes'].includes(normal(text));
}

function normal(text: string): string {
  return text.trim().toLowerCase();
}

function jsonPart(content: LLMContent): JsonObject | undefined {
  const json = content.parts.find((part) => part.json !== undefined)?.json;
  return isJsonObject(json) ? json : undefined;
}
