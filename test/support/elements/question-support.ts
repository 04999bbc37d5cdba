import { fixture, html } from '@open-wc/testing';
import { loadAll } from '../../../src/define.js';
import type { AnswerState } from '../../../src/controller/run/run-controller.js';
import type { SessionQuestion } from '../../../src/elements/question/session-question.js';
import {
  toInteraction,
  type Answer,
  type Interaction,
} from '../../../src/protocol/questions/interactions.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { GraphRunError } from '../../../src/protocol/problems.js';

// The question is part of an opened session.
if (!(await loadAll())) throw new Error('A part of the panel cannot be loaded.');

let count = 0;

/** Parses the question of a suspend event. */
export function ask(suspendEvent: JsonObject): Interaction {
  count += 1;
  return toInteraction({
    type: 'inputRequired',
    interactionId: `i${count}`,
    nodeId: 'poet',
    index: count,
    suspendEvent,
  });
}

/** A form question with these properties. */
export function askForm(properties: JsonObject, required: readonly string[] = []): Interaction {
  return ask({ inputNode: { schema: { type: 'object', properties, required } } });
}

/** A request for text. */
export function askText(members: JsonObject = {}): Interaction {
  return ask({ waitForInput: { prompt: prompt('How many stanzas?'), inputType: 'edit_note', ...members } });
}

/** A choice of three moods. */
export function askMood(members: JsonObject = {}): Interaction {
  const choices = ['Calm', 'Playful', 'Melancholy'].map((label) => ({ id: label.toLowerCase(), label }));
  return ask({ waitForChoice: { prompt: prompt('Which mood?'), choices, ...members } });
}

/** A picture of one pixel. */
export function pictureFile(name: string): File {
  const data =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  return new File([bytes], name, { type: 'image/png' });
}

/** A paste of these data, to be dispatched. Firefox gives an event of a script no clipboard of its own. */
export function pasteOf(clipboardData: DataTransfer): ClipboardEvent {
  const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, composed: true });
  Object.defineProperty(event, 'clipboardData', { value: clipboardData });
  return event;
}

/** Content with one text. */
export function prompt(text: string): JsonObject {
  return { role: 'user', parts: [{ text }] };
}

/** An answer that was refused. */
export function refused(code: string, message = '', members: JsonObject = {}): AnswerState {
  return { phase: 'refused', error: new GraphRunError(code, message, { members }) };
}

/** A card, used as a person would. */
export class Card {
  readonly element: SessionQuestion;
  readonly answers: Answer[] = [];
  readonly drafts: unknown[] = [];

  constructor(element: SessionQuestion) {
    this.element = element;
    element.onAnswer = (answer) => this.answers.push(answer);
    element.onDraft = (draft) => this.drafts.push(draft);
  }

  get root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  /** The visible text of the card. */
  get text(): string {
    return this.root.querySelector<HTMLElement>('.card')!.innerText;
  }

  /** Name of the control that has focus, or its text; empty when none has. */
  get focused(): string {
    const { activeElement } = this.root;
    const label =
      activeElement instanceof HTMLElement && 'labels' in activeElement ? labelOf(activeElement) : '';
    return activeElement === null ? '' : (activeElement.ariaLabel ?? (label || ownText(activeElement)));
  }

  /** Number of elements that match; a number, because a failed comparison of elements takes minutes to print. */
  count(selector: string): number {
    return this.root.querySelectorAll(selector).length;
  }

  /** All visible problem texts. */
  get problems(): readonly string[] {
    return [...this.root.querySelectorAll<HTMLElement>('.field .problem, .options .problem, #problem')].map(
      (element) => element.innerText.trim(),
    );
  }

  async set(properties: Partial<SessionQuestion>): Promise<void> {
    Object.assign(this.element, properties);
    await this.element.updateComplete;
  }

  button(name: string): HTMLButtonElement {
    const named = [...this.root.querySelectorAll('button')].find(
      (button) => (button.ariaLabel ?? ownText(button)) === name,
    );
    if (named === undefined) throw new Error(`There is no button “${name}”.`);
    return named;
  }

  hasButton(name: string): boolean {
    return [...this.root.querySelectorAll('button')].some((button) => ownText(button) === name);
  }

  async press(name: string): Promise<void> {
    this.button(name).click();
    await this.element.updateComplete;
  }

  /** The control with this label. */
  control<Kind extends HTMLElement = HTMLInputElement>(label: string): Kind {
    const labels = [...this.root.querySelectorAll('label')];
    const control =
      labels.find((candidate) => ownText(candidate) === label)?.control ??
      this.root.querySelector(`[aria-label="${label}"]`);
    if (!(control instanceof HTMLElement)) throw new Error(`There is no control “${label}”.`);
    return control as Kind;
  }

  async enter(label: string, text: string): Promise<void> {
    const control = this.control<HTMLInputElement>(label);
    control.value = text;
    control.dispatchEvent(
      new Event(control instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }),
    );
    await this.element.updateComplete;
  }

  async tick(label: string): Promise<void> {
    this.control(label).click();
    await this.element.updateComplete;
  }

  /** Labels of the checked choices. */
  get chosen(): readonly string[] {
    return [...this.root.querySelectorAll<HTMLInputElement>('input:checked')].map((input) =>
      ownText(input.labels![0]!),
    );
  }

  async pick(...files: readonly File[]): Promise<void> {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    const picker = this.root.querySelector<HTMLInputElement>('input[type="file"]')!;
    picker.files = transfer.files;
    picker.dispatchEvent(new Event('change', { bubbles: true }));
  }
}

function labelOf(control: HTMLElement): string {
  const { labels } = control as HTMLInputElement;
  return labels?.[0] === undefined ? '' : ownText(labels[0]);
}

/** Text of a label or a button, without decoration and marks. */
function ownText(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const extra of copy.querySelectorAll('[aria-hidden="true"], .mark, textarea, select')) {
    extra.remove();
  }
  return (copy.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
}

/** Shows a card. */
export async function show(
  interaction: Interaction,
  properties: Partial<SessionQuestion> = {},
): Promise<Card> {
  const element = await fixture<SessionQuestion>(
    html`<sessions-panel-question
      .interaction=${interaction}
      .nodeTitle=${'Poet'}
      .draft=${properties.draft}
      .answerState=${properties.answerState}
    ></sessions-panel-question>`,
  );
  const card = new Card(element);
  await card.set(properties);
  return card;
}
