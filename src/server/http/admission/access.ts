import { GraphRunError } from '../../../protocol/problems.js';
import { bearerOf } from './identity.js';

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
 * Keeps foreign pages away. From a server without authentication, whatever they ask for: a page whose name was made to
 * resolve to this machine (DNS rebinding) is recognised by the host name it used, any other by its origin. From a
 * server with authentication, where they would act as the person whose cookie the browser adds: that is, from all that
 * changes something, unless a bearer token came, which such a page does not know.
 *
 * @throws GraphRunError `forbidden`.
 */
export function checkAccess(request: Request, policy: HostPolicy): void {
  if (!policy.isAuthenticated) checkHost(request, policy);
  else if (!isChange(request) || bearerOf(request) !== undefined) return;
  if (isForeignPage(request, policy)) throw forbidden('Pages of this origin may not call the server.');
}

function checkHost({ url }: Request, { allowedHosts }: HostPolicy): void {
  const { host, hostname } = new URL(url);
  if (allowedHosts.includes('*') || allowedHosts.includes(hostname) || allowedHosts.includes(host)) return;
  if (!isLoopback(hostname)) throw forbidden(`The server does not answer to the name “${hostname}”.`);
}

function isChange({ method }: Request): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

/** True when a page of an origin that is neither allowed nor the server's own sent the request. */
function isForeignPage(request: Request, policy: HostPolicy): boolean {
  const { headers, url } = request;
  const origin = headers.get('Origin');
  const site = headers.get('Sec-Fetch-Site');
  const isEveryPageAllowed = policy.allowedOrigins.includes('*') && !hasAddedLogin(request, policy);
  if (isEveryPageAllowed) return false;
  // Programs other than browsers send neither header; older browsers send no origin with a form.
  if (origin === null) return isChange(request) && !(site === null || isOwnSite(site));
  if (policy.allowedOrigins.includes(origin)) return false;
  if (policy.isAuthenticated) return !isOwnOrigin(origin, new URL(url), site);
  return !isOwnOrigin(origin, new URL(url), null) && !isOriginAllowed(origin, policy);
}

/** True when the browser may have added the login by itself. As in CORS, `*` does not cover such requests. */
function hasAddedLogin({ headers }: Request, policy: HostPolicy): boolean {
  return policy.isAuthenticated && (headers.has('Cookie') || headers.has('Authorization'));
}

function isOwnSite(site: string): boolean {
  return site === 'same-origin' || site === 'none';
}

/**
 * True for the origin of the server itself, also behind a proxy that ends TLS. When the proxy renames the host, too,
 * only the browser can tell (`site`).
 */
function isOwnOrigin(origin: string, { host, protocol }: URL, site: string | null): boolean {
  if (origin === `${protocol}//${host}` || origin === `https://${host}`) return true;
  return site === 'same-origin' && origin !== 'null';
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
