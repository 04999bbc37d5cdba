/** What happens around a connection and may mean that it is time to try again, or to look. */
export type EnvironmentEvent =
  | 'online'
  | 'offline'
  /** The page is seen again, or runs again after it was frozen. */
  | 'visible'
  /** The page goes into the back/forward cache: open connections would keep it out. */
  | 'hide'
  /** The page came back from that cache. */
  | 'show';

/** Everything that a connection needs from the world beside `fetch`; tests bring their own. */
export interface Environment {
  /** Milliseconds of a clock that never jumps back. */
  now(): number;
  /** Milliseconds since 1970. */
  wallNow(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Calls back once after `ms`; the returned function prevents it. */
  setTimer(callback: () => void, ms: number): () => void;
  /** What the browser believes; it may be wrong in both directions. */
  isOnline(): boolean;
  /** Tells of events until the returned function is called. */
  subscribe(listener: (event: EnvironmentEvent) => void): () => void;
}

/** The browser's environment; in Node the same without events. */
export function defaultEnvironment(): Environment {
  return {
    now: () => performance.now(),
    wallNow: () => Date.now(),
    random: () => Math.random(),
    setTimer(callback, ms) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    isOnline: () => typeof document === 'undefined' || navigator.onLine,
    subscribe,
  };
}

function subscribe(listener: (event: EnvironmentEvent) => void): () => void {
  if (typeof document === 'undefined') return () => undefined;
  const listeners = new AbortController();
  const { signal } = listeners;
  const on = (target: EventTarget, type: string, handle: (event: Event) => void) =>
    target.addEventListener(type, handle, { signal });
  on(window, 'online', () => listener('online'));
  on(window, 'offline', () => listener('offline'));
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'visible') listener('visible');
  });
  on(document, 'resume', () => listener('visible'));
  on(window, 'pagehide', (event) => {
    if ((event as PageTransitionEvent).persisted) listener('hide');
  });
  on(window, 'pageshow', (event) => {
    if ((event as PageTransitionEvent).persisted) listener('show');
  });
  return () => listeners.abort();
}
