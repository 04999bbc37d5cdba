/** The element with the focus, in whatever shadow root; undefined for the page itself. */
export function focusedElement(): Element | undefined {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element === null || element === document.body ? undefined : element;
}
