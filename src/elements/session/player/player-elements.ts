import { SessionPlayhead } from '../timeline/session-playhead.js';
import { PastQuestions } from './past-questions.js';
import { SessionScrubber } from './session-scrubber.js';

export { momentAfter } from './moment-after.js';

/** The elements with which a person looks back. */
export const elements = {
  'sessions-panel-past-questions': PastQuestions,
  'sessions-panel-playhead': SessionPlayhead,
  'sessions-panel-scrubber': SessionScrubber,
};
