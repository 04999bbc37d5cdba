import { personName } from '../../../protocol/person-name.js';
import { isStorable } from '../../store/storable-text.js';

/**
 * Returns the name under which a principal is shown to those who may see its sessions, such as “Ann”; undefined: none. It
 * is written into the log when the principal starts a session or answers a question, and stays there.
 */
export type DescribePrincipal = (principal: string) => string | undefined;

/** Dependencies of `PersonNames`. */
export interface PersonNamesOptions {
  readonly describePrincipal?: DescribePrincipal;
  readonly onError: (error: unknown) => void;
}

/** The names of principals, as the host gives them. */
export class PersonNames {
  readonly #options: PersonNamesOptions;

  constructor(options: PersonNamesOptions) {
    this.#options = options;
  }

  /**
   * Returns the name of a principal: plain, in one line, short. Undefined without one, and when the host fails, which goes
   * to `onError`: a missing name refuses nothing.
   */
  nameOf(principal: string): string | undefined {
    const { describePrincipal, onError } = this.#options;
    try {
      const shown = personName(describePrincipal?.(principal));
      return shown !== undefined && isStorable(shown) ? shown : undefined;
    } catch (error) {
      onError(new Error('“describePrincipal” failed.', { cause: error }));
      return undefined;
    }
  }
}
