import type { SessionHistoryController } from '../../../controller/session-history-controller.js';
import type { FirstStrings } from '../../strings/first-english.js';
import { NeedsInputChangeEvent } from '../host-events.js';
import { QuestionNotifier } from './notifications.js';

/** Delay before a text is announced; a newer text within it replaces the older one. */
const ANNOUNCE_MS = 250;

/** The panel, as `Attention` needs it. */
export interface AttentionHost {
  readonly strings: FirstStrings;
  readonly isConnected: boolean;
  /** Whether the page's title shows the number of waiting sessions. */
  readonly titleCount: boolean;
  /** Whether the host of the panel offers desktop notifications. */
  readonly notifications: boolean;
  /** The text in the live region. */
  announcement: string;
  dispatchEvent(event: Event): boolean;
}

/**
 * Calls a person back when sessions need input: by the page's title, the screen reader, desktop
 * notifications, and an event for the host.
 */
export class Attention {
  readonly notifier: QuestionNotifier;
  readonly #panel: AttentionHost;
  readonly #title = new TitleCount();
  readonly #announcer: Announcer;
  #needsInput: number | undefined;

  /** @param onOpen opens the session of a notification that a person clicks. */
  constructor(panel: AttentionHost, onOpen: (sessionId: string) => void) {
    this.#panel = panel;
    this.notifier = new QuestionNotifier(onOpen);
    this.#announcer = new Announcer((text) => {
      panel.announcement = text;
    });
  }

  /** Announces what `text` returns after 250 ms, unless another text is announced before that. */
  announce(text: () => string): void {
    this.#announcer.announce(text);
  }

  /** Reports a changed number of waiting sessions. Called after each update of the panel. */
  update(history: SessionHistoryController | undefined): void {
    if (history !== undefined) this.#reportNeedsInput(history);
    const isCounted = this.#panel.titleCount && this.#panel.isConnected;
    this.#title.show(isCounted ? (history?.needsInputCount ?? 0) : 0);
  }

  /** Drops the pending announcement and restores the page's title. */
  stop(): void {
    this.#announcer.stop();
    this.#title.show(0);
  }

  #reportNeedsInput(history: SessionHistoryController): void {
    const panel = this.#panel;
    const count = history.needsInputCount;
    const before = this.#needsInput;
    if (!history.isLoaded || count === before) return;
    this.#needsInput = count;
    this.notifier.notify(history, panel.notifications, panel.strings);
    if (before !== undefined || count > 0) panel.dispatchEvent(new NeedsInputChangeEvent(count));
    // The first load is not news.
    if (before === undefined) return;
    if (count < before) {
      if (panel.announcement === panel.strings.needsInputCount(before)) this.#announcer.retract();
      return;
    }
    this.#announcer.announce(() => {
      const now = this.#needsInput ?? 0;
      return now === 0 ? '' : panel.strings.needsInputCount(now);
    });
  }
}

/** Announcements to a screen reader: only the last of several quick changes is read out. */
class Announcer {
  readonly #say: (text: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param say writes a text into the live region. */
  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  announce(text: () => string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#say(text());
    }, ANNOUNCE_MS);
  }

  /** Clears the last announcement silently, once it no longer holds; a pending one replaces it anyway. */
  retract(): void {
    if (this.#timer === undefined) this.announce(() => '');
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * A number in front of the page's title: “(2) My editor”. The host may change its title at any time.
 * 0, the initial count, leaves the title as the host wrote it.
 */
class TitleCount {
  #prefix = '';
  #count = 0;
  #observer: MutationObserver | undefined;

  show(count: number): void {
    if (count === this.#count) return;
    this.#count = count;
    if (count === 0) {
      this.#observer?.disconnect();
      this.#observer = undefined;
    }
    this.#write();
    if (count === 0 || this.#observer !== undefined) return;
    this.#observer = new MutationObserver(() => this.#write());
    this.#observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  }

  #write(): void {
    const { title } = document;
    const bare = title.startsWith(this.#prefix) ? title.slice(this.#prefix.length) : title;
    this.#prefix = this.#count === 0 ? '' : `(${this.#count}) `;
    // The observer sees this write too; writing only a difference ends the loop.
    if (title !== this.#prefix + bare) document.title = this.#prefix + bare;
  }
}
