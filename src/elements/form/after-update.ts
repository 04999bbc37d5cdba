import { LitElement } from 'lit';

/** Calls `then` once the element that draws `part` has drawn what was changed just now. */
export function afterUpdate(part: Element, then: () => void): void {
  const root = part.getRootNode();
  if (root instanceof ShadowRoot && root.host instanceof LitElement) {
    void root.host.updateComplete.then(then);
  }
}
