import { expect } from '@open-wc/testing';
import type { SessionQuestion } from '../../../src/elements/question/session-question.js';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import type { ConnectionState } from '../../../src/protocol/stream/messages.js';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { toInteraction, type Interaction } from '../../../src/protocol/questions/interactions.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import type { SessionSummary } from '../../../src/protocol/session-summary.js';
import { pseudoStrings, strayTexts } from '../../support/pseudo-strings.js';
import {
  all,
  button,
  emptyPage,
  mountPanel,
  one,
  press,
  rows,
  settled,
} from '../../support/elements/page.js';
import { ask, askForm, refused, show } from '../../support/elements/question-support.js';
import { FakeActions, fakeSessions, live, load, open, row } from '../../support/elements/sample.js';

const NOW = Date.now() / 1000;
const DAY = 24 * 60 * 60;

const SESSIONS = [
  row('w', { status: 'suspended', title: 'Поездка', createdAt: NOW - 5, question: 'Куда?' }),
  row('m', { status: 'suspended', title: 'Много', createdAt: NOW - 9, pendingInputs: 3 }),
  row('a', { status: 'suspended', title: 'Немо', createdAt: NOW - 50 }),
  row('l', { status: 'running', title: 'Долго', createdAt: NOW - 400, nodesTotal: 9, nodesEnded: 2 }),
  row('d', { status: 'running', title: 'Дни', createdAt: NOW - 3 * DAY }),
  row('e', { title: 'Стих', createdAt: NOW - 8000, pinned: true, input: 'Бобы', graphTitle: 'Хайку' }),
  untitled(row('f', { status: 'failed', createdAt: NOW - DAY })),
  row('c', { status: 'cancelled', title: 'Мимо', createdAt: NOW - 3 * DAY }),
  untitled(row('u', { status: '1', createdAt: 0 })),
];

function untitled({ title: _title, ...session }: SessionSummary): SessionSummary {
  return session;
}

