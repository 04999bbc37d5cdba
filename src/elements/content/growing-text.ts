import { noChange } from 'lit';
import { Directive, directive, type ChildPart, type DirectiveParameters } from 'lit/directive.js';

/**
 * Draws a text that may grow. Only the characters that differ are replaced, so a selection in those before them stays:
 * setting the whole text would remove it.
 */
class GrowingText extends Directive {
  #node: Text | undefined;

  override render(text: string): unknown {
    return text;
  }

  override update(_part: ChildPart, [text]: DirectiveParameters<this>): unknown {
    const node = this.#node;
    if (node === undefined || node.parentNode === null) {
      this.#node = document.createTextNode(text);
      return this.#node;
    }
    replaceEnd(node, text);
    return noChange;
  }
}

/** Replaces what follows the common beginning of the text and the drawn text. */
function replaceEnd(node: Text, text: string): void {
  const { data } = node;
  if (text.startsWith(data)) {
    if (text.length > data.length) node.appendData(text.slice(data.length));
    return;
  }
  let same = 0;
  while (same < text.length && text[same] === data[same]) same += 1;
  node.replaceData(same, data.length - same, text.slice(same));
}

/** Draws a text as the child of an element; when it has grown, a selection in what was there stays. */
export const growingText = directive(GrowingText);
