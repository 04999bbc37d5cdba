import { LazyPart } from '../parts/lazy-part.js';

/** The tab “Timeline”. */
export const TIMELINE_PART = new LazyPart(() => import('./timeline/timeline-elements.js'));

/** The player of earlier moments: its strip, its band, its slider in the timeline. */
export const LOOK_BACK_PART = new LazyPart(() => import('./player/player-elements.js'));

/** The tab “Events”. */
export const EVENTS_PART = new LazyPart(() => import('./events/events-elements.js'));
