/** An event outside of a connection after which the connection should try again, or check that it is alive. */
export type EnvironmentEvent =
  | 'online'
  | 'offline'
  /** The page is visible again, or runs again after it was frozen. */
  | 'visible'
  /** The page enters the back/forward cache; open connections would prevent that. */
  | 'hide'
  /** The page came back from the back/forward cache. */
  | 'show';

/** The functions of the platform on which a connection depends besides `fetch`; tests bring their own. */
export interface Environment {
  /** Returns the milliseconds of a monotonic clock. */
  now(): number;
  /** Returns the time of day in milliseconds since 1970. */
  wallNow(): number;
  /** Returns a random number from 0 up to 1. */
  random(): number;
  /** Calls back once after `ms`; the returned function prevents it. */
  setTimer(callback: () => void, ms: number): () => void;
  /** Returns the browser's opinion; it may be wrong in both directions. */
  isOnline(): boolean;
  /** Calls back on each event until the returned function is called. */
  subscribe(listener: (event: EnvironmentEvent) => void): () => void;
}

/** Creates the environment of the browser; in Node the same without events. */
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
