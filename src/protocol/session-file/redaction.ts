import { eventToWire, parseEvent, type GraphRunEvent, type GraphRunEventOf } from '../events.js';
import { shownResponse } from '../questions/interaction-text.js';
import { toInteraction, type Interaction } from '../questions/interactions.js';
import { isJsonObject, type JsonValue } from '../values/json.js';
import { SECRET_TEXT } from '../schema/secrets.js';

/** What a host leaves out of a file or changes in it; undefined leaves the event out. */
export type Redact = (event: GraphRunEvent) => GraphRunEvent | undefined;

/** A shorter secret would be found everywhere. */
const MIN_SECRET_CHARS = 4;
/** The stack is limited, and only a hostile value is nested deeper. */
const MAX_DEPTH = 500;

/**
 * Prepares the events of one session for a file, oldest first. Replaces by `•••` what the schema of a question makes
 * secret: in the answer, and wherever a later event repeats a text of at least 4 characters from it. Then asks the host.
 */
export class Redaction {
  readonly #redact: Redact | undefined;
  readonly #questions = new Map<string, Interaction>();
  readonly #secrets = new Set<string>();

  constructor(redact?: Redact) {
    this.#redact = redact;
  }

  /** The event as the file may have it; undefined leaves it out. */
  apply(event: GraphRunEvent): GraphRunEvent | undefined {
    const masked = this.#withoutSecrets(event);
    return this.#redact === undefined ? masked : this.#redact(masked);
  }

  #withoutSecrets(event: GraphRunEvent): GraphRunEvent {
    if (event.type === 'inputRequired') this.#questions.set(event.interactionId, toInteraction(event));
    const masked = event.type === 'inputResolved' ? this.#withoutAnswered(event) : event;
    if (this.#secrets.size === 0) return masked;
    const wire = eventToWire(masked);
    const replaced = replaceTexts(wire, [...this.#secrets]);
    return replaced === wire ? masked : parseEvent(replaced);
  }

  #withoutAnswered(event: GraphRunEventOf<'inputResolved'>): GraphRunEvent {
    const question = this.#questions.get(event.interactionId);
    if (question === undefined || event.response === undefined) return event;
    const response = shownResponse(question, event.response);
    for (const secret of replacedTexts(event.response, response)) this.#secrets.add(secret);
    return { ...event, response };
  }
}

/**
 * Replaces texts wherever they are part of a text in a value, and what is nested too deeply to be searched; returns the
 * value itself when they are nowhere.
 */
function replaceTexts(value: JsonValue, texts: readonly string[], depth = 0): JsonValue {
  if (depth > MAX_DEPTH) return SECRET_TEXT;
  if (typeof value === 'string') {
    return texts.reduce(
      (rest, text) => (rest.includes(text) ? rest.replaceAll(text, SECRET_TEXT) : rest),
      value,
    );
  }
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => replaceTexts(item, texts, depth + 1));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(
    ([key, member]) => [key, replaceTexts(member, texts, depth + 1)] as const,
  );
  return members.some(([key, member]) => member !== value[key]) ? Object.fromEntries(members) : value;
}

/** The texts of a value that were replaced by `•••`. */
function replacedTexts(value: JsonValue | undefined, shown: JsonValue | undefined): readonly string[] {
  if (value === shown) return [];
  if (shown === SECRET_TEXT) return textsIn(value).filter((text) => text.length >= MIN_SECRET_CHARS);
  if (Array.isArray(value)) {
    return Array.isArray(shown) ? value.flatMap((item, at) => replacedTexts(item, shown[at])) : [];
  }
  if (!isJsonObject(value) || !isJsonObject(shown)) return [];
  return Object.entries(value).flatMap(([key, member]) => replacedTexts(member, shown[key]));
}

/** All texts in a value. Without recursion: a secret may be nested deeper than the stack allows. */
function textsIn(value: JsonValue | undefined): readonly string[] {
  const texts: string[] = [];
  const rest = [value];
  for (let next = rest.pop(); rest.length > 0 || next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') texts.push(next);
    else if (typeof next === 'object' && next !== null)
      for (const member of Object.values(next)) rest.push(member);
  }
  return texts;
}
