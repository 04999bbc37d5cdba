import { html, nothing, type TemplateResult } from 'lit';
import type { ActivityEntry } from '../../../controller/run/reduce-run.js';
import { contentsText, toContents, type LLMContent } from '../../../protocol/content.js';
import { answerText, shownResponse } from '../../../protocol/questions/interaction-text.js';
import { SKIPPED, type Interaction } from '../../../protocol/questions/interactions.js';
import type { JsonObject } from '../../../protocol/values/json.js';
import { plainName } from '../../../protocol/values/plain-name.js';
import { renderContent } from '../../content/content-view.js';
import { isMarkdown } from '../../content/markdown/is-markdown.js';
import { renderJson, renderProse, type ContentOptions, type Rendered } from '../../content/text-view.js';
import { questionLine } from '../../question/question-consent.js';
import type { PanelStrings } from '../../strings/english.js';
import { absoluteTime, clockTime, formatBytes, timeLocale } from '../../strings/time-format.js';
import { answerRows, type AnswerRow, type AnswerValue } from './answer-rows.js';

type AnswerEntry = Extract<ActivityEntry, { readonly kind: 'answer' }>;

/** Lines that are shown of a long answer; the styles cut it. */
const SHOWN_LINES = 6;
/** Characters that take about as much space. */
const SHOWN_LENGTH = 600;
/** Longest text that stands in one line with its label. */
const LINE_LENGTH = 160;

/** Kinds of questions whose answers are words: labels, or decisions. */
const HAVE_LABELS: ReadonlySet<Interaction['kind']> = new Set(['choice', 'confirm', 'consent', 'review']);

/** Props of an answer. */
export interface AnswerBodyView extends ContentOptions {
  readonly nodeTitle: string;
  readonly isUnfolded: (key: string) => boolean;
  readonly onFold: (key: string, isUnfolded: boolean) => void;
}

/** A question and its answer, with the time of the answer where the log has it. */
export function renderAnswer(entry: AnswerEntry, view: AnswerBodyView): TemplateResult {
  const { strings, nodeTitle } = view;
  const question = questionLine(entry.question, nodeTitle, strings);
  return html`<div class="answer" part="answer">
    ${question === '' ? nothing : html`<div class="quiet">${renderProse(question, view)}</div>`}
    ${renderGiven(entry, view)}
  </div>`;
}

/** A question that the session left open when it ended. */
export function renderUnanswered(question: Interaction, view: AnswerBodyView): TemplateResult {
  const { strings, nodeTitle } = view;
  const text = questionLine(question, nodeTitle, strings);
  return html`<div class="answer" part="answer">
    ${text === '' ? nothing : html`<div class="quiet">${renderProse(text, view)}</div>`}
    <p class="given unanswered">${strings.notAnswered}</p>
  </div>`;
}

function renderGiven(entry: AnswerEntry, view: AnswerBodyView): TemplateResult {
  const { question } = entry;
  const { strings } = view;
  const response = shownResponse(question, entry.response);
  const time = renderTime(entry, strings);
  const text = answerText(question, response, strings);
  if (HAVE_LABELS.has(question.kind)) {
    const labels =
      question.kind === 'choice'
        ? choiceLabels(entry, strings)
        : question.kind === 'review'
          ? reviewLabels(question, response, strings)
          : [text];
    return html`<p class="given">${strings.answeredWith} ${renderChips(labels)} ${time}</p>`;
  }
  const contents = Object.values(response).flatMap((value) => toContents(value));
  const isText = contents.every(({ parts }) => parts.every((part) => part.json === undefined));
  const isLine = text.length <= LINE_LENGTH && !text.includes('\n') && !isMarkdown(text);
  const isPlain = contents.every(({ parts }) => parts.every((part) => part.text !== undefined));
  if (isSkipped(contents) || (isText && isPlain && isLine && Object.keys(response).length <= 1)) {
    return html`<p class="given">${strings.answeredWith} <span dir="auto">${text}</span> ${time}</p>`;
  }
  const label = html`<p class="given">${strings.answeredWith} ${time}</p>`;
  const rows = question.kind === 'form' ? answerRows(response, question.schema) : undefined;
  if (rows !== undefined && rows.length > 0) return html`${label}${renderTable(rows, entry, view)}`;
  return isText
    ? html`${label}${renderFolded(contents, entry, view)}`
    : html`${label}${renderJson(response, strings.json, strings)}`;
}

function isSkipped(contents: readonly LLMContent[]): boolean {
  return contents.length === 0 || contentsText(contents) === SKIPPED;
}

