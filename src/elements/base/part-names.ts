const TEXT = ['text', 'text-source', 'text-more'];
const MENU = ['menu'];
const NODE = [
  ...MENU,
  'menu-button',
  'node-title',
  'node-time',
  'output',
  'content',
  'answer',
  'error',
  ...TEXT,
];
const QUESTION = ['question', 'prompt', 'choice', 'send', 'skip', 'content', ...TEXT];
const ACTIVITY = ['activity', ...NODE];
const TIMELINE = ['timeline', 'timeline-row'];
const LOOK_BACK = ['look-back'];
const EVENTS = ['events', 'event', 'event-detail'];
const LIST = [
  ...MENU,
  'day',
  'row',
  'row-active',
  'row-status',
  'row-title',
  'row-progress',
  'row-detail',
  'row-time',
  'row-actions',
  'row-action',
  'selection',
];
const SESSION = [
  ...MENU,
  'menu-button',
  'session-header',
  'session-title',
  'session-status',
  'session-meta',
  'session-buttons',
  'replay',
  'note',
  'tabs',
  'tab',
  'questions',
  ...ACTIVITY,
  ...TIMELINE,
  ...LOOK_BACK,
  ...EVENTS,
  ...QUESTION,
];

/**
 * Values of `exportparts`, by the element that they stand on. Each list includes the parts of the elements inside, so a
 * new part is added in this file alone.
 */
export const EXPORTED_PARTS = {
  text: listOf(TEXT),
  node: listOf(NODE),
  question: listOf(QUESTION),
  activity: listOf(ACTIVITY),
  timeline: listOf(TIMELINE),
  lookBack: listOf(LOOK_BACK),
  events: listOf(EVENTS),
  menu: listOf(MENU),
  list: listOf(LIST),
  inbox: listOf(['inbox-head', ...QUESTION]),
  session: listOf(SESSION),
} as const;

function listOf(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
