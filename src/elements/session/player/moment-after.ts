import { positionOf } from '../../../controller/run/event-search.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import { untracked } from '../../base/signal-element.js';
import { markOf } from '../timeline/named-event.js';

/**
 * The index of the moment one step before (-1) or after (1) the one that is shown: the nearest event that a person would
 * name, or, if `isSingle`, any event. Undefined for the newest moment. Before the first step it is the first event.
 */
export function momentAfter(run: RunController, by: -1 | 1, isSingle: boolean): number | undefined {
  return untracked(() => {
    const { events, latest } = run;
    const last = events.length - 1;
    const from = positionOf(events, run.position ?? latest.lastIndex);
    let position = from + by;
    const isStep = () => {
      const event = events.at(position);
      return event === undefined || isSingle || markOf(event) !== undefined;
    };
    while (!isStep()) position += by;
    return position >= last ? undefined : events.at(Math.max(0, position))?.index;
  });
}
