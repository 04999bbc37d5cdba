import { html, type TemplateResult } from 'lit';
import type { SessionHistoryController } from '../../../controller/session-history-controller.js';
import { icon } from '../../theme/icons.js';
import { rowQuestion, sessionTitle } from '../../strings/session-text.js';
import { untracked } from '../../base/signal-element.js';
import { needsInput } from '../../../controller/session-filter.js';
import type { FirstStrings } from '../../strings/first-english.js';

/** Whether desktop notifications are shown; `blocked`: refused or not supported by the browser. */
export type NotifierState = 'on' | 'off' | 'blocked';

/** Key in localStorage under which the choice of notifications is kept. */
const WISH_KEY = 'graph-sessions:notify';

/** Desktop notifications about sessions that start to need input while the page has no focus. */
export class QuestionNotifier {
  readonly #onOpen: (sessionId: string) => void;
  readonly #shown = new Set<Notification>();
  #waiting: ReadonlySet<string> | undefined;

  /** `onOpen` is called when a person clicks a notification. */
  constructor(onOpen: (sessionId: string) => void) {
    this.#onOpen = onOpen;
  }

  get state(): NotifierState {
    if (globalThis.Notification === undefined || Notification.permission === 'denied') return 'blocked';
    return Notification.permission === 'granted' && readWish() ? 'on' : 'off';
  }

  /** Turns notifications on or off. Call it only on a click, because it may ask for permission. */
  async toggle(): Promise<void> {
    const { state } = this;
    if (state === 'blocked') return;
    const isOn = state === 'off' && (await Notification.requestPermission()) === 'granted';
    writeWish(isOn);
    if (!isOn) this.close();
  }

  /** Closes all shown notifications. */
  close(): void {
    for (const notification of this.#shown) notification.close();
    this.#shown.clear();
  }

  /** Notifies about sessions that need input since the last call, unless the page has the focus. */
  notify(history: SessionHistoryController, isAllowed: boolean, strings: FirstStrings): void {
    const before = this.#waiting;
    this.#waiting = new Set(waitingSessions(history));
    if (before === undefined || !isAllowed || this.state !== 'on' || document.hasFocus()) return;
    for (const sessionId of this.#waiting) {
      if (!before.has(sessionId)) this.#show(sessionId, history, strings);
    }
  }

  #show(sessionId: string, history: SessionHistoryController, strings: FirstStrings): void {
    const session = untracked(() => history.getSession(sessionId));
    if (session === undefined) return;
    let notification: Notification;
    try {
      notification = new Notification(strings.notificationTitle(sessionTitle(session, strings)), {
        body: session.question === undefined ? '' : rowQuestion(session.question, strings),
        // One notification per session, however many tabs show it.
        tag: `graph-sessions:${sessionId}`,
      });
    } catch {
      // Mobile browsers have the constructor but throw: only a service worker of the host may notify there.
      return;
    }
    this.#shown.add(notification);
    notification.addEventListener('close', () => this.#shown.delete(notification));
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
      this.#onOpen(sessionId);
    });
  }
}

/** Returns the ids of the sessions that need input, in the order of the list. */
export function waitingSessions(history: SessionHistoryController): readonly string[] {
  return untracked(() =>
    history.sessionIds.filter((sessionId) => {
      const session = history.getSession(sessionId);
      return session !== undefined && needsInput(session);
    }),
  );
}

/** Renders the bell of the toolbar. */
export function renderBell(
  state: NotifierState,
  strings: FirstStrings,
  onToggle: () => void,
): TemplateResult {
  const hint =
    state === 'blocked'
      ? strings.notificationsBlocked
      : state === 'on'
        ? strings.notificationsOn
        : strings.notificationsOff;
  return html`<button
    type="button"
    class="icon-button bell"
    aria-label=${strings.notifyMe}
    aria-pressed=${state === 'on'}
    aria-disabled=${state === 'blocked'}
    title=${hint}
    @click=${onToggle}
  >
    ${icon(state === 'on' ? 'bell' : 'bell-off')}
  </button>`;
}

/** Reads whether a person turned notifications on; false if the browser has no storage. */
function readWish(): boolean {
  try {
    return localStorage.getItem(WISH_KEY) === 'on';
  } catch {
    return false;
  }
}

function writeWish(isOn: boolean): void {
  try {
    if (isOn) localStorage.setItem(WISH_KEY, 'on');
    else localStorage.removeItem(WISH_KEY);
  } catch {
    // Without storage, the bell shows that notifications are off.
  }
}
