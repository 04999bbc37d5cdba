import { contentText, toContents } from '../content.js';
import {
  NONE_OF_THE_ABOVE,
  propertiesOf,
  SKIPPED,
  type ChoiceInteraction,
  type Interaction,
} from './interactions.js';
import { consentName } from './consent-name.js';
import { maskSecrets } from '../schema/secrets.js';
import { parseReviewDecisions, type ReviewDecision, type ReviewDecisionType } from './review.js';
import { isFileSchema } from '../values/file-text.js';
import {
  canonicalJson,
  isFilledText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../values/json.js';

/**
 * The text of a question, for a row of a list or a notification; for a consent, the name of its permission; for a review,
 * the names of its actions.
 * Empty when the question has no text.
 */
export function questionText(interaction: Interaction): string {
  switch (interaction.kind) {
    case 'form': {
      const titles = Object.values(propertiesOf(interaction.schema))
        .map((property) => (isJsonObject(property) ? property['title'] : undefined))
        .filter(isFilledText);
      const { title, description } = interaction.schema;
      if (isFilledText(title)) return title;
      return titles.length === 0 && isFilledText(description) ? description : titles.join(', ');
    }
    case 'consent':
      return consentName(interaction.consentType);
    case 'review':
      return interaction.actions.map(({ name }) => name).join(', ');
    default:
      return contentText(interaction.prompt);
  }
}

/** Words for answers that are not text of their own, in the language of the viewer. */
export interface AnswerWords {
  readonly answerNone: string;
  readonly answerSkipped: string;
  readonly answerAllowed: string;
  readonly answerNotAllowed: string;
  readonly answerApproved: string;
  readonly answerEdited: string;
  readonly answerRejected: string;
  readonly answerResponded: string;
  readonly answerContinued: string;
}

const NO_WORDS: AnswerWords = {
  answerNone: '',
  answerSkipped: '',
  answerAllowed: '',
  answerNotAllowed: '',
  answerApproved: '',
  answerEdited: '',
  answerRejected: '',
  answerResponded: '',
  answerContinued: '',
};

/** A response as it may be shown: what the schema of a form makes secret is `•••`. */
export function shownResponse(interaction: Interaction, response: JsonObject): JsonObject {
  return interaction.kind === 'form' ? maskSecrets(response, interaction.schema) : response;
}

/**
 * An answer as a person would read it: labels and text instead of ids and JSON, and `•••` instead of secrets. Without
 * `words` it contains only text of the question and of the answer, so it is empty for a consent.
 */
export function answerText(
  interaction: Interaction,
  response: JsonObject,
  words: AnswerWords = NO_WORDS,
): string {
  if (interaction.kind === 'choice') {
    const { selected } = response;
    const ids = isJsonObject(selected) && Array.isArray(selected['ids']) ? selected['ids'] : [];
    return ids.map((id: JsonValue) => choiceLabel(interaction, id, words)).join(', ');
  }
  if (interaction.kind === 'consent') {
    return response['consent'] === true ? words.answerAllowed : words.answerNotAllowed;
  }
  if (interaction.kind === 'confirm') return words.answerContinued;
  if (interaction.kind === 'review') {
    return parseReviewDecisions(response)
      .map((decision, position) => decisionText(decision, interaction.actions[position]?.name ?? '', words))
      .join(', ');
  }
  const members = Object.values(withoutFileTexts(interaction, shownResponse(interaction, response)));
  if (members.length === 0) return words.answerSkipped;
  const text = members
    .flatMap((value) => (typeof value === 'number' ? toContents(String(value)) : toContents(value)))
    .map(contentText)
    .filter((part) => part !== '')
    .join(', ');
  if (text !== SKIPPED) return text;
  return (interaction.kind === 'text' ? interaction.skipLabel : undefined) ?? words.answerSkipped;
}

/** The response without texts that hold a file, which no person can read. */
function withoutFileTexts(interaction: Interaction, response: JsonObject): JsonObject {
  if (interaction.kind !== 'form') return response;
  const properties = propertiesOf(interaction.schema);
  const isFile = (name: string) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isJsonObject(property) && isFileSchema(property);
  };
  return Object.fromEntries(
    Object.entries(response).map(([name, value]) => [name, isFile(name) ? null : value]),
  );
}

/** “send_mail: rejected (never)”. */
function decisionText(decision: ReviewDecision, action: string, words: AnswerWords): string {
  const names: Readonly<Record<ReviewDecisionType, string>> = {
    approve: words.answerApproved,
    edit: words.answerEdited,
    reject: words.answerRejected,
    respond: words.answerResponded,
  };
  const what = [action, names[decision.type]].filter((part) => part !== '').join(': ');
  const message = 'message' in decision ? decision.message : '';
  return message === '' ? what : `${what} (${message})`;
}

function choiceLabel(interaction: ChoiceInteraction, id: JsonValue, words: AnswerWords): string {
  if (id === NONE_OF_THE_ABOVE) return interaction.noneOfTheAboveLabel ?? words.answerNone;
  const choice = interaction.choices.find((candidate) => candidate.id === id);
  if (choice !== undefined) return contentText(choice.content);
  return typeof id === 'string' ? id : canonicalJson(id);
}
