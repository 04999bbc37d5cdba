import { GraphRunError } from '../../protocol/problems.js';

/** The web pages that may call the server, and the host names under which it may be called. */
export interface HostPolicy {
  /** True when requests are authenticated. */
  readonly isAuthenticated: boolean;
  /** Origins of pages that may call the server; `*` is every page. */
  readonly allowedOrigins: readonly string[];
  /** Names besides the loopback ones under which an open server may be called; `*` is every name. */
  readonly allowedHosts: readonly string[];
}

/**
 * True for an origin whose pages may read responses. An open server allows pages of this machine by default:
 * it is meant for them.
 */
export function isOriginAllowed(origin: string, policy: HostPolicy): boolean {
  if (policy.allowedOrigins.includes('*') || policy.allowedOrigins.includes(origin)) return true;
  return !policy.isAuthenticated && URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}

/**
 * Keeps foreign pages away from a server without authentication. A page whose name was made to resolve to
 * this machine (DNS rebinding) is recognised by the host name it used; any other by its origin.
 *
 * @throws GraphRunError `forbidden`.
 */
export function checkHost(request: Request, policy: HostPolicy): void {
  if (policy.isAuthenticated) return;
  const { host, hostname, origin: own } = new URL(request.url);
  const { allowedHosts } = policy;
  if (!allowedHosts.includes('*') && !allowedHosts.includes(hostname) && !allowedHosts.includes(host)) {
    if (!isLoopback(hostname)) throw forbidden(`The server does not answer to the name “${hostname}”.`);
  }
  const origin = request.headers.get('Origin');
  if (origin !== null && origin !== own && !isOriginAllowed(origin, policy)) {
    throw forbidden('Pages of this origin may not call the server.');
  }
}

/** True for a name or address of this machine itself. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

function forbidden(message: string): GraphRunError {
  return new GraphRunError('forbidden', message, { status: 403 });
}
