import { GraphRunError } from '../../protocol/problems.js';

/** The parts of a request that its address is made of. */
export interface TargetParts {
  /** The request target, as it was sent. */
  readonly target: string;
  /** The values of all `Host` headers. */
  readonly hosts: readonly string[];
  /** The pseudo header `:authority` of HTTP/2. */
  readonly authority: string | undefined;
  /** False for HTTP/1.0, where a request may name no host. */
  readonly isHostRequired: boolean;
  readonly isEncrypted: boolean;
}

/** A host of a request that names none. */
const DEFAULT_HOST = 'localhost';

/** `uri-host [":" port]` of RFC 3986, without names that are empty. */
const HOST = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+)(?::\d*)?$/i;

/** A path and a query. A browser encodes a backslash of a path, but `URL` reads it as a slash. */
const PATH = /^\/[^\\?]*(?:\?.*)?$/;

/** An address with a scheme, as it is sent to a proxy: scheme, host, the rest. */
const ABSOLUTE = /^(https?):\/\/([^/?]*)(.*)$/i;

/**
 * Makes the address of a request by RFC 9112, section 3: path and query come from the request target alone, the
 * host from an absolute target, else from `:authority`, else from `Host`.
 *
 * @throws GraphRunError `invalid-request` (400): no host or several, one that is invalid, no target with a path.
 */
export function requestUrl({ target, hosts, authority, isHostRequired, isEncrypted }: TargetParts): URL {
  const scheme = isEncrypted ? 'https' : 'http';
  const [host = authority] = hosts;
  if (hosts.length > 1) throw invalid('The request has more than one “Host”.');
  if (host === undefined && isHostRequired) throw invalid('The request has no “Host”.');
  const named = toUrl(scheme, authority ?? host ?? DEFAULT_HOST, '/');
  // RFC 9113, section 8.3.1.
  if (host !== undefined && toUrl(scheme, host, '/').host !== named.host) {
    throw invalid('“Host” and “:authority” differ.');
  }
  if (!/^[!-"$-~]+$/.test(target)) throw invalid('The address of the request is invalid.');
  const [, absoluteScheme, absoluteHost = '', rest = ''] = ABSOLUTE.exec(target) ?? [];
  if (absoluteScheme === undefined) return toUrl(scheme, named.host, target);
  return toUrl(absoluteScheme, absoluteHost, rest.startsWith('/') ? rest : `/${rest}`);
}

/** Joins parts that were checked one by one, so that none can reach into another. */
function toUrl(scheme: string, host: string, path: string): URL {
  if (!HOST.test(host)) throw invalid('The host of the request is invalid.');
  const text = `${scheme}://${host}${path}`;
  if (!PATH.test(path) || !URL.canParse(text)) throw invalid('The address of the request is invalid.');
  return new URL(text);
}

function invalid(message: string): GraphRunError {
  return new GraphRunError('invalid-request', message, { status: 400 });
}
