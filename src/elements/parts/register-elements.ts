/** Classes of elements by their tags. */
export type ElementsByTag = Readonly<Record<string, CustomElementConstructor>>;

/**
 * Registers elements. Where a tag is taken by another class, logs a warning instead. Does nothing in an environment
 * without custom elements (a server).
 */
export function registerElements(elements: ElementsByTag): void {
  if (globalThis.customElements === undefined) return;
  for (const [tag, element] of Object.entries(elements)) {
    const present = customElements.get(tag);
    if (present === undefined) customElements.define(tag, element);
    else if (present !== element) {
      // oxlint-disable-next-line no-console -- a second copy of the package should be noticed, but must not break the page
      console.warn(`graph-sessions: <${tag}> is already defined; this copy is not used.`);
    }
  }
}
