import { html, type TemplateResult } from 'lit';
import { BareRunController } from '../../controller/run/bare-run-controller.js';
import { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { FirstStrings } from '../strings/first-english.js';

/** The state that an element shows. */
export interface ShownState {
  readonly history?: SessionHistoryController | undefined;
  readonly run?: BareRunController | undefined;
}

/**
 * True for state that another copy of this package created, for example in a second bundle of the page. Each copy
 * tracks only its own signals, so an element would never notice a change of it.
 */
export function isOfOtherCopy({ history, run }: ShownState): boolean {
  return (
    (history !== undefined && !(history instanceof SessionHistoryController)) ||
    (run !== undefined && !(run instanceof BareRunController))
  );
}

/** Renders what is wrong with state of another copy, in place of a list or session that would stay empty. */
export function renderOtherCopy(strings: FirstStrings): TemplateResult {
  return html`<div class="note failed" role="alert"><p>${strings.otherCopy}</p></div>`;
}
