import type { TemplateResult } from 'lit';
import { Directive, directive } from 'lit/directive.js';

class LineOrLines extends Directive {
  #hadLines = false;

  render(text: string, line: () => TemplateResult, lines: () => TemplateResult): TemplateResult {
    // A text area stays one while its last line break is deleted: another control would lose the focus.
    this.#hadLines ||= /[\r\n]/.test(text);
    return this.#hadLines ? lines() : line();
  }
}

/**
 * Renders the control of a text: that for one line, or, once the text has line breaks, the one for several. A control for
 * one line would not show them, and drop them with the next key.
 */
export const lineOrLines = directive(LineOrLines);