/** A run with one of everything; its own texts are in Cyrillic letters. */
const EVENTS: readonly GraphRunEventBody[] = [
  {
    type: 'graphStart',
    sessionId: 's',
    graph: {
      title: 'Граф',
      nodes: ['1', '2', '3', '4', '5', '6', '7', '8'].map((id) => ({ id, type: 'x', title: `Узел ${id}` })),
      edges: [],
    },
  },
  { type: 'nodeStart', nodeId: '1' },
  asked('1', 'q1', { waitForChoice: { prompt: words('Что?'), choices: [], noneOfTheAboveLabel: '' } }),
  answered('1', 'q1', { selected: { ids: ['__none_of_the_above__'] } }),
  asked('1', 'q2', { queryConsent: { consentType: 'GET_ANY_WEBPAGE' } }),
  answered('1', 'q2', { consent: true }),
  asked('1', 'q3', { queryConsent: {} }),
  answered('1', 'q3', { consent: false }),
  asked('1', 'q4', { waitForInput: { prompt: words('Как?') } }),
  answered('1', 'q4', { input: { parts: [{ text: '__skipped__' }] } }),
  { type: 'nodeEnd', nodeId: '1', outputs: {} },
  { type: 'nodeStart', nodeId: '2' },
  { type: 'thoughtEvent', nodeId: '2', text: 'Мысль' },
  { type: 'thoughtEvent', nodeId: '2', text: 'Другая' },
  agent('2', { functionCall: { callId: '1', name: 'поиск', args: {} } }),
  agent('2', { functionResult: { callId: '1', content: {} } }),
  agent('2', { functionCall: { callId: '2', name: 'поиск', args: {} } }),
  {
    type: 'nodeEnd',
    nodeId: '2',
    outputs: {
      контекст: {
        parts: [
          { text: '**Жирно**\n\n```\nкод\n```' },
          { text: 'Длинно '.repeat(3000) },
          { executableCode: { language: '', code: '1' } },
          { codeExecutionResult: { output: '2' } },
          { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
          { inlineData: { mimeType: 'application/pdf', data: 'AAAA' } },
          { storedData: { mimeType: 'video/mp4', handle: '1' } },
          { fileData: { mimeType: '1/1', fileUri: 'https://пример.рф/1' } },
          { inlineData: { mimeType: 'text/html', data: btoa('<p>1</p>') } },
          { json: { 1: 2 } },
        ],
      },
    },
  },
  { type: 'nodeStart', nodeId: '3' },
  { type: 'nodeRetry', nodeId: '3', attempt: 2 },
  { type: 'nodeStart', nodeId: '3' },
  { type: 'nodeError', nodeId: '3', error: 'Сбой' },
  { type: 'nodeSkipped', nodeId: '4', causedBy: '3' },
  { type: 'nodeSkipped', nodeId: '5', causedBy: '' },
  { type: 'nodeStart', nodeId: '6' },
  asked('6', 'q6', { waitForInput: { prompt: words('Сколько?'), inputType: 'any', skipLabel: 'Мимо' } }),
  { type: 'nodeStart', nodeId: '7' },
];

function words(text: string) {
  return { role: 'user', parts: [{ text }] };
}

function asked(nodeId: string, interactionId: string, suspendEvent: object): GraphRunEventBody {
  return { type: 'inputRequired', nodeId, interactionId, suspendEvent: { ...suspendEvent } };
}

function answered(nodeId: string, interactionId: string, response: object): GraphRunEventBody {
  return { type: 'inputResolved', nodeId, interactionId, by: 'response', response: { ...response } };
}

function agent(nodeId: string, event: object): GraphRunEventBody {
  return { type: 'agentEvent', nodeId, event: { ...event } };
}

function problem(code: string): GraphRunError {
  return new GraphRunError(code, 'Нет.');
}

const CONNECTIONS: readonly ConnectionState[] = [
  { phase: 'connecting', attempt: 0 },
  { phase: 'replaying', attempt: 0 },
  { phase: 'live', attempt: 0 },
  { phase: 'backoff', attempt: 2, retryAtMs: Date.now() + 60_000 },
  { phase: 'backoff', attempt: 2 },
  { phase: 'offline', attempt: 1 },
  { phase: 'paused', attempt: 1 },
  { phase: 'authRefresh', attempt: 1 },
  ...['network', 'timeout', 'auth-required', 'unsupported', 'protocol-error', 'session-gone', 'x'].map(
    (code) => ({ phase: 'failed', attempt: 3, error: problem(code) }) as const,
  ),
];

async function pseudoPanel(sessions = fakeSessions()) {
  const mounted = await mountPanel({ graphId: 'g', sessions, width: 1200 });
  mounted.panel.strings = pseudoStrings;
  mounted.panel.notifications = true;
  await settled(mounted.panel);
  return mounted;
}

async function expectAllReplaced(root: SessionsPanel | SessionQuestion, state: string): Promise<void> {
  await settled(root);
  expect(strayTexts(root), state).to.deep.equal([]);
}

/** Clicks the first button with a name. */
async function choose(panel: SessionsPanel, name: string): Promise<void> {
  button(panel, `⟦${name}⟧`).click();
  await settled(panel);
}

describe('every text of the panel can be replaced', () => {
  afterEach(emptyPage);

  it('in an empty list, or without a connection', async () => {
    const { panel, history } = await pseudoPanel();
    await expectAllReplaced(panel, 'nothing');
    history.setGraph('g');
    for (const connection of CONNECTIONS) {
      history.setMonitor(connection);
      await expectAllReplaced(panel, `not loaded, ${connection.phase}`);
    }
    load(history, [], 'g');
    await expectAllReplaced(panel, 'empty');
  });

  it('in the list, in all its states', async () => {
    const { panel, history } = await pseudoPanel();
    load(history, SESSIONS, 'g');
    await settled(panel);
    expect(rows(panel)).to.have.length(SESSIONS.length);
    await expectAllReplaced(panel, 'rows');
    for (const connection of CONNECTIONS) {
      history.setMonitor(connection);
      await expectAllReplaced(panel, connection.phase);
    }
    for (const kind of ['cancel', 'delete', 'rename', 'pin'] as const) {
      history.setOperation('l', { kind });
      await expectAllReplaced(panel, kind);
      history.setOperation('l', { kind, error: problem('network') });
      await expectAllReplaced(panel, `${kind} failed`);
    }
    for (const status of ['needs-input', 'running', 'failed', 'all'] as const) {
      history.setFilter({ status, text: 'нигде' });
      await expectAllReplaced(panel, `no match under ${status}`);
    }
  });

  it('in the menu, the dialogs, and the toasts to undo', async () => {
    class Failing extends FakeActions {
      override rerun(): Promise<string> {
        return Promise.reject(problem('network'));
      }
    }
    const sessions = fakeSessions();
    const { panel, history } = await pseudoPanel({ ...sessions, actions: new Failing(sessions.history) });
    load(history, SESSIONS, 'g');
    await settled(panel);
    await choose(panel, 'More');
    await expectAllReplaced(panel, 'menu');
    await choose(panel, 'Delete finished sessions…');
    await expectAllReplaced(panel, 'clear');
    await choose(panel, 'Keep sessions');
    for (const [key, keep] of [
      ['F2', 'Keep title'],
      ['Delete', 'Keep session'],
      ['c', 'Keep running'],
      ['?', 'Close'],
    ] as const) {
      const running = rows(panel).find((item) => item.textContent.includes('Долго'));
      one(running!, '.main').focus();
      press(key);
      await settled(panel);
      expect(all(panel, 'dialog'), key).to.have.length(1);
      await expectAllReplaced(panel, `dialog of ${key}`);
      await choose(panel, keep);
    }
    for (const title of ['Долго', 'Стих']) {
      const item = rows(panel).find((candidate) => candidate.textContent.includes(title));
      one(item!, '[data-action=more]').click();
      await settled(panel);
      expect(all(panel, '[role=menuitem]'), title).not.to.have.length(0);
      await expectAllReplaced(panel, `menu of the row ${title}`);
      press('Escape');
    }
    const [first, second] = SESSIONS;
    history.addDeletion({ id: 1, sessions: [first!], dueMs: Date.now() + 60_000 });
    history.addDeletion({ id: 2, sessions: [first!, second!], dueMs: Date.now() + 60_000 });
    await expectAllReplaced(panel, 'deletions');
    one(
      rows(panel).find((item) => item.textContent.includes('Мимо'))!,
      '.main',
    ).focus();
    press('r');
    await settled(panel);
    expect(panel.shadowRoot!.textContent).to.contain('Could not run again');
    await expectAllReplaced(panel, 'failure');
  });

  it('around a session and in its three tabs', async () => {
    const sessions = fakeSessions();
    const { panel, history, run } = await pseudoPanel(sessions);
    load(history, SESSIONS, 'g');
    open(sessions, 'l', EVENTS, Date.now() - 2 * DAY * 1000);
    await settled(panel);
    for (const details of all<HTMLDetailsElement>(panel, 'details')) details.open = true;
    await expectAllReplaced(panel, 'activity');
    for (const tab of ['Timeline', 'Events', 'Activity']) {
      all(panel, '[role=tab]')
        .find((element) => element.textContent.includes(tab))!
        .click();
      await expectAllReplaced(panel, tab);
      if (tab !== 'Events') continue;
      all(panel, '.event')[0]!.click();
      await expectAllReplaced(panel, 'detail of an event');
      button(panel, '⟦Copy as JSON⟧').click();
      await expectAllReplaced(panel, 'copied');
      // The click has led to the moment of the event.
      expect(run.position).not.to.equal(undefined);
      run.follow();
    }
    for (const connection of CONNECTIONS) {
      run.setConnection(connection);
      await expectAllReplaced(panel, `session ${connection.phase}`);
    }
    run.setConnection({ phase: 'live', attempt: 0 });
    for (const kind of ['cancel', 'delete'] as const) {
      history.setOperation('l', { kind });
      await expectAllReplaced(panel, kind);
      history.setOperation('l', { kind, error: problem('network') });
      await expectAllReplaced(panel, `${kind} failed`);
    }
    history.setOperation('l', undefined);
    const [question] = run.interactions;
    live(run, [answered('6', 'q6', { input: { parts: [{ text: 'Три' }] } })]);
    run.markClosed(question!);
    await expectAllReplaced(panel, 'answered elsewhere');
    live(run, [{ type: 'graphError', sessionId: 'l', error: 'Сбой' }]);
    await expectAllReplaced(panel, 'failed');
  });

  it('while a session is replayed', async () => {
    const sessions = fakeSessions();
    const { panel, history, run } = await pseudoPanel(sessions);
    load(history, SESSIONS, 'g');
    run.open('l');
    await expectAllReplaced(panel, 'connecting');
    run.apply([
      { kind: 'connection', connection: { phase: 'replaying', attempt: 0 } },
      { kind: 'start', replayTotal: 5000 },
    ]);
    await expectAllReplaced(panel, 'replay');
  });
});

const FIELDS = {
  имя: { type: 'string', title: 'Имя', minLength: 3, maxLength: 9, pattern: '^а+$' },
  почта: { type: 'string', title: 'Почта', format: 'email' },
  адрес: { type: 'string', title: 'Адрес', format: 'uri' },
  день: { type: 'string', title: 'День', format: 'date' },
  час: { type: 'string', title: 'Час', format: 'time' },
  срок: { type: 'string', title: 'Срок', format: 'date-time' },
  число: { type: 'number', title: 'Число', minimum: 2, maximum: 9, multipleOf: 2 },
  целое: { type: 'integer', title: 'Целое', exclusiveMinimum: 1, exclusiveMaximum: 4 },
  выбор: { enum: ['Раз', 'Два'], title: 'Выбор' },
  город: { enum: ['А', 'Б', 'В', 'Г', 'Д', 'Е'], title: 'Город' },
  много: {
    type: 'array',
    title: 'Много',
    minItems: 2,
    maxItems: 3,
    uniqueItems: true,
    items: { enum: ['Раз', 'Два'] },
  },
  гости: { type: 'array', title: 'Гости', items: { type: 'string' }, default: ['Анна', 'Борис'] },
  файл: { type: 'object', title: 'Файл', behavior: ['llm-content'], format: 'upload' },
  да: { type: 'boolean', title: 'Да' },
  данные: { type: 'object', title: 'Данные' },
  одно: { anyOf: [{ type: 'number' }, { type: 'string' }], title: 'Одно', default: 'а' },
};

const CHOICES = [
  { id: '1', label: 'Тихо' },
  { id: '2', content: { parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] } },
];

