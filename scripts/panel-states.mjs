/** The states of the panel that `npm run screenshots:states` takes pictures of. */
import { exampleGraphs } from '../src/runner/examples/example-graphs.js';
import { playSession } from './play-session.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Locator} Locator */
/** @typedef {import('../src/index.js').Graph} Graph */
/** @typedef {import('../src/index.js').HttpGraphRunService} HttpGraphRunService */

/** The graph whose sessions the pictures show. */
export const GRAPH_ID = 'gallery';

/** A graph with a list of 75 sessions. */
export const LONG_GRAPH_ID = 'long-gallery';

/** @type {Graph} */
const shortGraph = {
  title: 'Note',
  nodes: [
    { id: 'ask', type: 'ask-text', configuration: { prompt: 'What is **it** about?' } },
    { id: 'out', type: 'output' },
  ],
  edges: [{ from: 'ask', to: 'out' }],
};

const REVIEWERS = ['Legal', 'Brand', 'Security', 'Finance', 'Design'];
/** Five questions at once. @type {Graph} */
const reviewGraph = {
  title: 'Five reviewers',
  nodes: REVIEWERS.map((title) => ({
    id: title,
    type: 'ask-text',
    metadata: { title: `${title} review` },
    configuration: {
      inputType: 'edit_note',
      prompt: `Does the ${title.toLowerCase()} team approve the **Q3 announcement**? Say what has to change before it goes out.`,
    },
  })),
  edges: [],
};

let newestId = '';
/** @type {Graph} */
const newestGraph = { title: 'Newest', nodes: [{ id: 'out', type: 'output' }] };

/** Plays the sessions of the list. @param {HttpGraphRunService} service */
export async function playSessions(service) {
  const { haiku, twoQuestions, failingBranch, longRun, nestedForm } = exampleGraphs;
  await service.updateSession(
    await playSession(service, GRAPH_ID, haiku, ['Autumn leaves', 'Three', 'Melancholy']),
    {
      pinned: true,
    },
  );
  await service.updateSession(await playSession(service, GRAPH_ID, haiku, ['Night trains', 'Two', 'Calm']), {
    title: 'The one for the anniversary booklet, second edition, with the night trains',
  });
  await playSession(service, GRAPH_ID, failingBranch);
  await service.cancelSession(await playSession(service, GRAPH_ID, haiku, ['Monday mornings']));
  await playSession(service, GRAPH_ID, shortGraph, ['A **bold** claim and `code`\n\n- one\n- two']);
  await playSession(service, GRAPH_ID, nestedForm);
  await playSession(service, GRAPH_ID, shortGraph);
  await playSession(service, GRAPH_ID, twoQuestions);
  await playSession(service, GRAPH_ID, reviewGraph);
  await service.createSession({ graphId: GRAPH_ID, graph: longRun });
  await playSession(service, GRAPH_ID, haiku, ['The sea', 'Two']);
}

/** Creates the sessions of the long list. @param {HttpGraphRunService} service */
export async function createLongList(service) {
  const { haiku, twoQuestions, failingBranch, longRun } = exampleGraphs;
  const graphs = [
    haiku,
    newestGraph,
    failingBranch,
    twoQuestions,
    newestGraph,
    shortGraph,
    reviewGraph,
    newestGraph,
  ];
  for (let position = 0; position < 74; position += 1) {
    const graph = graphs[position % graphs.length] ?? haiku;
    const { sessionId } = await service.createSession({ graphId: LONG_GRAPH_ID, graph });
    if (position % 11 === 0) await service.cancelSession(sessionId);
  }
  await service.createSession({ graphId: LONG_GRAPH_ID, graph: longRun });
}

/**
 * A state of the panel, and the steps that lead to it.
 *
 * @typedef {object} PanelState
 * @property {Step} [before] step before the page shows the panel
 * @property {Step} [after] step after that
 * @property {Step} [cleanUp] step after the picture
 * @property {boolean} [hasNoList] true if the list stays empty, so there is no row to wait for
 */

/** @typedef {(page: Page, service: HttpGraphRunService) => Promise<unknown>} Step */

const LIST = /graphSessions\?(graphId=|graphs=)/;
const REFUSAL = {
  status: 403,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    code: 'forbidden',
    title: 'Forbidden',
    detail: 'You are not allowed to do this in this graph.',
  }),
};
/** What a server that lists one graph at a time answers about all graphs. */
const NO_GRAPH = JSON.stringify({
  type: 'urn:graph-session:problem:missing-graph-id',
  code: 'missing-graph-id',
  title: 'graphId missing',
  detail: 'A “graphId” is required.',
});
const never = () => undefined;

