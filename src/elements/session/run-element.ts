import type { RunController } from '../../controller/run-controller.js';
import { DrawingPace } from './drawing-pace.js';
import { isReplaying } from './watched-session.js';
import { SignalElement } from '../base/signal-element.js';

/**
 * An element that shows the watched session. While that is replayed it is not drawn for every batch of
 * events, because there are many more of them than pictures that could be seen.
 */
export abstract class RunElement extends SignalElement {
  /** The watched session. */
  declare run: RunController | undefined;

  /** When it is drawn; may be shared with others, which are then drawn one after the other. */
  pace = new DrawingPace();

  protected override scheduleUpdate(): void | Promise<unknown> {
    const isPassing = this.hasUpdated && this.run !== undefined && isReplaying(this.run);
    return this.pace.draw(isPassing, () => super.scheduleUpdate());
  }
}
