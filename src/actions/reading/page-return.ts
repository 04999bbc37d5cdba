/** Calls back each time the page is back, until the returned function is called. */
export type OnPageReturn = (callback: () => void) => () => void;

/**
 * Calls back when the network is back, when the page becomes visible, and when it runs again after it was frozen or kept
 * for the back button. Never where there is no page.
 */
export const onPageReturn: OnPageReturn = (callback) => {
  if (typeof document === 'undefined') return () => undefined;
  const listeners = new AbortController();
  const { signal } = listeners;
  window.addEventListener('online', callback, { signal });
  window.addEventListener(
    'pageshow',
    (event) => {
      if (event.persisted) callback();
    },
    { signal },
  );
  document.addEventListener('resume', callback, { signal });
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') callback();
    },
    { signal },
  );
  return () => listeners.abort();
};

/** Calls back the next time the page is back, unless `signal` is aborted before. */
export function oncePageReturns(onReturn: OnPageReturn, signal: AbortSignal, callback: () => void): void {
  const stop = onReturn(() => {
    stop();
    signal.removeEventListener('abort', stop);
    callback();
  });
  signal.addEventListener('abort', stop, { once: true });
}