/** The order of the tabs of a session. */
const TABS = ['Activity', 'Timeline', 'Events'];

/** Opens a session, and a tab of it. @param {RegExp} name @param {string} [tab] @returns {PanelState} */
const opened = (name, tab) => ({
  async after(page) {
    await rowOf(page, name).click();
    if (tab !== undefined) await page.locator('[part~=tab]').nth(TABS.indexOf(tab)).click();
    await page.mouse.move(2, 2);
  },
});

/** Opens a session whose stream `answer` answers. @param {RegExp} name @param {(route: import('playwright-core').Route) => unknown} answer @returns {PanelState} */
const openedWith = (name, answer) => ({
  async after(page, service) {
    await page.route(/graphSessions\/[^/?:]+\?/, answer);
    await opened(name).after?.(page, service);
  },
});

/** Takes a deletion back: a page that closes makes it, and the other pictures need the session. @type {Step} */
const undo = (page) => page.locator('.toast button').first().click();

/** Opens the inbox, and shows the question with a text. @param {RegExp} question @returns {Step} */
const inboxAt = (question) => async (page) => {
  await page.locator('[part~=inbox-button]').click();
  const card = page.locator('sessions-panel-inbox sessions-panel-question').filter({ hasText: question });
  for (let skipped = 0; skipped < 12 && !(await card.isVisible()); skipped += 1) {
    await page.waitForTimeout(300);
    if (!(await card.isVisible())) await page.keyboard.press('Alt+ArrowDown');
    await page.waitForTimeout(300);
  }
  await page.mouse.move(2, 2);
};

