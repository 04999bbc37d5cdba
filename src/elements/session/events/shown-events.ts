import type { GraphRunEvent } from '../../../protocol/events.js';
import { shownResponse } from '../../../protocol/questions/interaction-text.js';
import type { Interaction } from '../../../protocol/questions/interactions.js';
import type { EventSource } from './event-index.js';

/**
 * The events of a log as they may be shown, searched and copied: with `•••` instead of the secrets of answers.
 * `questionOf` returns the question of an answer.
 */
export function shownEvents(
  events: EventSource,
  questionOf: (interactionId: string) => Interaction | undefined,
): EventSource {
  return {
    length: events.length,
    dropped: events.dropped,
    generation: events.generation,
    at(position) {
      const event = events.at(position);
      return event === undefined ? undefined : shownEvent(event, questionOf);
    },
  };
}

function shownEvent(
  event: GraphRunEvent,
  questionOf: (interactionId: string) => Interaction | undefined,
): GraphRunEvent {
  if (event.type !== 'inputResolved' || event.response === undefined) return event;
  const question = questionOf(event.interactionId);
  const response = question === undefined ? event.response : shownResponse(question, event.response);
  return response === event.response ? event : { ...event, response };
}
