import { contentsText, contentText, isLLMContent, outputContents } from '../../../protocol/content.js';
import { eventToWire, type GraphRunEvent } from '../../../protocol/events.js';
import { toInteraction } from '../../../protocol/questions/interactions.js';
import { questionText } from '../../../protocol/questions/interaction-text.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../protocol/values/json.js';
import { jsonText } from '../../content/json-text.js';
import { plainLine } from '../../strings/plain-line.js';

/** Maximum length of a summary, which has one line. */
const MAX_LENGTH = 240;

/** The type of an event as the server sent it. */
export function eventTypeOf(event: GraphRunEvent): string {
  return event.type === 'unknown' ? event.wireType : event.type;
}

/** True for an event that reports an error. */
export function isFailure(event: GraphRunEvent): boolean {
  if (event.type === 'nodeError' || event.type === 'graphError') return true;
  return event.type === 'agentEvent' && Object.hasOwn(event.event, 'error');
}

/** The class that gives the row of an event its colour. */
export function eventClass(event: GraphRunEvent): string {
  if (isFailure(event)) return 'failed';
  if (event.type === 'inputRequired' || event.type === 'inputResolved') return 'asks';
  if (event.type === 'unknown') return 'unknown';
  return event.type === 'agentEvent' || event.type === 'thoughtEvent' ? 'agent' : 'step';
}

/** The content of an event in one line; empty if it has none besides its type. Never throws. */
export function eventSummary(event: GraphRunEvent): string {
  return plainLine(longSummary(event)).slice(0, MAX_LENGTH);
}

function longSummary(event: GraphRunEvent): string {
  switch (event.type) {
    case 'graphStart':
      return event.graph?.title ?? event.sessionId;
    case 'nodeEnd':
      return outputSummary(event.outputs);
    case 'nodeError':
    case 'graphError':
      return event.error;
    case 'nodeSkipped':
      return event.causedBy;
    case 'nodeRetry':
      return String(event.attempt);
    case 'thoughtEvent':
      return event.text;
    case 'agentEvent':
      return agentSummary(event.event);
    case 'inputRequired':
      return questionText(toInteraction(event)) || compact(event.suspendEvent);
    case 'inputResolved':
      return contentsText(outputContents(event.response)) || compact(event.response);
    case 'unknown':
      return compact(event.wire);
    default:
      return '';
  }
}

/** The text of outputs, otherwise their media types, otherwise their JSON. */
function outputSummary(outputs: JsonObject | undefined): string {
  const contents = outputContents(outputs);
  const text = contentsText(contents);
  if (text !== '') return text;
  const types = contents
    .flatMap(({ parts }) => parts)
    .flatMap((part) => [part.inlineData, part.storedData, part.fileData])
    .flatMap((media) => (typeof media?.mimeType === 'string' ? [media.mimeType] : []));
  return types.length === 0 ? compact(outputs) : types.join(', ');
}

function agentSummary(agentEvent: JsonObject): string {
  const [name, payload] = Object.entries(agentEvent)[0] ?? [];
  if (name === undefined) return '';
  const body = isJsonObject(payload) ? payload : {};
  const text = [body['text'], body['message'], body['title'], body['status'], body['name']].find(
    (member) => typeof member === 'string' && member !== '',
  );
  const content = isLLMContent(body['content']) ? contentText(body['content']) : '';
  return `${name} · ${typeof text === 'string' ? text : content || compact(payload)}`;
}

function compact(value: JsonValue | undefined): string {
  return value === undefined ? '' : jsonText(value, MAX_LENGTH);
}

/**
 * True if a value or a key of the event contains the needle, which must be in lower case. Uses neither
 * recursion nor JSON text: it runs over every event.
 */
export function eventContains(event: GraphRunEvent, needle: string): boolean {
  const rest: JsonValue[] = [eventToWire(event)];
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value === 'string') {
      if (value.toLowerCase().includes(needle)) return true;
    } else if (typeof value === 'number' || typeof value === 'boolean') {
      if (String(value).includes(needle)) return true;
    } else if (Array.isArray(value)) {
      for (const item of value) rest.push(item as JsonValue);
    } else if (isJsonObject(value)) {
      for (const [key, member] of Object.entries(value)) {
        if (key.toLowerCase().includes(needle)) return true;
        rest.push(member);
      }
    }
  }
  return false;
}
