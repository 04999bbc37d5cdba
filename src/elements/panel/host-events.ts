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
    'needs-input-change': NeedsInputChangeEvent;
  }
}
