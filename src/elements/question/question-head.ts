import { html, nothing, type TemplateResult } from 'lit';
import type { PanelStrings } from '../strings/english.js';

/** Props of the card's head. */
export interface HeadView {
  /** Position among the open questions of the session, from 1, and their number. */
  readonly position: number;
  readonly total: number;
  /** Title of the node that asks. */
  readonly nodeTitle: string;
  readonly strings: PanelStrings;
  /** Shown at the end; `nothing` where the footer has the note. */
  readonly note: unknown;
  /** The view of a form; undefined for other questions. */
  readonly shown: 'form' | 'json' | undefined;
  readonly isBusy: boolean;
  /** Called to change the view. */
  readonly onSwitch: () => void;
}

/** Renders the card's head: which question this is, who asks it, and the switch between form and JSON. */
export function renderHead(view: HeadView): TemplateResult {
  const { position, total, nodeTitle, strings, note } = view;
  const who = total > 1 ? strings.questionOf(position, total, nodeTitle) : strings.onlyQuestion(nodeTitle);
  return html`<div class="head">
    <p class="who" id="who" title=${who}>${who}</p>
    ${note} ${renderSwitch(view)}
  </div>`;
}

function renderSwitch({ shown, strings, isBusy, onSwitch }: HeadView): TemplateResult | typeof nothing {
  if (shown === undefined) return nothing;
  const part = (name: 'form' | 'json', label: string) =>
    html`<button
      type="button"
      aria-pressed=${shown === name}
      aria-disabled=${isBusy ? 'true' : nothing}
      @click=${() => {
        if (shown !== name) onSwitch();
      }}
    >
      ${label}
    </button>`;
  return html`<div class="switch" role="group" aria-label=${strings.answerView}>
    ${part('form', strings.formView)}${part('json', strings.json)}
  </div>`;
}
