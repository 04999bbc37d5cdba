import type { Sessions } from '../../actions/create-sessions.js';
import type { RunController } from '../../controller/run/run-controller.js';
import type { SessionPlace, SessionTab } from '../base/commands.js';
import { ALL_GRAPHS } from '../../protocol/all-graphs.js';
import { untracked } from '../base/signal-element.js';
import { PlaceChangeEvent } from './host-events.js';

/** The panel, as `Steering` needs it: the place that it shows, in properties that a host may set. */
export interface SteeredPanel {
  sessionId: string | undefined;
  view: SessionTab | undefined;
  nodeId: string | undefined;
  eventIndex: number | undefined;
  moment: number | undefined;
  readonly isConnected: boolean;
  dispatchEvent(event: Event): boolean;
}

/** Adds the graph of the session to a place in a list of all graphs, for a link that leads to the list of that graph. */
export function withGraph(place: SessionPlace, { history, run }: Partial<Sessions>): SessionPlace {
  const graphId = untracked(() => {
    if (history?.graphId !== ALL_GRAPHS) return undefined;
    const { sessionId } = place;
    return history.getSession(sessionId)?.graphId ?? (run?.sessionId === sessionId ? run.graphId : undefined);
  });
  return graphId === undefined ? place : { ...place, graphId };
}

/**
 * Keeps the place that the properties of the panel name and the place that it shows alike, in both directions. What the
 * host sets is done without an event; what a person or an action changes is reported, once per change.
 */
export class Steering {
  readonly #panel: SteeredPanel;
  /** The session that the property and the state agreed on. */
  #agreed: string | undefined;
  #run: RunController | undefined;
  #sessions: Partial<Sessions> = {};
  #isReportDue = false;

  constructor(panel: SteeredPanel) {
    this.#panel = panel;
  }

  /** Names the session that a person or an action has opened. Called before each update, so that it shows with it. */
  mirror({ run }: Partial<Sessions>): void {
    const panel = this.#panel;
    if (run === undefined || run !== this.#run || panel.sessionId !== this.#agreed) return;
    const opened = untracked(() => run.sessionId);
    if (opened !== this.#agreed) this.#name(opened);
  }

  /** Opens the session that the host has named. Called after each update, once the list of the graph is followed. */
  follow(sessions: Partial<Sessions>): void {
    const panel = this.#panel;
    const { run, actions } = sessions;
    this.#sessions = sessions;
    if (run === undefined || actions === undefined || !panel.isConnected) return;
    const opened = untracked(() => run.sessionId);
    const { sessionId } = panel;
    // Other state, such as after a sign-in, has to open the session again.
    const isOther = run !== this.#run && opened === undefined && sessionId !== undefined;
    this.#run = run;
    if (isOther || sessionId !== this.#agreed) this.#open(sessionId, opened, actions);
    else if (opened !== this.#agreed) this.#name(opened);
  }

  /** Reports that a person has selected a tab. */
  showTab(view: SessionTab): void {
    const panel = this.#panel;
    panel.view = view;
    panel.nodeId = undefined;
    panel.eventIndex = undefined;
    this.#report();
  }

  /** Reports that a person looks at another moment than the one that the host has named. */
  leaveMoment(): void {
    if (this.#panel.moment === undefined) return;
    this.#panel.moment = undefined;
    this.#report();
  }

  #open(sessionId: string | undefined, opened: string | undefined, actions: Sessions['actions']): void {
    const panel = this.#panel;
    if (sessionId === '') {
      if (opened !== undefined) actions.disconnect();
      panel.sessionId = undefined;
    } else if (sessionId === undefined) {
      // The host has no opinion: a framework also sets this for a property that it was never given.
      panel.sessionId = opened;
    } else if (sessionId !== opened) {
      actions.connect(sessionId);
    }
    this.#agreed = panel.sessionId;
  }

  #name(opened: string | undefined): void {
    const panel = this.#panel;
    this.#agreed = opened;
    panel.sessionId = opened;
    panel.nodeId = undefined;
    panel.eventIndex = undefined;
    panel.moment = undefined;
    this.#report();
  }

  /** Dispatches after the update, because a listener may set properties. */
  #report(): void {
    if (this.#isReportDue) return;
    this.#isReportDue = true;
    queueMicrotask(() => {
      this.#isReportDue = false;
      this.#panel.dispatchEvent(new PlaceChangeEvent(this.#place));
    });
  }

  get #place(): SessionPlace | undefined {
    const { sessionId, view, nodeId, eventIndex, moment } = this.#panel;
    if (sessionId === undefined) return undefined;
    const place = {
      sessionId,
      ...(view === undefined ? {} : { view }),
      ...(nodeId === undefined ? {} : { nodeId }),
      ...(eventIndex === undefined ? {} : { eventIndex }),
      ...(moment === undefined ? {} : { moment }),
    };
    return withGraph(place, this.#sessions);
  }
}
