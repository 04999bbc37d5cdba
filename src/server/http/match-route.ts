import { GraphRunError } from '../../protocol/problems.js';
import { methodNotAllowed } from './methods.js';

/** The route of a request. */
export type Route =
  | { readonly kind: 'create' | 'monitor' | 'listPage' | 'deleteMany' }
  | {
      readonly kind:
        'stream' | 'events' | 'export' | 'status' | 'resume' | 'cancel' | 'rerun' | 'label' | 'delete';
      readonly sessionId: string;
    }
  | { readonly kind: 'event'; readonly sessionId: string; readonly index: string }
  | { readonly kind: 'preflight'; readonly allow: string };

type Kinds = Readonly<Record<string, Exclude<Route['kind'], 'preflight'>>>;

/** What an address is, for any method. */
interface Place {
  readonly kinds: Kinds;
  /** Empty for an address of the collection. */
  readonly sessionId: string;
  /** Of one event of a log. */
  readonly index?: string;
}

const LIST: Kinds = { GET: 'monitor' };
const NEW: Kinds = { POST: 'create' };
const SESSION: Kinds = { GET: 'stream', PATCH: 'label', DELETE: 'delete' };
const EVENT: Kinds = { GET: 'event' };
const PARTS: Readonly<Record<string, Kinds>> = {
  events: { GET: 'events' },
  export: { GET: 'export' },
  status: { GET: 'status' },
};
/** Verbs on the collection: those of a session, without the id. */
const LIST_VERBS: Readonly<Record<string, Kinds>> = {
  delete: { POST: 'deleteMany' },
  list: { GET: 'listPage' },
};
const VERBS: Readonly<Record<string, Kinds>> = {
  resume: { POST: 'resume' },
  cancel: { POST: 'cancel' },
  rerun: { POST: 'rerun' },
};

/**
 * Finds the route of a request. `HEAD` has the routes of `GET`.
 *
 * @throws GraphRunError `not-found`, or `method-not-allowed` with the allowed methods in its members.
 */
export function matchRoute(method: string, pathname: string, basePath: string): Route {
  const { kinds, sessionId, index = '' } = matchPath(pathname, basePath);
  const allow = [
    ...Object.keys(kinds).flatMap((name) => (name === 'GET' ? [name, 'HEAD'] : [name])),
    'OPTIONS',
  ];
  if (method === 'OPTIONS') return { kind: 'preflight', allow: allow.join(', ') };
  const name = method === 'HEAD' ? 'GET' : method;
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (kind === undefined) throw methodNotAllowed(allow.join(', '));
  switch (kind) {
    case 'create':
    case 'monitor':
    case 'listPage':
    case 'deleteMany':
      return { kind };
    case 'event':
      return { kind, sessionId, index };
    default:
      return { kind, sessionId };
  }
}

function matchPath(pathname: string, basePath: string): Place {
  if (pathname === basePath || pathname === `${basePath}/`) return { kinds: LIST, sessionId: '' };
  if (!pathname.startsWith(`${basePath}/`)) throw notFound();
  const [first = '', part, ...rest] = pathname
    .slice(basePath.length + 1)
    .split('/')
    .map(decode);
  if (first === '') throw notFound();
  const [index, ...more] = rest;
  if (index !== undefined && part === 'events' && more.length === 0) {
    return { kinds: EVENT, sessionId: first, index };
  }
  if (index !== undefined) throw notFound();
  if (part !== undefined) return { kinds: own(PARTS, part), sessionId: first };
  if (first === 'new') return { kinds: NEW, sessionId: '' };
  const colon = first.lastIndexOf(':');
  // No session has an empty id.
  if (colon === 0) return { kinds: own(LIST_VERBS, first.slice(1)), sessionId: '' };
  if (colon === -1) return { kinds: SESSION, sessionId: first };
  return { kinds: own(VERBS, first.slice(colon + 1)), sessionId: first.slice(0, colon) };
}

function own(kinds: Readonly<Record<string, Kinds>>, name: string): Kinds {
  const found = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (found === undefined) throw notFound();
  return found;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound();
  }
}

function notFound(): GraphRunError {
  return new GraphRunError('not-found', 'There is nothing at this address.', { status: 404 });
}
