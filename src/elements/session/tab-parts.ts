import { LazyPart } from '../parts/lazy-part.js';

/** The tab “Timeline”. */
export const TIMELINE_PART = new LazyPart(async () => {
  const { SessionTimeline } = await import('./timeline/session-timeline.js');
  return { elements: { 'sessions-panel-timeline': SessionTimeline } };
});

/** The player of earlier moments: its strip, its band, its slider in the timeline. */
export const LOOK_BACK_PART = new LazyPart(() => import('./player/player-elements.js'));

/** The tab “Events”. */
export const EVENTS_PART = new LazyPart(async () => {
  const { SessionEvents } = await import('./events/session-events.js');
  return { elements: { 'sessions-panel-events': SessionEvents } };
});
