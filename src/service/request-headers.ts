/** Headers of a host's requests, such as a token; called for each request, and once more when one is refused with 401. */
export type RequestHeaders = () =>
  Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/** Options of a `fetch` with the headers of the host. */
export interface HeadersFetchOptions {
  readonly headers?: RequestHeaders;
  /** Default: that of the platform. */
  readonly fetch?: typeof fetch;
}

/** Sends one request; `init.headers` are added to those of the host. */
export type HeadersFetch = (
  url: string,
  init?: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>;

/**
 * Makes a `fetch` for an adapter: it adds the headers of the host, and repeats a request that was refused with 401 once
 * with new ones. Rejects as `fetch` does, and with what `headers` throws.
 */
export function createHeadersFetch({ headers, fetch: own }: HeadersFetchOptions): HeadersFetch {
  // Browsers refuse to run `fetch` as a method of another object.
  const send: typeof fetch = own ?? ((input, init) => globalThis.fetch(input, init));
  return async (url, init = {}) => {
    const attempt = async () => send(url, { ...init, headers: { ...(await headers?.()), ...init.headers } });
    const response = await attempt();
    if (response.status !== 401 || headers === undefined) return response;
    await response.body?.cancel();
    return attempt();
  };
}