const QUESTIONS: Readonly<Record<string, () => Interaction>> = {
  text: () => ask({ waitForInput: { prompt: words('Как?'), inputType: 'any', skipLabel: 'Мимо' } }),
  file: () => ask({ waitForInput: { prompt: words('Что?'), inputType: 'file_upload' } }),
  'choice of one': () =>
    ask({ waitForChoice: { prompt: words('Что?'), choices: CHOICES, noneOfTheAboveLabel: 'Ничто' } }),
  'choice of several': () =>
    ask({ waitForChoice: { prompt: words('Что?'), choices: CHOICES, selectionMode: 'multiple' } }),
  consent: () => ask({ queryConsent: { consentType: 'GET_ANY_WEBPAGE' } }),
  'consent with a scope': () => ask({ queryConsent: { consentType: '1', scope: { дни: 3 } } }),
  form: () => askForm(FIELDS, Object.keys(FIELDS)),
  'form of nothing': () => askForm({}),
  unknown: () => ask({ 1: {} }),
  'unknown without a kind': () =>
    toInteraction({ type: 'inputRequired', interactionId: 'i', nodeId: '1', index: 1, suspendEvent: {} }),
};

const REFUSALS = [
  'interaction-conflict',
  'interaction-not-found',
  'session-terminal',
  'session-not-found',
  'auth-required',
  'forbidden',
  'payload-too-large',
  'resume-unknown',
  'network',
  'timeout',
  'unavailable',
  'x',
];

