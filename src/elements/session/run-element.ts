import type { RunController } from '../../controller/run/run-controller.js';
import { Printing } from '../base/printing.js';
import { SignalElement } from '../base/signal-element.js';
import { RenderThrottle } from './render-throttle.js';
import { isReplaying } from './watched-session.js';

/**
 * An element that shows the watched session. During a replay it does not render for every batch of
 * events: there are many more batches than frames.
 */
export abstract class RunElement extends SignalElement {
  /** The watched session. */
  declare run: RunController | undefined;

  /** @internal Draws everything while the page is printed. */
  protected readonly printing = new Printing(this);

  /** Decides when the element renders. Elements that share one render one after the other. */
  throttle = new RenderThrottle();

  protected override scheduleUpdate(): void | Promise<unknown> {
    // The page is printed as soon as the event that announces it has been handled.
    if (this.printing.isOn) return super.scheduleUpdate();
    return this.throttle.draw(this, () => super.scheduleUpdate());
  }

  /** @internal */
  replayed(): RunController | undefined {
    // What a new element shows is drawn at once.
    return this.hasUpdated && this.run !== undefined && isReplaying(this.run) ? this.run : undefined;
  }
}
