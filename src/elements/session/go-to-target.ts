import type { ReactiveElement } from 'lit';
import type { RunController } from '../../controller/run/run-controller.js';
import type { PanelCommands, SessionTab } from '../base/commands.js';
import type { PanelStrings } from '../strings/english.js';
import type { SessionActivity } from './activity/session-activity.js';
import type { SessionEvents } from './events/session-events.js';
import { TargetPlace, type Target } from './target-place.js';
import type { SessionTimeline } from './timeline/session-timeline.js';

/** The element that shows the session of the target. */
export interface TargetHost extends ReactiveElement {
  readonly commands: PanelCommands | undefined;
  readonly strings: PanelStrings;
}

/** Shows the place that a host or a link has named, once it is there, or reports that it is not. */
export class GoToTarget {
  readonly #host: TargetHost;
  readonly #selectedTab: () => SessionTab;
  readonly #place = new TargetPlace();

  constructor(host: TargetHost, selectedTab: () => SessionTab) {
    this.#host = host;
    this.#selectedTab = selectedTab;
  }

  /** Sets the target of the session that is open, or is being opened. */
  set(target: Target): void {
    this.#place.set(target);
  }

  /** Goes there if it can be known by now where it is; after each update of the host. */
  updated(run: RunController): void {
    this.#goToMoment(run);
    void this.#goToPlace(run);
  }

  #goToMoment(run: RunController): void {
    const target = this.#place.takeMoment(run);
    if (target === undefined) return;
    const { commands, strings } = this.#host;
    // After the update: it changes what the update has read.
    queueMicrotask(() => {
      switch (target.kind) {
        case 'moment':
          return commands?.seek?.(target.index, true);
        case 'moment-not-kept':
          commands?.seek?.(target.first, true);
          return commands?.reportMissing?.(strings.momentNotKept(target.index));
        case 'no-event':
          return commands?.reportMissing?.(strings.noSuchEvent(target.index));
      }
    });
  }

  async #goToPlace(run: RunController): Promise<void> {
    const { strings, commands } = this.#host;
    const target = this.#place.take(run);
    switch (target?.kind) {
      case 'no-node': {
        const { nodeId, title } = target;
        return commands?.reportMissing?.(
          title === undefined ? strings.noSuchNode(nodeId) : strings.nodeNotStarted(title),
        );
      }
      case 'no-event':
        return commands?.reportMissing?.(strings.noSuchEvent(target.index));
      case 'event-not-kept':
        return commands?.reportMissing?.(strings.eventNotKept(target.index));
      case 'node': {
        const isTimeline = this.#selectedTab() === 'timeline';
        const tab = await this.#drawn<SessionActivity | SessionTimeline>(
          isTimeline ? 'sessions-panel-timeline' : 'sessions-panel-activity',
        );
        return tab?.showNode(target.nodeId, this.#mayTakeFocus);
      }
      case 'event': {
        const events = await this.#drawn<SessionEvents>('sessions-panel-events');
        return events?.showEvent(target.index);
      }
    }
  }

  /** An element of the host when its code is there and it is drawn. */
  async #drawn<Tab extends ReactiveElement>(name: string): Promise<Tab | undefined> {
    await customElements.whenDefined(name);
    await this.#host.updateComplete;
    const tab = this.#host.shadowRoot?.querySelector<Tab>(name) ?? undefined;
    await tab?.updateComplete;
    return tab;
  }

  /** False while a person uses something else on the page. */
  get #mayTakeFocus(): boolean {
    const { activeElement, body } = this.#host.ownerDocument;
    return activeElement === null || activeElement === body || this.#host.matches(':focus-within');
  }
}