/** Labels one by one: a label may have a comma of its own. */
function choiceLabels({ question, response }: AnswerEntry, strings: PanelStrings): readonly string[] {
  const selected = response['selected'] as JsonObject | undefined;
  const ids = Array.isArray(selected?.['ids']) ? selected['ids'] : [];
  return ids.map((id) => answerText(question, { selected: { ids: [id] } }, strings));
}

/** One label for each action: “send_mail: approved”. */
function reviewLabels(
  question: Extract<Interaction, { kind: 'review' }>,
  { decisions }: JsonObject,
  strings: PanelStrings,
): readonly string[] {
  return question.actions.flatMap((action, position) => {
    const decision = Array.isArray(decisions) ? decisions[position] : undefined;
    if (decision === undefined) return [];
    return [answerText({ ...question, actions: [action] }, { decisions: [decision] }, strings)];
  });
}

function renderChips(labels: readonly string[]): readonly TemplateResult[] {
  return labels.map(
    (label, at) =>
      html`${at === 0 ? nothing : html`<span class="visually-hidden">, </span>`}<span class="chip" dir="auto"
          >${label}</span
        >`,
  );
}

/** “4:16 PM”, or that no person gave the answer; and by whom it was answered, where the server names them. */
function renderTime({ ts, by, answeredBy }: AnswerEntry, strings: PanelStrings): Rendered {
  if (by === 'headless') return html`<span class="caption">${strings.answeredByInputs}</span>`;
  const name = plainName(answeredBy ?? '');
  const who = name === '' ? nothing : html`<span class="caption" dir="auto">${strings.byPerson(name)}</span>`;
  if (ts === undefined) return html`${who}`;
  const locale = timeLocale(strings.locale);
  return html`<time class="caption" datetime=${new Date(ts).toISOString()} title=${absoluteTime(ts, locale)}
      >${clockTime(ts, locale)}</time
    >
    ${who}`;
}

/** The content of an answer: six lines of a long one, and the rest on request. */
function renderFolded(
  contents: readonly LLMContent[],
  entry: AnswerEntry,
  view: AnswerBodyView,
): TemplateResult {
  const text = contentsText(contents);
  const draw = (isWhole: boolean) =>
    contents.map((content) => renderContent(content, { ...view, isGrowing: false, isRead: false, isWhole }));
  return renderCut(
    text,
    entry,
    view,
    () => draw(false),
    () => draw(true),
  );
}

/** Content that is cut when it is long, with a button for all of it. */
function renderCut(
  text: string,
  { index }: AnswerEntry,
  { strings, isUnfolded, onFold }: AnswerBodyView,
  drawCut: () => unknown,
  drawAll: () => unknown,
): TemplateResult {
  const isLong = text.length > SHOWN_LENGTH || text.split('\n', SHOWN_LINES + 1).length > SHOWN_LINES;
  if (!isLong) return html`<div class="answer-content">${drawAll()}</div>`;
  const key = `answer ${index}`;
  const isOpen = isUnfolded(key);
  const button = html`<button
    type="button"
    class="button"
    aria-expanded=${isOpen}
    @click=${() => onFold(key, !isOpen)}
  >
    ${isOpen ? strings.showLess : strings.showAll(text.length)}
  </button>`;
  return isOpen
    ? html`<div class="answer-content is-whole">${drawAll()}</div>
        ${button}`
    : html`<div class="answer-content is-cut">${drawCut()}</div>
        ${button}`;
}

/** A filled-in form as a table of two columns. */
function renderTable(rows: readonly AnswerRow[], entry: AnswerEntry, view: AnswerBodyView): TemplateResult {
  const { strings } = view;
  const draw = () =>
    html`<table class="answer-table">
      <tbody>
        ${rows.map(
          ({ path, values }) =>
            html`<tr>
              <th scope="row" dir="auto">${path.map((name) => plainName(name)).join(' › ')}</th>
              <td dir="auto">${values.map((value) => valueText(value, strings)).join(', ')}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  const lines = rows.map(({ values }) => values.map((value) => valueText(value, strings)).join(', '));
  return renderCut(lines.join('\n'), entry, view, draw, draw);
}

function valueText(value: AnswerValue, strings: PanelStrings): string {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'flag':
      return value.isTrue ? strings.yes : strings.no;
    case 'file': {
      const size = value.bytes === undefined ? '' : formatBytes(value.bytes, strings.locale);
      return [plainName(value.name) || strings.file, size].filter((part) => part !== '').join(' · ');
    }
  }
}
