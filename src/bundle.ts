/**
 * Everything that a page needs, in one file: registers the elements, as `graph-sessions/define.js` does, and exports
 * what `graph-sessions` exports. The build puts all of it, with the dependencies, into `dist/bundle.js`.
 */
import './define.js';

export * from './index.js';
export type * from './define.js';