/** Opens the file of a session, and a beginning of it. @param {RegExp} name @returns {PanelState} */
const openedFiles = (name) => ({
  async after(page) {
    const id = await rowOf(page, name)
      .locator('xpath=ancestor::li')
      .evaluate((row) => (row instanceof HTMLElement ? row.dataset['id'] : undefined));
    await page.locator('sessions-panel-list').evaluate(async (list, sessionId) => {
      const response = await fetch(`v1beta1/graphSessions/${sessionId}/export`);
      const text = await response.text();
      const dataTransfer = new DataTransfer();
      for (const part of [text, text.slice(0, text.length / 2)])
        dataTransfer.items.add(new File([part], 'run.session.jsonl'));
      list.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, id);
    await page.locator('.file-name[aria-disabled=false]').nth(1).waitFor({ state: 'attached' });
    await page.locator('.file-badge').waitFor();
  },
});

/** Lists all graphs. @type {Step} */
const allGraphs = (page) =>
  page.locator('sessions-panel').evaluate((panel) => panel.setAttribute('graph-id', '*'));

/** All states of the panel, by name. @type {Readonly<Record<string, PanelState>>} */
export const PANEL_STATES = {
  list: { after: (page) => page.mouse.move(2, 2) },
  'row-hover': { after: (page) => rowOf(page, /anniversary/).hover() },
  'row-active-hover': {
    async after(page) {
      await rowOf(page, /anniversary/).click();
      if (isNarrow(page)) await page.keyboard.press('Escape');
      await rowOf(page, /anniversary/).hover();
    },
  },
  'row-focus': {
    async after(page) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowDown');
    },
  },
  'row-menu': { after: (page) => rowOf(page, /anniversary/).click({ button: 'right' }) },
  'row-cancelling': {
    before: (page) => page.route(/:cancel$/, never),
    after: (page) => cancel(page),
  },
  'row-cancel-failed': {
    before: (page) => page.route(/:cancel$/, (route) => route.fulfill(REFUSAL)),
    after: (page) => cancel(page),
  },
  selected: {
    async after(page) {
      await rowOf(page, /anniversary/).click({ modifiers: ['Control'] });
      await rowOf(page, /The sea/).click({ modifiers: ['Control'] });
      await rowOf(page, /Monday/).click({ modifiers: ['Control'] });
      await page.locator('[part~=selection]').waitFor();
      await page.mouse.move(2, 2);
    },
  },
  search: { after: (page) => page.getByRole('searchbox').fill('ha') },
  'no-match': { after: (page) => page.getByRole('searchbox').fill('zebra crossing') },
  menu: { after: (page) => page.getByRole('button', { name: 'More', exact: true }).click() },
  toast: {
    cleanUp: undo,
    async after(page) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('Delete');
      await page.locator('.toast button').waitFor();
      await page.mouse.move(2, 2);
    },
  },
  notice: {
    before: (page) => page.route(/:rerun$/, (route) => route.fulfill(REFUSAL)),
    async after(page) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('r');
      await page.getByRole('alert').waitFor();
    },
  },
  'confirm-delete': {
    async after(page) {
      await rowOf(page, /The sea/).focus();
      await page.keyboard.press('Delete');
    },
  },
  'confirm-cancel': {
    async after(page) {
      await rowOf(page, /The sea/).focus();
      await page.keyboard.press('c');
    },
  },
  'confirm-clear': {
    async after(page) {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Delete finished' }).click();
    },
  },
  rename: {
    async after(page) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('F2');
    },
  },
  shortcuts: {
    async after(page) {
      await page.getByRole('button', { name: 'More', exact: true }).focus();
      await page.keyboard.press('?');
    },
  },
  empty: {
    after: (page) =>
      page.locator('sessions-panel').evaluate((panel) => panel.setAttribute('graph-id', 'none')),
  },
  'new-sessions': {
    async after(page, service) {
      await rowOf(page, /The sea/).hover();
      newestId = (await service.createSession({ graphId: GRAPH_ID, graph: newestGraph })).sessionId;
      await page.getByRole('button', { name: '1 new session' }).waitFor();
    },
    cleanUp: (_page, service) => service.deleteSession(newestId),
  },
  'all-graphs': {
    async after(page, service) {
      await allGraphs(page, service);
      await page.getByRole('searchbox').fill('trains');
      await rowOf(page, /anniversary/).waitFor();
      await page.mouse.move(2, 2);
    },
  },
  'all-graphs-opened': {
    async after(page, service) {
      await allGraphs(page, service);
      await page.getByRole('searchbox').fill('gallery');
      await rowOf(page, /Newest/)
        .first()
        .click();
      await page.mouse.move(2, 2);
    },
  },
  'all-graphs-refused': {
    hasNoList: true,
    before: (page) => page.route(LIST, (route) => route.fulfill({ ...REFUSAL, status: 400, body: NO_GRAPH })),
    async after(page, service) {
      await allGraphs(page, service);
      await page
        .getByText(/one graph at a time/)
        .first()
        .waitFor();
    },
  },
  'list-loading': { hasNoList: true, before: (page) => page.route(LIST, never) },
  'list-refused': {
    hasNoList: true,
    before: (page) => page.route(LIST, (route) => route.fulfill(REFUSAL)),
    after: (page) => page.getByRole('alert').waitFor(),
  },
  'list-unreachable': {
    hasNoList: true,
    before: (page) => page.route(LIST, (route) => route.abort()),
    after: (page) => page.getByRole('button', { name: 'Retry now' }).waitFor(),
  },
  'list-offline': {
    hasNoList: true,
    before: (page) => page.context().setOffline(true),
    after: (page) => page.getByText('You’re offline').waitFor(),
  },
  'session-header': opened(/anniversary/),
  'session-ended': opened(/Autumn/),
  'session-failed': opened(/failing/),
  'session-cancelled': opened(/Monday/),
  'session-running': opened(/long run/),
  'session-question': opened(/The sea/),
  'session-questions': opened(/Two questions/),
  'session-reviewers': {
    async after(page, service) {
      await opened(/Five reviewers/).after?.(page, service);
      await page.locator('sessions-panel-question textarea').first().fill('Yes');
      await page.locator('.question-tab').nth(2).click();
    },
  },
  draft: {
    async after(page, service) {
      await opened(/What is it about/).after?.(page, service);
      await page.locator('sessions-panel-question textarea').fill('An unsent answer');
      if (isNarrow(page)) await page.keyboard.press('Escape');
      await page.mouse.move(2, 2);
    },
  },
  compact: {
    async after(page) {
      await page.locator('.tools .menu-button').first().click();
      await page.getByRole('menuitemradio').nth(1).click();
      await page.mouse.move(2, 2);
    },
  },
  inbox: { after: inboxAt(/What is it about/) },
  'inbox-choice': { after: inboxAt(/Which mood/) },
  'inbox-form': { after: inboxAt(/Name on the order|Order/) },
  'inbox-toast': {
    cleanUp: undo,
    async after(page, service) {
      await rowOf(page, /anniversary/).focus();
      await page.keyboard.press('Delete');
      await inboxAt(/What is it about/)(page, service);
      await page.locator('.toast button').hover();
    },
  },
  'last-answer': {
    async after(page) {
      await rowOf(page, /Autumn/).focus();
      await page.keyboard.press('r');
      await page.getByRole('button', { name: 'Use the last answer' }).waitFor();
      await page.mouse.move(2, 2);
    },
    async cleanUp(page, service) {
      const sessionId = await page.locator('sessions-panel').getAttribute('session-id');
      if (sessionId !== null) await service.deleteSession(sessionId);
    },
  },
  'timeline-rerun': {
    async after(page, service) {
      await opened(/failing/, 'Timeline').after?.(page, service);
      await page.locator('sessions-panel-timeline li').nth(2).hover();
    },
  },
  'session-form': opened(/Order form/),
  'session-timeline': opened(/Autumn/, 'Timeline'),
  'session-timeline-failed': opened(/failing/, 'Timeline'),
  'session-timeline-running': opened(/long run/, 'Timeline'),
  'session-events': opened(/Autumn/, 'Events'),
  'session-event': {
    async after(page, service) {
      await opened(/Autumn/, 'Events').after?.(page, service);
      await page.getByRole('listbox', { name: 'Events' }).getByRole('option').nth(3).click();
    },
  },
  'look-back': lookedBack(/Autumn/, 'Activity', 11),
  'look-back-live': lookedBack(/The sea/, 'Activity', 0),
  'look-back-open': lookedBack(/The sea/, 'Activity', 3),
  'look-back-timeline': lookedBack(/Autumn/, 'Timeline', 5),
  'look-back-timeline-failed': lookedBack(/failing/, 'Timeline', 2),
  'look-back-events': lookedBack(/Autumn/, 'Events', 4),
  'file-cut': openedFiles(/Autumn/),
  'file-question': {
    async after(page, service) {
      await openedFiles(/The sea/).after?.(page, service);
      if (isNarrow(page)) await page.keyboard.press('Escape');
      await page.locator('.file-name').first().click();
      await page.mouse.move(2, 2);
    },
  },
  'session-connecting': openedWith(/Autumn/, never),
  'session-refused': openedWith(/Autumn/, (route) => route.fulfill(REFUSAL)),
  'session-reconnecting': openedWith(/Autumn/, (route) => route.abort()),
  'session-offline': {
    async after(page, service) {
      await page.context().setOffline(true);
      await opened(/The sea/).after?.(page, service);
    },
  },
  'session-gone': {
    async after(page, service) {
      const { sessionId } = await service.createSession({ graphId: GRAPH_ID, graph: shortGraph });
      await page
        .getByRole('button', { name: /^Delete session “Note”/ })
        .first()
        .waitFor({ state: 'attached' });
      await page.route(/graphSessions\/[^/?:]+\?/, async (route) => {
        await service.deleteSession(sessionId);
        await route.continue();
      });
      await page
        .getByRole('list', { name: 'Sessions, newest first' })
        .locator(`[data-id="${sessionId}"] .main`)
        .click();
      await page.getByText('Session no longer exists').waitFor();
    },
  },
};

