import { expect } from '@open-wc/testing';
import { onPageReturn } from '../../../src/actions/reading/page-return.js';

describe('the return of a page', () => {
  it('is noticed when the network is back, when the page is visible, thawed or restored; until it is stopped', () => {
    let calls = 0;
    const stop = onPageReturn(() => {
      calls += 1;
    });
    const events: readonly (readonly [EventTarget, Event])[] = [
      [window, new Event('online')],
      [document, new Event('resume')],
      [document, new Event('visibilitychange')],
      [window, new PageTransitionEvent('pageshow', { persisted: true })],
    ];
    for (const [target, event] of events) target.dispatchEvent(event);
    expect(document.visibilityState).to.equal('visible');
    expect(calls).to.equal(events.length);
    // A page that is loaded for the first time has not been away.
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    expect(calls).to.equal(events.length);
    stop();
    for (const [target, event] of events) target.dispatchEvent(event);
    expect(calls).to.equal(events.length);
  });
});
