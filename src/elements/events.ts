const BUBBLING: EventInit = { bubbles: true, composed: true };
const CANCELABLE: EventInit = { ...BUBBLING, cancelable: true };

/** A session is about to be opened. `preventDefault()` leaves it to the host. */
export class SessionConnectEvent extends Event {
  static readonly type = 'session-connect';
  readonly sessionId: string;

  constructor(sessionId: string) {
    super(SessionConnectEvent.type, CANCELABLE);
    this.sessionId = sessionId;
  }
}

/** The panel is about to stop watching a session; its run goes on. `preventDefault()` keeps watching. */
export class SessionDisconnectEvent extends Event {
  static readonly type = 'session-disconnect';
  readonly sessionId: string;

  constructor(sessionId: string) {
    super(SessionDisconnectEvent.type, CANCELABLE);
    this.sessionId = sessionId;
  }
}

/** A person has confirmed that a run is to be cancelled. `preventDefault()` leaves it to the host. */
export class SessionCancelEvent extends Event {
  static readonly type = 'session-cancel';
  readonly sessionId: string;

  constructor(sessionId: string) {
    super(SessionCancelEvent.type, CANCELABLE);
    this.sessionId = sessionId;
  }
}

/** A person deletes a session: confirmed, or to be taken back within five seconds. `preventDefault()` leaves it to the host. */
export class SessionDeleteEvent extends Event {
  static readonly type = 'session-delete';
  readonly sessionId: string;

  constructor(sessionId: string) {
    super(SessionDeleteEvent.type, CANCELABLE);
    this.sessionId = sessionId;
  }
}

/** Another run of a session's plan is about to be started. `preventDefault()` leaves it to the host. */
export class SessionRerunEvent extends Event {
  static readonly type = 'session-rerun';
  readonly sessionId: string;

  constructor(sessionId: string) {
    super(SessionRerunEvent.type, CANCELABLE);
    this.sessionId = sessionId;
  }
}

/** The number of sessions that wait for a person has changed: for a badge of the host. */
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
