import type { ActivityEntry, RunState } from '../../controller/run/reduce-run.js';
import { contentsText, outputContents, type ContentPart, type LLMContent } from '../../protocol/content.js';
import { answerText, questionText, shownResponse } from '../../protocol/questions/interaction-text.js';
import type { Interaction } from '../../protocol/questions/interactions.js';
import type { NodeState } from '../../protocol/session-state.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { isJsonObject, isText } from '../../protocol/values/json.js';
import { plainName } from '../../protocol/values/plain-name.js';
import { toSummary } from '../../protocol/to-summary.js';
import { duration } from '../strings/duration.js';
import type { PanelStrings } from '../strings/english.js';
import { nodesDone, nodeStatusWord, sessionTitle, statusWord } from '../strings/session-text.js';
import { absoluteTime, formatBytes, timeLocale } from '../strings/time-format.js';
import { usageOfModels, usageText } from '../strings/usage-text.js';
import { joinBlocks } from './cut-in-middle.js';
import { inlineText, jsonBlock, quotation } from './markdown-blocks.js';

/** The largest text that is copied, in bytes of UTF-8. */
export const MAX_MARKDOWN_BYTES = 200_000;

/** What is written as Markdown. */
export interface MarkdownSource {
  /** The state after the events, of which the secrets have been masked. */
  readonly state: RunState;
  /** Its row, for a title that a person gave. */
  readonly session: Pick<SessionSummary, 'sessionId' | 'title' | 'graphTitle'>;
  /** One node instead of the whole session. */
  readonly nodeId?: string;
  /** Milliseconds since 1970, for the time that an open run has taken. */
  readonly nowMs: number;
  readonly strings: PanelStrings;
}

/**
 * Writes a session, or one node of it, as Markdown of at most 200 kB: status and times, and per node its questions and
 * answers, calls and output. Texts of the run are quotations, and values fenced blocks, so no text can change what stands
 * around it.
 */
export function sessionMarkdown(source: MarkdownSource): string {
  const { state, nodeId, strings } = source;
  const nodes = [...state.session.nodes.values()].filter(
    (node) => nodeId === undefined || node.nodeId === nodeId,
  );
  const begun = nodes.filter((node) => nodeId !== undefined || node.status !== 'waiting');
  const startOf = ({ startedTs }: NodeState) => startedTs ?? Number.MAX_VALUE;
  begun.sort((a, b) => startOf(a) - startOf(b));
  const blocks = [...headBlocks(source), ...begun.flatMap((node) => nodeBlocks(node, source))];
  const { locale } = strings;
  return `${joinBlocks(blocks, MAX_MARKDOWN_BYTES - 1, (bytes) => `*${strings.bytesLeftOut(formatBytes(bytes, locale))}*`)}\n`;
}

function headBlocks({ state, session, nodeId, nowMs, strings }: MarkdownSource): readonly string[] {
  const summary = { ...toSummary(state.session), ...session };
  const { status, createdAt, endedAt, nodesTotal = 0, error, startedBy } = summary;
  const title = `# ${inlineText(sessionTitle(summary, strings))}`;
  if (nodeId !== undefined) return [title];
  const usage = usageText(summary.usage, strings);
  const endMs = endedAt === undefined ? nowMs : endedAt * 1000;
  const facts = [
    [strings.markdownStatus, statusWord(status, strings)],
    ...startFact(createdAt, startedBy, strings),
    ...(createdAt <= 0 || (endedAt === undefined && isTerminalStatus(status))
      ? []
      : [[strings.markdownDuration, duration(endMs - createdAt * 1000, strings)]]),
    ...(nodesTotal === 0
      ? []
      : [[strings.markdownNodes, strings.nodesDoneLong(nodesDone(summary), nodesTotal)]]),
    ...(usage === '' ? [] : [[strings.markdownUsage, usage]]),
    [strings.markdownId, summary.sessionId],
  ];
  return [
    title,
    facts.map(([name = '', text = '']) => `- ${name}: ${inlineText(text)}`).join('\n'),
    ...(error === undefined
      ? []
      : [labelled(strings.runFailed, quotation(strings.sentence(error), strings.charactersLeftOut))]),
  ];
}

/** When a session started, and who started it, as far as that is known. */
function startFact(
  createdAt: number,
  startedBy: string | undefined,
  strings: PanelStrings,
): readonly (readonly string[])[] {
  const time = createdAt <= 0 ? [] : [absoluteTime(createdAt * 1000, timeLocale(strings.locale))];
  const words = [...time, ...(startedBy === undefined ? [] : [strings.byPerson(startedBy)])];
  return words.length === 0 ? [] : [[strings.markdownStarted, words.join(' ')]];
}