describe('every text of a question can be replaced', () => {
  it('with a draft of another tab', async () => {
    const other = { kind: 'text', content: words('Там') };
    const card = await show(QUESTIONS['text']!(), {
      strings: pseudoStrings,
      nodeTitle: 'Поэт',
      conflictingDraft: other,
    });
    expect(card.text).to.contain('Там');
    await expectAllReplaced(card.element, 'another draft');
  });

  for (const [name, make] of Object.entries(QUESTIONS)) {
    it(name, async () => {
      const card = await show(make(), { strings: pseudoStrings, nodeTitle: 'Поэт' });
      await expectAllReplaced(card.element, 'open');
      if (card.hasButton('⟦Send⟧')) await card.press('⟦Send⟧');
      await expectAllReplaced(card.element, 'with what is wrong');
      for (const input of card.root.querySelectorAll<HTMLInputElement>('input.input, textarea')) {
        input.value = '5';
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
      await card.element.updateComplete;
      if (card.hasButton('⟦Send⟧')) await card.press('⟦Send⟧');
      await expectAllReplaced(card.element, 'with other things wrong');
      await card.set({ answerState: { phase: 'sending' } });
      await expectAllReplaced(card.element, 'on its way');
      for (const code of REFUSALS) {
        await card.set({ answerState: refused(code, 'Нет.') });
        await expectAllReplaced(card.element, `refused: ${code}`);
      }
    });
  }
});
