import type { SessionActions } from '../../actions/session-actions.js';
import type { RerunChoice, SessionPlace } from '../base/commands.js';

const BUBBLING: EventInit = { bubbles: true, composed: true };
const CANCELABLE: EventInit = { ...BUBBLING, cancelable: true };

/** An action on a session that is about to happen, unless the host calls `preventDefault()`. */
export abstract class SessionEvent extends Event {
  /** The type of the DOM event; each subclass has its own. */
  static readonly type: string;
  readonly sessionId: string;

  constructor(sessionId: string) {
    super(new.target.type, CANCELABLE);
    this.sessionId = sessionId;
  }
}

/** A session is about to be opened. `preventDefault()` leaves it to the host. */
export class SessionConnectEvent extends SessionEvent {
  static override readonly type = 'session-connect';
}

/** The panel is about to stop watching a session; its run continues. `preventDefault()` keeps watching. */
export class SessionDisconnectEvent extends SessionEvent {
  static override readonly type = 'session-disconnect';
}

/** A person has confirmed the cancellation of a run. `preventDefault()` leaves it to the host. */
export class SessionCancelEvent extends SessionEvent {
  static override readonly type = 'session-cancel';
}

/** A person deletes a session: confirmed, or with five seconds to undo. `preventDefault()` leaves it to the host. */
export class SessionDeleteEvent extends SessionEvent {
  static override readonly type = 'session-delete';
}

/** Another run of a session's plan is about to be started. `preventDefault()` leaves it to the host. */
export class SessionRerunEvent extends SessionEvent {
  static override readonly type = 'session-rerun';
  /** The node from which it runs again, or `failed`, and inputs that replace those of the plan; `{}`: all as before. */
  readonly options: RerunChoice;

  constructor(sessionId: string, options: RerunChoice = {}) {
    super(sessionId);
    this.options = options;
  }
}

/**
 * A person is about to see the opened session at another moment; `run` and its nodes then are as they were.
 * `preventDefault()` leaves the moment as it is.
 */
export class SessionSeekEvent extends SessionEvent {
  static override readonly type = 'session-seek';
  /** Index of the last event that counts; undefined: the newest, and those that come. */
  readonly index: number | undefined;

  constructor(sessionId: string, index: number | undefined) {
    super(sessionId);
    this.index = index;
  }
}

/** A run to start, as `actions.start` takes it. */
export type StartRequest = Parameters<SessionActions['start']>[0];

/**
 * A person starts a session (`can-start`). A listener may change the `request`; `preventDefault()` leaves the start to
 * the host.
 */
export class SessionStartEvent extends Event {
  static readonly type = 'session-start';
  /** The run to start; at first only the graph of the panel, or the one that the field `graphId` of the form names. */
  request: StartRequest;
  /** The fields of the host's form (`<form slot="start">`); undefined without one. */
  readonly formData: FormData | undefined;

  constructor(request: StartRequest, formData: FormData | undefined) {
    super(SessionStartEvent.type, CANCELABLE);
    this.request = request;
    this.formData = formData;
  }
}

/**
 * The panel shows another place, because a person or an action has changed it, not because the host has set its
 * properties: for an address that leads back to it.
 */
export class PlaceChangeEvent extends Event {
  static readonly type = 'place-change';
  /** The opened session, and what of it is shown; undefined when none is open. */
  readonly place: SessionPlace | undefined;

  constructor(place: SessionPlace | undefined) {
    super(PlaceChangeEvent.type, BUBBLING);
    this.place = place;
  }
}

/** The number of sessions that need input has changed, such as for a badge of the host. */
export class NeedsInputChangeEvent extends Event {
  static readonly type = 'needs-input-change';
  readonly count: number;

  constructor(count: number) {
    super(NeedsInputChangeEvent.type, BUBBLING);
    this.count = count;
  }
}

declare global {
  interface HTMLElementEventMap {
    'session-connect': SessionConnectEvent;
    'session-disconnect': SessionDisconnectEvent;
    'session-cancel': SessionCancelEvent;
    'session-delete': SessionDeleteEvent;
    'session-rerun': SessionRerunEvent;
    'session-seek': SessionSeekEvent;
    'session-start': SessionStartEvent;
    'place-change': PlaceChangeEvent;
    'needs-input-change': NeedsInputChangeEvent;
  }
}
