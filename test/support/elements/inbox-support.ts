/** A panel over a whole backend in memory, with sessions that wait. */
import { createSessions, type Sessions } from '../../../src/actions/create-sessions.js';
import { memoryDraftStore } from '../../../src/controller/draft-store.js';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import type { Graph } from '../../../src/protocol/graph.js';
import type { JsonObject } from '../../../src/protocol/values/json.js';
import { createGraphRunner, exampleHandlers } from '../../../src/runner/index.js';
import type { GraphRunService } from '../../../src/service/graph-run-service.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { all, box, focused, forgetful, one, press, settled, textOf, until } from './page.js';

/** An answer that reached the backend. */
export interface SentAnswer {
  readonly sessionId: string;
  readonly response: JsonObject;
}

/** A graph of one node that asks for a text. */
export function textGraph(prompt: string, title = 'Text'): Graph {
  return {
    title,
    nodes: [
      {
        id: 'ask',
        type: 'ask-text',
        metadata: { title: 'Asker' },
        configuration: { prompt, skipLabel: 'Not now' },
      },
    ],
  };
}

/** A graph of one node that asks to choose one of two. */
export function choiceGraph(prompt: string, title = 'Choice'): Graph {
  const configuration = { prompt, choices: ['Yes', 'No'] };
  return { title, nodes: [{ id: 'ask', type: 'ask-choice', metadata: { title: 'Asker' }, configuration }] };
}

/** A panel with an inbox, its state, and what was sent. */
export interface InboxPanel extends Sessions {
  readonly panel: SessionsPanel;
  readonly sent: readonly SentAnswer[];
  readonly service: GraphRunService;
  /** Starts a session and waits until it asks. Resolves with its id. */
  start(graph: Graph): Promise<string>;
  /** The heading of the inbox. */
  heading(): string;
  /** The question that is shown, with the name of its node; empty without one. */
  card(): string;
  /** Resolves when the caret is in the card of a question with this text. */
  caretIn(text: string): Promise<void>;
  /** Types a text into the focused field, and sends it. */
  typeAndSend(text: string): Promise<void>;
}

/** Options of `mountInbox`. */
export interface InboxPanelOptions {
  readonly width?: number;
  readonly height?: number;
  /** Replaces some calls of the backend. */
  readonly changes?: (service: GraphRunService) => Partial<GraphRunService>;
}

/** Mounts a panel over a backend in memory. */
export async function mountInbox({
  width = 1000,
  height = 600,
  changes,
}: InboxPanelOptions = {}): Promise<InboxPanel> {
  const backend = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
  const sent: SentAnswer[] = [];
  const base: GraphRunService = {
    capabilities: backend.capabilities,
    createSession: (...args) => backend.createSession(...args),
    connectSession: (...args) => backend.connectSession(...args),
    monitorSessions: (...args) => backend.monitorSessions(...args),
    resumeSession: (sessionId, interactionId, response, options) => {
      sent.push({ sessionId, response });
      return backend.resumeSession(sessionId, interactionId, response, options);
    },
    rerunSession: (...args) => backend.rerunSession(...args),
    cancelSession: (...args) => backend.cancelSession(...args),
    deleteSession: (...args) => backend.deleteSession(...args),
  };
  const service: GraphRunService = { ...base, ...changes?.(base) };
  const sessions = createSessions(service, { drafts: memoryDraftStore() });
  const panel = document.createElement('sessions-panel');
  Object.assign(panel, sessions, { memory: forgetful() });
  sessions.actions.monitor('g');
  box(width, height).append(panel);
  await settled(panel);
  const { history } = sessions;
  return {
    ...sessions,
    panel,
    sent,
    service,
    async start(graph) {
      const { sessionId } = await service.createSession({ graphId: 'g', graph });
      await until(() => (history.getSession(sessionId)?.pendingInputs ?? 0) > 0, 'the session asks');
      return sessionId;
    },
    heading: () => textOf(one(one(panel, 'sessions-panel-inbox'), 'h3')),
    card: () => all(one(panel, 'sessions-panel-inbox'), 'sessions-panel-question').map(textOf).join(' | '),
    async caretIn(text) {
      await until(
        () =>
          all(panel, 'sessions-panel-question').some(
            (card) => textOf(card).includes(text) && card.matches(':focus-within'),
          ),
        `the caret is in “${text}”`,
      );
      // What was typed for the card before is kept from this one.
      await until(() => press('x'), 'keys reach the card');
    },
    async typeAndSend(text) {
      const field = focused();
      if (!(field instanceof HTMLTextAreaElement)) throw new Error('The caret is in no text field.');
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await settled(panel);
      press('Enter', { ctrlKey: true });
    },
  };
}
