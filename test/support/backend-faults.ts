import type { Reading } from '../../src/conformance/watching.js';
import type { GraphRunEvent, GraphRunEventOf } from '../../src/protocol/events.js';
import type { JsonObject } from '../../src/protocol/values/json.js';

/** An answer that consists of a text. */
export const textAnswer = (value: string): JsonObject => ({
  input: { role: 'user', parts: [{ text: value }] },
});

/** The questions that a reader has received. */
export const asked = ({ events }: Pick<Reading, 'events'>): readonly GraphRunEventOf<'inputRequired'>[] =>
  events.filter((event) => event.type === 'inputRequired');

/** Tells whether a reader has received so many questions. */
export const hasAsked =
  (count: number) =>
  (reading: Reading): boolean =>
    asked(reading).length >= count;

/** Events without their times. */
export const facts = (events: readonly GraphRunEvent[]) => events.map(({ ts: _, ...event }) => event);

/** The same response, whose body breaks after some bytes. */
export function cutAfter(bytes: number, response: Response): Response {
  let left = bytes;
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (left > 0) controller.enqueue(chunk.slice(0, left));
      left -= chunk.length;
      if (left <= 0) controller.error(new TypeError('terminated'));
    },
  });
  const { status, headers } = response;
  return new Response(response.body?.pipeThrough(cut), { status, headers });
}
