import { expect } from '@open-wc/testing';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import { takeConsoleProblems } from '../../support/fail-on-console.js';
import {
  button,
  chooseFrom,
  emptyPage,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { haikuEvents, load, open, row } from '../../support/elements/sample.js';

interface Member {
  readonly kind: string;
  readonly name: string;
  readonly readonly?: boolean;
  readonly static?: boolean;
}

/** The properties of the panel that a host may set, as the built manifest lists them. */
async function properties(): Promise<readonly string[]> {
  const response = await fetch('/custom-elements.json');
  const { modules } = (await response.json()) as {
    modules: { declarations: { tagName?: string; members?: Member[] }[] }[];
  };
  const panel = modules
    .flatMap(({ declarations }) => declarations)
    .find(({ tagName }) => tagName === 'sessions-panel');
  return (panel?.members ?? [])
    .filter((member) => member.kind === 'field' && member.readonly !== true && member.static !== true)
    .map(({ name }) => name);
}

/** The state of the host is another matter: without it, there is nothing to show. */
const STATE = ['history', 'run', 'actions', 'drafts'];

/** Uses the panel as a person does: the menu, the tabs, a key, the filter. */
async function use(panel: SessionsPanel): Promise<void> {
  await chooseFrom(panel, 'More', 'Keyboard shortcuts');
  button(panel, 'Close').click();
  await settled(panel);
  one(panel, '#tab-events').click();
  await settled(panel);
  one(rows(panel)[0]!, '.main').focus();
  press('n');
  press('/');
  await settled(panel);
  expect(textOf(panel)).to.contain('Haiku').and.to.contain('Sessions');
}

const NAMES = await properties();

describe('properties that a framework drops', () => {
  afterEach(emptyPage);

  it('are all that the manifest lists', () => {
    expect(NAMES).to.include.members([
      ...STATE,
      'strings',
      'clock',
      'memory',
      'getToken',
      'fetch',
      'graphId',
    ]);
  });

  for (const name of NAMES.filter((each) => !STATE.includes(each))) {
    it(`${name} falls back to its default, whether set to undefined or to null`, async () => {
      for (const nothing of [undefined, null]) {
        const sessions = await mountPanel();
        const { panel, history } = sessions;
        panel.graphId = 'haiku';
        load(history, [row('e', { status: 'completed', title: 'Haiku' })], 'haiku');
        open(sessions, 'e', haikuEvents('e'));
        const initial: unknown = Reflect.get(document.createElement('sessions-panel'), name);
        Reflect.set(panel, name, nothing);
        await settled(panel);
        const value: unknown = Reflect.get(panel, name);
        if (typeof initial === 'object') expect(value).to.be.an('object');
        // The host has no opinion then: what a person has opened stays open.
        else expect(value).to.equal(name === 'sessionId' ? 'e' : initial);
        await use(panel);
        expect(takeConsoleProblems()).to.deep.equal([]);
        emptyPage();
      }
    });
  }

  it('leave an empty panel when the state of the host is dropped, and fill it when it is back', async () => {
    for (const nothing of [undefined, null]) {
      const { panel, history, run, actions, drafts } = await mountPanel();
      load(history, [row('e', { status: 'completed', title: 'Haiku' })], 'haiku');
      for (const name of STATE) Reflect.set(panel, name, nothing);
      await settled(panel);
      expect(rows(panel)).to.have.length(0);
      Object.assign(panel, { history, run, actions, drafts });
      await settled(panel);
      expect(rows(panel)).to.have.length(1);
      emptyPage();
    }
  });
});
