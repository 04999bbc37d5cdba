import { expect } from '@open-wc/testing';
import type { GraphRunEventBody, ResolvedBy } from '../../../../src/protocol/events.js';
import type { JsonObject } from '../../../../src/protocol/values/json.js';
import {
  accessibilityProblems,
  all,
  button,
  buttons,
  emptyPage,
  mountPanel,
  one,
  settled,
  textOf,
} from '../../../support/elements/page.js';
import { fakeSessions, load, open, row } from '../../../support/elements/sample.js';

const TEXT_QUESTION = { waitForInput: { prompt: { parts: [{ text: 'What about?' }] } } };

/** Shows the answer of a person to a question. */
async function show(suspendEvent: JsonObject, response: JsonObject, by: ResolvedBy = 'response') {
  const sessions = fakeSessions();
  const { panel } = await mountPanel({ sessions, width: 900 });
  load(sessions.history, [row('s', { status: 'running' })]);
  const events: readonly GraphRunEventBody[] = [
    {
      type: 'graphStart',
      sessionId: 's',
      graph: { nodes: [{ id: 'a', type: 't', title: 'Ask' }], edges: [] },
    },
    { type: 'nodeStart', nodeId: 'a' },
    { type: 'inputRequired', nodeId: 'a', interactionId: 'i', suspendEvent },
    { type: 'inputResolved', nodeId: 'a', interactionId: 'i', by, response },
  ];
  open(sessions, 's', events);
  await settled(panel);
  return { panel, answer: one(panel, '.answer') };
}

const input = (text: string) => ({ input: { parts: [{ text }] } });

describe('the answer of a person', () => {
  afterEach(emptyPage);

  it('stands in one line when it is short, with the time', async () => {
    const { answer } = await show(TEXT_QUESTION, input('The sea'));
    expect(textOf(answer)).to.match(/^What about\? Answered: The sea \d+:\d\d/);
    expect(one(answer, 'time').title).to.match(/20\d\d/);
  });

  it('is said to come from the inputs of the run where no person gave it', async () => {
    const { answer } = await show(TEXT_QUESTION, input('The sea'), 'headless');
    expect(textOf(answer)).to.equal('What about? Answered: The sea from the inputs of the run');
  });

  it('keeps its lines and its formatting', async () => {
    const { answer } = await show(TEXT_QUESTION, input('One **bold**\nTwo'));
    expect(textOf(one(answer, 'strong'))).to.equal('bold');
    expect(all(answer, 'br').length).to.equal(1);
    expect([...buttons(answer).keys()]).to.deep.equal([]);
  });

  for (const [kind, text] of Object.entries({
    lines: Array.from({ length: 400 }, (_, at) => `Line ${at} of it`).join('\n'),
    Markdown: '# Title\n\n'.concat('A *word* or two. '.repeat(400)),
    JSON: JSON.stringify(Array.from({ length: 40 }, (_, at) => ({ order: at, what: 'Tea' }))),
  })) {
    it(`is cut to six lines when it is long, and shown whole on request: ${kind}`, async () => {
      const { answer, panel } = await show(TEXT_QUESTION, input(text));
      const height = () => one(answer, '.answer-content').getBoundingClientRect().height;
      const folds = () => [...buttons(answer).keys()].filter((key) => key.startsWith('Show'));
      expect(height()).to.be.within(60, 130);
      const name = `Show all ${text.length.toLocaleString('en')} characters`;
      expect(folds()).to.deep.equal([name]);
      button(answer, name).click();
      await settled(panel);
      expect(height()).to.be.greaterThan(250);
      expect(folds()).to.deep.equal(['Show less']);
      button(answer, 'Show less').click();
      await settled(panel);
      expect(height()).to.be.within(60, 130);
    });
  }

  it('is a chip for each action of a review, with what was decided', async () => {
    const allowed = ['approve', 'reject'];
    const { answer } = await show(
      {
        reviewActions: {
          actions: [
            { name: 'send_mail', allowed },
            { name: 'delete_file', allowed },
          ],
        },
      },
      { decisions: [{ type: 'approve' }, { type: 'reject', message: 'needed, still' }] },
    );
    expect(all(answer, '.chip').map((chip) => textOf(chip))).to.deep.equal([
      'send_mail: approved',
      'delete_file: rejected (needed, still)',
    ]);
  });

  it('is a chip for each choice, also where a label has a comma', async () => {
    const choices = [
      { id: 'a', label: 'Tea, green' },
      { id: 'b', label: 'Cake' },
    ];
    const question = {
      waitForChoice: { prompt: { parts: [{ text: 'Which?' }] }, choices, selectionMode: 'multiple' },
    };
    const { answer } = await show(question, { selected: { ids: ['a', 'b'] } });
    expect(all(answer, '.chip').map((chip) => textOf(chip))).to.deep.equal(['Tea, green', 'Cake']);
  });

  it('is a table of two columns for a form', async () => {
    const schema = {
      properties: {
        name: { title: 'Name' },
        address: { title: 'Address', properties: { city: { title: 'City' } } },
        photo: { title: 'Photo', contentEncoding: 'base64' },
        news: { title: 'Newsletter' },
      },
    };
    const response = { name: 'Ann', address: { city: 'Ulm' }, photo: btoa('x'.repeat(2000)), news: true };
    const { answer, panel } = await show({ inputNode: { schema } }, response);
    expect(all(answer, 'tr').map((line) => textOf(line))).to.deep.equal([
      'Name Ann',
      'Address › City Ulm',
      'Photo File · 2 kB',
      'Newsletter Yes',
    ]);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });
});
