import { DEFAULT_BASE_PATH } from 'graph-sessions/server';

/** The scheme and the host of an absolute target, `GET http://host/path`, as it is sent to a proxy. */
const ORIGIN = /^https?:\/\/[^/?#]*/i;

/** True if a request with this target is for the session server: its path begins with that of the sessions. */
export function isSessionsPath(target: string): boolean {
  const [path = ''] = target.replace(ORIGIN, '').split(/[?#]/, 1);
  return path === DEFAULT_BASE_PATH || path.startsWith(`${DEFAULT_BASE_PATH}/`);
}
