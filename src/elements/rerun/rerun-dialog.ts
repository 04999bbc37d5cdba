import { html, nothing, type TemplateResult } from 'lit';
import type { RerunInputs } from '../../protocol/rerun-inputs.js';
import { questionText } from '../../protocol/questions/interaction-text.js';
import { plainLine } from '../strings/plain-line.js';
import type { PanelStrings } from '../strings/english.js';
import { editedInput, renderAnswerControl } from './answer-controls.js';
import type { KeptAnswer, KeptAnswers } from './kept-answers.js';

export { keptAnswers } from './kept-answers.js';

/** Inputs of a run, by node id; null asks a person. */
export type AnswerInputs = RerunInputs;

/** Props of the dialog. */
export interface RerunDialogView extends KeptAnswers {
  /** Title of the session. */
  readonly title: string;
  readonly strings: PanelStrings;
  /** Called with the inputs of the new run when the dialog closes; undefined when no run is to start. */
  readonly onClose: (inputs: AnswerInputs | undefined) => void;
}

/** Renders the dialog in which a person looks through the answers of a run before they are used again. */
export function renderRerunDialog(view: RerunDialogView): TemplateResult {
  const { answers, asked, title, strings, onClose } = view;
  const close = ({ target }: Event) => {
    if (!(target instanceof HTMLDialogElement)) return;
    const form = target.querySelector('form');
    onClose(
      target.returnValue === 'run' && form !== null ? inputsOf(answers, new FormData(form)) : undefined,
    );
  };
  return html`<dialog part="dialog" class="wide rerun" aria-labelledby="rerun-title" @close=${close}>
    <form method="dialog">
      <h2 id="rerun-title">${strings.rerunTitle(title)}</h2>
      <p>${strings.rerunHint}</p>
      <div class="answers">${answers.map((answer, index) => renderAnswer(answer, index, strings))}</div>
      ${asked.length === 0 ? nothing : html`<p class="hint">${strings.askedAgain(asked)}</p>`}
      <div class="choices">
        <button
          type="button"
          class="button"
          @click=${(event: Event) => {
            if (event.currentTarget instanceof Element) event.currentTarget.closest('dialog')?.close();
          }}
        >
          ${strings.close}
        </button>
        <button class="button primary" value="run">${strings.rerun}</button>
      </div>
    </form>
  </dialog>`;
}

function renderAnswer(answer: KeptAnswer, index: number, strings: PanelStrings): TemplateResult {
  const question = plainLine(questionText(answer.interaction));
  const label = `rerun-answer-${index}`;
  return html`<fieldset>
    <legend id=${label}>
      <b dir="auto">${answer.title}</b
      >${question === '' ? nothing : html` <span dir="auto">${question}</span>`}
    </legend>
    ${renderAnswerControl(answer, nameOf(index), label, strings)}
  </fieldset>`;
}

function nameOf(index: number): string {
  return `answer-${index}`;
}

/** The inputs of the new run; null for questions that a person has emptied. */
function inputsOf(answers: readonly KeptAnswer[], form: FormData): AnswerInputs {
  return Object.fromEntries(
    answers.map((answer, index) => {
      const values = form.getAll(nameOf(index)).filter((value) => typeof value === 'string');
      const input = editedInput(answer, values);
      return [answer.nodeId, input ?? null] as const;
    }),
  );
}