function nodeBlocks(node: NodeState, { state, nowMs, strings }: MarkdownSource): readonly string[] {
  const { nodeId, title, status, startedTs, endedTs, attempt, outputs, error } = node;
  const { entries = [], omitted = 0 } = state.activity.get(nodeId) ?? {};
  const times = startedTs === undefined ? [] : [duration((endedTs ?? nowMs) - startedTs, strings)];
  const usage = usageOfModels(node.usage, strings);
  const open = [...state.session.pending.values()].filter((question) => question.nodeId === nodeId);
  const hasOutputs = Object.keys(outputs ?? {}).length > 0;
  const hasError = entries.some(({ kind }) => kind === 'error');
  return [
    `## ${inlineText(title)}`,
    [
      nodeStatusWord(status, strings),
      ...times,
      ...(attempt > 1 ? [strings.attempt(attempt)] : []),
      ...(usage === '' ? [] : [usage]),
    ]
      .map(inlineText)
      .join(' · '),
    ...(omitted === 0 ? [] : [`*${inlineText(strings.omittedEntries(omitted))}*`]),
    ...entries.flatMap((entry) => entryBlocks(entry, node, hasOutputs, strings)),
    ...open.flatMap((question) => questionBlocks(question, title, strings)),
    ...(error === undefined || hasError
      ? []
      : [labelled(strings.markdownError, quoted(strings.sentence(error), strings))]),
    ...(hasOutputs ? contentBlocks(outputContents(outputs), strings.markdownOutput, strings) : []),
  ];
}

function entryBlocks(
  entry: ActivityEntry,
  { title }: NodeState,
  hasOutputs: boolean,
  strings: PanelStrings,
): readonly string[] {
  switch (entry.kind) {
    case 'thought':
      return [];
    case 'call':
      return [
        `**${inlineText(strings.markdownCall(entry.title))}**`,
        jsonBlock(entry.args, strings.charactersLeftOut),
        ...(entry.result === undefined
          ? [`*${inlineText(entry.progress ?? strings.callRunning)}*`]
          : [`${inlineText(strings.callResult)}:`, jsonBlock(entry.result, strings.charactersLeftOut)]),
      ];
    case 'content':
      // What was streamed is what the outputs have.
      return hasOutputs ? [] : contentBlocks([entry.content], strings.markdownOutput, strings);
    case 'answer': {
      const { question, response, answeredBy } = entry;
      const name = plainName(answeredBy ?? '');
      const shown = shownResponse(question, response);
      const text = answerText(question, shown, strings);
      return [
        ...questionTexts(question, title, strings),
        labelled(
          name === '' ? strings.markdownAnswer : `${strings.markdownAnswer} ${strings.byPerson(name)}`,
          question.kind === 'form' && Object.keys(shown).length > 0
            ? jsonBlock(shown, strings.charactersLeftOut)
            : quoted(text, strings),
        ),
      ];
    }
    case 'unanswered':
      return entry.questions.flatMap((question) => questionBlocks(question, title, strings));
    case 'error':
      return [labelled(strings.markdownError, quoted(strings.sentence(entry.message), strings))];
    case 'other':
      return [labelled(entry.name, jsonBlock(entry.payload, strings.charactersLeftOut))];
  }
}

function questionTexts(question: Interaction, title: string, strings: PanelStrings): readonly string[] {
  const text = questionText(question);
  return [labelled(strings.markdownQuestion, quoted(text === '' ? title : text, strings))];
}

function questionBlocks(question: Interaction, title: string, strings: PanelStrings): readonly string[] {
  return [...questionTexts(question, title, strings), `*${inlineText(strings.notAnswered)}*`];
}

/** Texts as one quotation, and every other part as a block of its own. */
function contentBlocks(
  contents: readonly LLMContent[],
  label: string,
  strings: PanelStrings,
): readonly string[] {
  const text = contentsText(contents);
  const others = contents.flatMap(({ parts }) => parts.flatMap((part) => partBlock(part, strings)));
  const blocks = [...(text === '' ? [] : [quoted(text, strings)]), ...others];
  return blocks.length === 0 ? [] : [`**${inlineText(label)}:**`, ...blocks];
}

/** A part that is no text: the type and size of media, otherwise its JSON. Trusts no member to have its type. */
function partBlock(part: ContentPart, strings: PanelStrings): readonly string[] {
  if (typeof part.text === 'string' || part.thought === true || !isJsonObject(part)) return [];
  const { inlineData, storedData, fileData, json } = part;
  if (isJsonObject(inlineData) && isText(inlineData['mimeType']) && isText(inlineData['data'])) {
    const { mimeType, data, title } = inlineData;
    // Four characters of base64 are three bytes.
    const size = formatBytes(Math.floor((data.length * 3) / 4), strings.locale);
    return [mediaLine([isText(title) ? title : '', mimeType, size])];
  }
  for (const file of [storedData, fileData]) {
    if (!isJsonObject(file) || !isText(file['mimeType'])) continue;
    return [mediaLine([file['mimeType'], isText(file['fileUri']) ? file['fileUri'] : ''])];
  }
  return [jsonBlock(json ?? part, strings.charactersLeftOut)];
}

function mediaLine(facts: readonly string[]): string {
  return `- ${facts
    .filter((fact) => fact !== '')
    .map(inlineText)
    .join(', ')}`;
}

function labelled(label: string, block: string): string {
  return `**${inlineText(label)}:**\n\n${block}`;
}

function quoted(text: string, strings: PanelStrings): string {
  return quotation(text, strings.charactersLeftOut);
}
