const BUBBLING: EventInit = { bubbles: true, composed: true };
const CANCELABLE: EventInit = { ...BUBBLING, cancelable: true };

/** Something is about to be done to a session, unless the host calls `preventDefault()`. */
export class SessionEvent extends Event {
  readonly sessionId: string;

  constructor(type: string, sessionId: string) {
    super(type, CANCELABLE);
    this.sessionId = sessionId;
  }
}

/** A session is about to be opened. `preventDefault()` leaves it to the host. */
export class SessionConnectEvent extends SessionEvent {
  static readonly type = 'session-connect';

  constructor(sessionId: string) {
    super(SessionConnectEvent.type, sessionId);
  }
}

/** The panel is about to stop watching a session; its run continues. `preventDefault()` keeps watching. */
export class SessionDisconnectEvent extends SessionEvent {
  static readonly type = 'session-disconnect';

  constructor(sessionId: string) {
    super(SessionDisconnectEvent.type, sessionId);
  }
}

/** A person has confirmed the cancellation of a run. `preventDefault()` leaves it to the host. */
export class SessionCancelEvent extends SessionEvent {
  static readonly type = 'session-cancel';

  constructor(sessionId: string) {
    super(SessionCancelEvent.type, sessionId);
  }
}

/** A person deletes a session: confirmed, or with five seconds to undo. `preventDefault()` leaves it to the host. */
export class SessionDeleteEvent extends SessionEvent {
  static readonly type = 'session-delete';

  constructor(sessionId: string) {
    super(SessionDeleteEvent.type, sessionId);
  }
}

/** Another run of a session's plan is about to be started. `preventDefault()` leaves it to the host. */
export class SessionRerunEvent extends SessionEvent {
  static readonly type = 'session-rerun';

  constructor(sessionId: string) {
    super(SessionRerunEvent.type, sessionId);
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
    'needs-input-change': NeedsInputChangeEvent;
  }
}