/** The states that are also shown in other languages, sizes and lists. */
export const MAIN_STATES = [
  'list',
  'draft',
  'selected',
  'compact',
  'toast',
  'inbox',
  'inbox-choice',
  'inbox-toast',
  'session-question',
  'session-reviewers',
  'session-ended',
  'session-failed',
  'session-cancelled',
  'session-timeline',
  'session-events',
  'look-back',
  'look-back-open',
  'look-back-timeline',
  'look-back-events',
];

/** @param {Page} page */
const isNarrow = (page) => (page.viewportSize()?.width ?? 0) < 560;

/**
 * Opens a session and steps back.
 *
 * @param {RegExp} title @param {string} tab @param {number} steps
 */
function lookedBack(title, tab, steps) {
  return {
    /** @param {Page} page @param {HttpGraphRunService} service */
    async after(page, service) {
      await opened(title, tab).after?.(page, service);
      await page.locator('[part~=tab]').nth(TABS.indexOf(tab)).focus();
      if (tab !== 'Timeline') await page.keyboard.press('t');
      await page.getByRole('slider').waitFor();
      for (let step = 0; step < steps; step += 1) await page.keyboard.press('[');
      if (steps > 0) await page.locator('.band').waitFor();
    },
  };
}

/** Cancels the run “The sea”. @param {Page} page */
async function cancel(page) {
  await rowOf(page, /The sea/).focus();
  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Cancel run', exact: true }).click();
  await page.mouse.move(2, 2);
}

/** The row of a session whose text matches. @param {Page} page @param {RegExp} name @returns {Locator} */
export function rowOf(page, name) {
  return page.locator('sessions-panel-list .main').filter({ hasText: name }).first();
}
