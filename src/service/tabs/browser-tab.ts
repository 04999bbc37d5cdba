import { requestChannelLock } from './channel-lock.js';
import type { HeldLock, LockRequest, Tab, TabChannel, TabEvent } from './tab.js';

/**
 * Returns the tab that this code runs in; undefined where tabs cannot communicate: outside of browsers, in older
 * browsers, in a frame that has no origin of its own.
 */
export function browserTab(): Tab | undefined {
  const isAble =
    typeof document !== 'undefined' && typeof BroadcastChannel === 'function' && globalThis.origin !== 'null';
  return isAble ? new BrowserTab() : undefined;
}

class BrowserTab implements Tab {
  /** Pages that are not served securely have no Web Locks. */
  readonly areLocksExclusive = 'locks' in navigator;
  #focusedAtMs = Date.now();

  constructor() {
    if (!this.isVisible) this.#focusedAtMs = 0;
    // These listeners live as long as the page: its time of focus may be read at any time.
    const onFocus = () => {
      this.#focusedAtMs = Date.now();
    };
    addEventListener('focus', onFocus);
    document.addEventListener('visibilitychange', () => {
      if (this.isVisible) onFocus();
    });
  }

  get isVisible(): boolean {
    return document.visibilityState === 'visible';
  }

  get focusedAtMs(): number {
    return this.#focusedAtMs;
  }

  wallNow(): number {
    return Date.now();
  }

  random(): number {
    return Math.random();
  }

  setTimer(callback: () => void, ms: number): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }

  requestLock(name: string, request: LockRequest): Promise<HeldLock | undefined> {
    if (!this.areLocksExclusive) return requestChannelLock(this, name, request);
    return new Promise((resolve, reject) => {
      const lost = new AbortController();
      const signal = request.how === 'wait' ? request.signal : undefined;
      const onGranted = (lock: Lock | null): Promise<void> | undefined => {
        if (lock === null || signal?.aborted === true) {
          resolve(undefined);
          return undefined;
        }
        return new Promise((release) => resolve({ lost: lost.signal, release }));
      };
      // Rejects when the wait is aborted, and when the lock is stolen later.
      navigator.locks.request(name, optionsOf(request), onGranted).catch((error: unknown) => {
        lost.abort();
        if (error instanceof DOMException && error.name === 'AbortError') resolve(undefined);
        else reject(error as Error);
      });
    });
  }

  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel {
    const channel = new BroadcastChannel(name);
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => onMessage(data));
    return {
      post: (message) => channel.postMessage(message),
      close: () => channel.close(),
    };
  }

  subscribe(listener: (event: TabEvent) => void): () => void {
    const listeners = new AbortController();
    const { signal } = listeners;
    const on = (target: EventTarget, type: string, event: () => TabEvent) =>
      target.addEventListener(type, () => listener(event()), { signal });
    on(document, 'visibilitychange', () => (this.isVisible ? 'visible' : 'hidden'));
    on(window, 'focus', () => 'focus');
    on(window, 'pagehide', () => 'leave');
    on(window, 'pageshow', () => 'return');
    // A frozen page still receives and answers the messages of other tabs, but gets nothing from the network.
    on(document, 'freeze', () => 'leave');
    on(document, 'resume', () => 'return');
    return () => listeners.abort();
  }
}

function optionsOf(request: LockRequest): LockOptions {
  switch (request.how) {
    case 'wait':
      return { signal: request.signal };
    case 'ifFree':
      return { ifAvailable: true };
    case 'steal':
      return { steal: true };
  }
}
