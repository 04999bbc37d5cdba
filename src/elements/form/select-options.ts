import { noChange } from 'lit';
import { Directive, directive, type DirectiveParameters, type ElementPart } from 'lit/directive.js';

class SelectOptions extends Directive {
  #made: readonly string[] = [];

  render(_labels: readonly string[], _selected: number): unknown {
    return noChange;
  }

  override update({ element }: ElementPart, [labels, selected]: DirectiveParameters<this>): unknown {
    if (!(element instanceof HTMLSelectElement)) return noChange;
    const isSame =
      labels.length === this.#made.length && labels.every((label, index) => label === this.#made[index]);
    if (!isSame) {
      element.replaceChildren(...labels.map((label, index) => new Option(label, String(index - 1))));
      this.#made = labels;
    }
    element.selectedIndex = selected + 1;
    return noChange;
  }
}

/**
 * Fills a `<select>`: the first label has the value -1, the others 0, 1 and so on; `selected` is the value of the
 * selected one. A thousand templates, one for each option, would take ten times as long.
 */
export const selectOptions = directive(SelectOptions);
