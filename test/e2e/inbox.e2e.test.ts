import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exampleGraphs } from '../../src/runner/examples/example-graphs.js';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import type { Graph } from '../../src/protocol/graph.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { InboxPerson } from '../support/inbox-person.js';

const GRAPH_ID = 'haiku';

/** A graph of one node that asks for a text. */
function textGraph(prompt: string): Graph {
  return { title: 'Note', nodes: [{ id: 'ask', type: 'ask-text', configuration: { prompt } }] };
}

/** Twelve sessions of several kinds, the longest waiting first. */
const GRAPHS: readonly Graph[] = [
  textGraph('One?'),
  exampleGraphs.consent,
  textGraph('Two?'),
  {
    title: 'Pick',
    nodes: [{ id: 'ask', type: 'ask-choice', configuration: { prompt: 'Which?', choices: ['A', 'B'] } }],
  },
  exampleGraphs.multipleChoice,
  textGraph('Three?'),
  textGraph('Four?'),
  {
    title: 'Pick',
    nodes: [{ id: 'ask', type: 'ask-choice', configuration: { prompt: 'Or?', choices: ['A', 'B'] } }],
  },
  textGraph('Five?'),
  textGraph('Six?'),
  textGraph('Seven?'),
  textGraph('Eight?'),
];

describe('the inbox of the demo', () => {
  let browser: DemoBrowser;
  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(() => browser.stop());

  /** The answers in the logs of sessions, by session. */
  async function answersOf(ids: readonly string[]): Promise<readonly number[]> {
    return Promise.all(
      ids.map(async (id) => {
        const response = await fetch(`${browser.server.url}v1beta1/graphSessions/${id}/events`);
        const { events } = (await response.json()) as {
          readonly events: readonly { readonly type: string }[];
        };
        return events.filter(({ type }) => type === 'inputResolved').length;
      }),
    );
  }

  async function startAll(graphs: readonly Graph[]): Promise<readonly string[]> {
    const service = new HttpGraphRunService({ baseUrl: `${browser.server.url}v1beta1/graphSessions` });
    const ids: string[] = [];
    for (const graph of graphs)
      ids.push((await service.createSession({ graphId: GRAPH_ID, graph })).sessionId);
    return ids;
  }

  it('twelve sessions are answered by keyboard alone, over a reload and a kill of the server', async () => {
    const ids = await startAll(GRAPHS);
    await browser.withPage(async ({ page, allowConsole }) => {
      const person = new InboxPerson(page);
      await person.panel.getByRole('button', { name: '12 need input' }).waitFor();
      await page.getByRole('button', { name: 'Run', exact: true }).focus();
      await person.panel.getByRole('button', { name: 'More', exact: true }).focus();
      await person.press('i');
      await person.answerText('One?', 'first');
      await person.caretAt('Permission');
      await person.press('Tab');
      await person.press('Enter');
      // A reload in the middle of a text.
      await person.caretAt('Two?');
      await person.type('half');
      await page.reload();
      await person.panel.getByRole('button', { name: '10 need input' }).waitFor();
      await person.caretAt('Two?');
      assert.equal(await person.text(), 'half');
      await person.press('Control+Enter');
      await person.caretAt('Which?');
      await person.press('2');
      await person.caretAt('Toppings');
      await person.press('1');
      await person.press('3');
      await person.press('Control+Enter');
      // The server is killed while a text is typed.
      await person.caretAt('Three?');
      await person.type('third');
      await person.panel.getByText('Answered “B”').waitFor({ state: 'detached' });
      allowConsole(/net::ERR_/);
      await browser.server.kill();
      await person.press('Control+Enter');
      await person.panel.getByText(/Your answer is saved|Your answer is kept/).waitFor({ timeout: 60_000 });
      assert.equal(await person.text(), 'third');
      await browser.server.restart();
      await person.panel.getByText('Live', { exact: true }).waitFor();
      await person.focusText();
      await person.press('Control+Enter');
      await person.answerText('Four?', 'fourth');
      await person.caretAt('Or?');
      await person.press('1');
      for (const prompt of ['Five?', 'Six?', 'Seven?', 'Eight?']) await person.answerText(prompt, 'more');
      await person.panel.getByText('All answered.').waitFor();
      await person.pause();
      await person.press('Enter');
      await person.panel.getByRole('list', { name: 'Sessions, newest first' }).waitFor();
      await person.panel.getByRole('button', { name: /^\d+ needs? input/ }).waitFor({ state: 'detached' });
      // Ctrl+Enter for each text and one more after the kill, a digit for each choice, three keys for two of them,
      // Tab and Enter for a consent, `i`, and one key each to go back to a field and to leave.
      assert.equal(person.texts, 8);
      assert.equal(person.keys, 19);
    });
    assert.deepEqual(
      await answersOf(ids),
      Array.from({ length: 12 }, () => 1),
    );
  });

  it('a digit answers even when the page is closed at once', async () => {
    const [id = ''] = await startAll(GRAPHS.slice(3, 4));
    await browser.withPage(async ({ page }) => {
      const person = new InboxPerson(page);
      await person.panel.getByRole('button', { name: '1 needs input' }).click();
      await person.caretAt('Which?');
      await person.press('1');
      await person.panel.getByText('Answered “A”').waitFor();
      assert.deepEqual(await answersOf([id]), [0]);
      await page.close();
    });
    for (const end = Date.now() + 60_000; (await answersOf([id]))[0] === 0;) {
      assert.ok(Date.now() < end, 'the answer never came');
    }
    assert.deepEqual(await answersOf([id]), [1]);
  });
});
