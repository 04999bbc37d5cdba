/**
 * The sentences that adapters and runners write where an engine has no words of its own, by code, in English. `{name}` stands
 * for a value. They travel as text, in the errors of calls and in logs, so that every reader can show them; a catalogue of
 * another language has its own words for each code.
 */
export const SENTENCES = {
  // Any engine
  'run-failed': 'The run failed.',
  'step-failed': 'The step failed.',
  failed: 'failed',
  interrupted: 'interrupted',
  'run-deleted': 'The run was deleted.',
  'run-not-stopped': 'The run could not be stopped.',
  'no-graph-named': 'No graph is named.',
  'unknown-graph': 'The server has no graph “{graph}”.',
  'answer-unconfirmed': 'The server did not confirm the answer.',
  'not-in-time': 'The server did not answer in time.',
  'stream-empty': 'The stream has no body.',
  'malformed-answer': 'The answer of the server has no valid “{what}”.',
  'session-no-longer': 'The session no longer exists.',
  'session-unknown': 'The session does not exist.',
  'session-ended': 'The session has ended ({status}).',
  'question-unknown': 'The session has no such question.',
  'answered-differently': 'This question has been answered differently.',

  // LangGraph
  'only-continued': 'A run at a breakpoint can only be continued.',

  // Mastra
  'unknown-workflow': 'The server has no workflow “{workflow}”.',
  'question-forgotten': 'The question is no longer kept.',

  // Agents that speak AG-UI
  'agent-failed': 'The agent failed.',
  'agent-unreachable': 'The agent “{agent}” cannot be reached.',
  'agent-broke': 'The connection to the agent “{agent}” broke.',
  'agent-no-stream': 'The agent “{agent}” answered {answer}, and not with a stream of events.',
  'agent-not-stopped': 'The agent “{agent}” answered {status} to a stop.',
  'agent-no-end': 'The agent ended without saying how.',
  'agent-asks-nothing': 'The agent waits, but asks nothing.',
  'agent-headless': 'A headless run cannot answer its agent.',
  'agent-same-id': 'The agent asked two questions with the id “{id}”.',
  'agent-too-large': 'The agent sent a call or a thought that is too large.',
  'event-too-large': 'event too large',
  'graph-empty': 'The graph has no node.',
  'graph-one-node': 'A graph of an agent has one node.',
  'graph-other-type': 'Node “{node}”: its type is not “{type}”.',
  'graph-no-agent': 'Node “{node}”: there is no agent “{agent}”.',

  // Session files
  'file-unknown': 'The file is not a session file.',
  'file-newer': 'The file has version {version} of the format.',
  'file-too-large': 'A session file may have at most 512 MiB.',
  'file-other-session': 'The file does not have this session.',
  'file-read-only': 'A session file cannot be changed.',
  'file-cut': 'The file ends after event {events} of {expected}.',
  'file-damaged': 'Line {line} of the file cannot be read; it shows the {events} events before it.',
} as const;

/** The code of a sentence; codes are only ever added. */
export type SentenceCode = keyof typeof SENTENCES;

/** The values of a sentence, by their names. */
export type SentenceValues = Readonly<Record<string, string | number>>;

/** Writes a sentence in English. */
export function sentence(code: SentenceCode, values: SentenceValues = {}): string {
  return fillTemplate(SENTENCES[code], values);
}

/** Writes a template with its values; the name of one that is missing stays. */
export function fillTemplate(template: string, values: SentenceValues): string {
  return template
    .split('{')
    .map((piece, position) => {
      const end = piece.indexOf('}');
      if (position === 0 || end < 0) return piece;
      const name = piece.slice(0, end);
      return `${values[name] ?? name}${piece.slice(end + 1)}`;
    })
    .join('');
}

/** Finds out which sentence a text is, and its values; undefined for any other text. */
export function readSentence(
  text: string,
): { readonly code: SentenceCode; readonly values: SentenceValues } | undefined {
  for (const [code, template] of Object.entries(SENTENCES)) {
    const values = valuesIn(text, template);
    if (values !== undefined) return { code: code as SentenceCode, values };
  }
  return undefined;
}

/** The values of a template that a text was written with; undefined for a text of another template. */
function valuesIn(text: string, template: string): SentenceValues | undefined {
  const [start = '', ...rest] = template.split('{');
  if (!text.startsWith(start)) return undefined;
  const values: Record<string, string> = {};
  let at = start.length;
  for (const [position, piece] of rest.entries()) {
    const end = piece.indexOf('}');
    const literal = piece.slice(end + 1);
    const isLast = position === rest.length - 1;
    const next = isLast ? text.length - literal.length : text.indexOf(literal, at);
    if (next < at || !text.startsWith(literal, next)) return undefined;
    values[piece.slice(0, end)] = text.slice(at, next);
    at = next + literal.length;
  }
  return at === text.length ? values : undefined;
}
