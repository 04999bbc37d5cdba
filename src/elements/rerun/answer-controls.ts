import { html, type TemplateResult } from 'lit';
import { plainInput } from '../../protocol/questions/answer-input.js';
import { contentText, textContent, type LLMContent } from '../../protocol/content.js';
import { NONE_OF_THE_ABOVE, SKIPPED, type ChoiceInteraction } from '../../protocol/questions/interactions.js';
import { isJsonObject, parseJson } from '../../protocol/values/json.js';
import type { PanelStrings } from '../strings/english.js';
import type { KeptAnswer } from './kept-answers.js';

/** Renders the control that edits an answer; `name` is its name in the form, `label` the id of its label. */
export function renderAnswerControl(
  { interaction, input }: KeptAnswer,
  name: string,
  label: string,
  strings: PanelStrings,
): TemplateResult {
  const text = plainInput(input);
  if (interaction.kind === 'choice') return renderChoices(interaction, text ?? '', name, strings);
  if (interaction.kind === 'consent') {
    return renderOptions(
      [
        { value: 'yes', text: strings.answerAllowed },
        { value: 'no', text: strings.answerNotAllowed },
      ],
      { type: 'radio', name, chosen: [text ?? ''] },
    );
  }
  const json = input.parts.find((part) => part.json !== undefined)?.json;
  if (json !== undefined) {
    return html`<textarea
      class="input is-json"
      name=${name}
      aria-labelledby=${label}
      rows="4"
      spellcheck="false"
      .value=${JSON.stringify(json, null, 2)}
      @input=${(event: Event) => checkJson(event, strings)}
    ></textarea>`;
  }
  if (text === undefined) return html`<p class="hint">${strings.answerWithFiles}</p>`;
  if (text === SKIPPED) return html`<p class="hint">${strings.answerSkipped}</p>`;
  return html`<textarea
    class="input"
    name=${name}
    aria-labelledby=${label}
    rows="2"
    .value=${text}
  ></textarea>`;
}

function renderChoices(
  { choices, selectionMode, noneOfTheAboveLabel }: ChoiceInteraction,
  text: string,
  name: string,
  strings: PanelStrings,
): TemplateResult {
  const options = choices.map(({ id, content }) => ({ value: id, text: contentText(content) || id }));
  const none =
    noneOfTheAboveLabel === undefined
      ? []
      : [{ value: NONE_OF_THE_ABOVE, text: noneOfTheAboveLabel || strings.answerNone }];
  return renderOptions([...options, ...none], {
    type: selectionMode === 'multiple' ? 'checkbox' : 'radio',
    name,
    chosen: text.split('\n'),
  });
}

function renderOptions(
  options: readonly { readonly value: string; readonly text: string }[],
  {
    type,
    name,
    chosen,
  }: { readonly type: string; readonly name: string; readonly chosen: readonly string[] },
): TemplateResult {
  return html`<span class="options">
    ${options.map(
      ({ value, text }) =>
        html`<label
          ><input type=${type} name=${name} value=${value} .checked=${chosen.includes(value)} /><span
            dir="auto"
            >${text}</span
          ></label
        >`,
    )}
  </span>`;
}

function checkJson({ target }: Event, strings: PanelStrings): void {
  if (!(target instanceof HTMLTextAreaElement)) return;
  const isValid = target.value.trim() === '' || isJsonObject(parseJson(target.value));
  target.setCustomValidity(isValid ? '' : strings.answerNoJson);
}

/** Reads an answer as it was edited; undefined when it was emptied, so that its question is asked again. */
export function editedInput(
  { input, interaction }: KeptAnswer,
  values: readonly string[],
): LLMContent | undefined {
  const isKept = interaction.kind !== 'choice' && interaction.kind !== 'consent' && values.length === 0;
  // It has no control: files, or a skipped question.
  if (isKept) return input;
  if (values.join('').trim() === '') return undefined;
  if (input.parts.every(({ json }) => json === undefined)) return textContent(values.join('\n'));
  const json = parseJson(values.join('\n'));
  return isJsonObject(json) ? { parts: [{ json }] } : undefined;
}
