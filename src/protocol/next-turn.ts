/** Resolves in the next turn of the event loop, after input and output. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    // Not every runtime has `setImmediate`; `setTimeout` may take a millisecond.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
