import type { JsonObject } from '../../../protocol/values/json.js';
import { GraphRunError } from '../../../protocol/problems.js';
import type { ServerLimits } from '../../limits.js';
import type { BodyBudget, BodyShare } from './body-budget.js';
import { bearerOf, bodyTokenOf, identify, type Authenticate, type Identity } from './identity.js';
import { readJsonObject } from './request-body.js';

/** Dependencies of `ReceivedRequest`. */
export interface ReceivedRequestOptions {
  readonly authenticate?: Authenticate;
  readonly limits: Pick<ServerLimits, 'bodyValues' | 'bodyNames' | 'commandBodyBytes'>;
  readonly budget: BodyBudget;
  readonly onError: (error: unknown) => void;
}

/** A body that may hold the token, with its sender. */
export interface ReceivedContent {
  readonly body: JsonObject;
  readonly token: string | undefined;
  readonly identity: Identity;
}

/** A request that is being answered: its sender, then its body, which counts until the request is released. */
export class ReceivedRequest {
  readonly request: Request;
  readonly query: URLSearchParams;
  readonly #options: ReceivedRequestOptions;
  #share: BodyShare | undefined;
  #principal: string | undefined;

  constructor(request: Request, options: ReceivedRequestOptions) {
    this.request = request;
    this.query = new URL(request.url).searchParams;
    this.#options = options;
  }

  /** The token of the header. */
  get bearer(): string | undefined {
    return bearerOf(this.request);
  }

  /** Releases the bytes of the body. */
  release(): void {
    this.#share?.release();
    this.#share = undefined;
  }

  /**
   * Identifies the sender by the headers.
   *
   * @throws GraphRunError See `Authenticate`.
   */
  async sender(): Promise<Identity> {
    const identity = await this.#identify(this.bearer, this.#options.onError);
    this.#principal = identity.principal;
    return identity;
  }

  /**
   * Reads the body of a request whose sender is known already, at most `maxBytes` (default: the limit of a request
   * without content). An optional one that is missing counts as an empty object.
   *
   * @throws GraphRunError See `readJsonObject`.
   */
  command({
    maxBytes = this.#options.limits.commandBodyBytes,
    ...options
  }: { readonly isOptional?: boolean; readonly maxBytes?: number } = {}): Promise<JsonObject> {
    return this.#read(maxBytes, options);
  }

  /**
   * Reads a body that may hold the token. The headers are asked first: a sender that they do not identify may have the
   * token in the body, and shares the bytes of all such senders; any other refusal is the answer, unread.
   *
   * @throws GraphRunError See `Authenticate` and `readJsonObject`.
   */
  async content(maxBytes: number): Promise<ReceivedContent> {
    const { bearer } = this;
    const failures: unknown[] = [];
    const reportFailures = (): void => {
      for (const failure of failures) this.#options.onError(failure);
    };
    const byHeaders = await this.#identify(bearer, (error) => failures.push(error)).catch(
      (error: unknown) => {
        if (bearer === undefined && isUnauthenticated(error)) return error;
        reportFailures();
        throw error;
      },
    );
    const sender = byHeaders instanceof GraphRunError ? undefined : byHeaders;
    this.#principal = sender?.principal;
    const body = await this.#read(maxBytes);
    const token = bearer ?? bodyTokenOf(body);
    if (bearer === undefined && token !== undefined) {
      return { body, token, identity: await this.#identify(token, this.#options.onError) };
    }
    if (byHeaders instanceof GraphRunError) {
      reportFailures();
      throw byHeaders;
    }
    return { body, token, identity: byHeaders };
  }

  #identify(token: string | undefined, onError: (error: unknown) => void): Promise<Identity> {
    return identify(this.#options.authenticate, token, this.request, onError);
  }

  #read(maxBytes: number, options: { readonly isOptional?: boolean } = {}): Promise<JsonObject> {
    const { budget, limits } = this.#options;
    const share = (this.#share ??= budget.open(this.#principal));
    const { bodyValues: maxValues, bodyNames: maxNames } = limits;
    return readJsonObject(this.request, { maxBytes, maxValues, maxNames, share }, options);
  }
}

function isUnauthenticated(error: unknown): error is GraphRunError {
  return error instanceof GraphRunError && error.code === 'unauthenticated';
}
