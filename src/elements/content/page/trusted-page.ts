/** The name of the policy that a host under `trusted-types` has to allow. */
const POLICY_NAME = 'graph-sessions-page';

/** The part of a Trusted Types policy that is used here. */
interface PagePolicy {
  createHTML(text: string): unknown;
}

/** The factory of browsers that have Trusted Types. */
interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): PagePolicy;
}

let made: { readonly policy: PagePolicy | undefined } | undefined;

/**
 * The policy, created on first use; undefined where there are no Trusted Types, and under a host's
 * `trusted-types` directive without the name, or with a second copy of this package.
 */
function pagePolicy(): PagePolicy | undefined {
  if (made === undefined) {
    const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
    try {
      made = { policy: trustedTypes?.createPolicy(POLICY_NAME, { createHTML: (text) => text }) };
    } catch {
      // Without the policy a string is used: a host that enforces Trusted Types refuses it there.
      made = { policy: undefined };
    }
  }
  return made.policy;
}

/**
 * The HTML text of a page in the form that the browser takes under `require-trusted-types-for 'script'`. Only for
 * text that runs no script where it is used: in a document without a window, or in a frame without permissions.
 */
export function trustedPage(text: string): unknown {
  return pagePolicy()?.createHTML(text) ?? text;
}

/**
 * Parses foreign text in a document without a window, in which nothing runs or loads.
 *
 * @throws TypeError where the host's policy forbids it (Trusted Types).
 */
export function parseForeign(text: string, type: 'text/html' | 'image/svg+xml'): Document {
  // The declared parameter is a string; under Trusted Types it is an object.
  return new DOMParser().parseFromString(trustedPage(text) as string, type);
}
