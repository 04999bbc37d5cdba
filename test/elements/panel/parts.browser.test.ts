import { expect } from '@open-wc/testing';
import {
  all,
  button,
  emptyPage,
  mountPanel,
  one,
  press,
  rows,
  settled,
  until,
} from '../../support/elements/page.js';
import { mountInbox, textGraph } from '../../support/elements/inbox-support.js';
import { fakeSessions, haikuEvents, live, load, open, row } from '../../support/elements/sample.js';

interface Described {
  readonly tagName?: string;
  readonly cssParts?: readonly { readonly name: string }[];
  readonly cssProperties?: readonly { readonly name: string }[];
  readonly events?: readonly { readonly name: string }[];
}

/** Returns the panel's entry in custom-elements.json, which is built from the doc comment of the class. */
async function described(): Promise<Described> {
  const response = await fetch('/custom-elements.json');
  const { modules } = (await response.json()) as {
    readonly modules: readonly { readonly declarations: readonly Described[] }[];
  };
  const found = modules
    .flatMap(({ declarations }) => declarations)
    .find(({ tagName }) => tagName === 'sessions-panel');
  if (found === undefined) throw new Error('custom-elements.json has no <sessions-panel>.');
  return found;
}

const namesOf = (list: readonly { readonly name: string }[] = []) => list.map(({ name }) => name);

/** A text that is long enough to be folded and has formatting, so that its source can be shown. */
const LONG_TEXT = `**Long**\n\n${'A line of a text that is long.\n\n'.repeat(400)}`;

/** Shows everything that the panel can show, in turn, and calls `look` each time. */
async function showEverything(look: (panel: Element) => void): Promise<void> {
  const inbox = await mountInbox();
  await inbox.start(textGraph('First?'));
  inbox.panel.openInbox();
  await inbox.caretIn('First?');
  look(inbox.panel);
  const sessions = fakeSessions();
  const { panel, history, run } = await mountPanel({ graphId: 'g', sessions });
  panel.canStart = true;
  const done = row('d', { title: 'Done', createdAt: Date.now() / 1000 - 90 });
  load(
    history,
    [row('h', { status: 'suspended', nodesTotal: 5, nodesEnded: 2 }), done, row('f', { status: 'failed' })],
    'g',
  );
  open(sessions, 'h', haikuEvents('h'));
  history.addDeletion({ id: 1, sessions: [done], dueMs: Date.now() + 60_000 });
  live(run, [
    {
      type: 'inputRequired',
      nodeId: 'image',
      interactionId: 'i-size',
      suspendEvent: { waitForInput: { prompt: { parts: [{ text: 'Size?' }] }, skipLabel: 'Any' } },
    },
    { type: 'nodeStart', nodeId: 'page' },
    { type: 'nodeEnd', nodeId: 'page', outputs: { context: { parts: [{ text: LONG_TEXT }] } } },
    { type: 'nodeStart', nodeId: 'research' },
    { type: 'nodeError', nodeId: 'research', error: 'No source' },
  ]);
  // The buttons of an output come with the pointer, once what it says is formatted.
  await until(() => {
    for (const output of all(panel, 'sessions-panel-output'))
      output.dispatchEvent(new PointerEvent('pointerenter'));
    return all(panel, '[part~="text-source"]').length > 0;
  });
  await settled(panel);
  look(panel);
  one(rows(panel)[0]!, '.main').dispatchEvent(new MouseEvent('click', { bubbles: true, ctrlKey: true }));
  await settled(panel);
  look(panel);
  for (const tab of ['Timeline', 'Events']) {
    all(panel, '[role=tab]')
      .find((element) => element.textContent.includes(tab))!
      .click();
    await settled(panel);
    all(panel, '.event')[0]?.click();
    await settled(panel);
    look(panel);
  }
  button(panel, 'More').click();
  await settled(panel);
  look(panel);
  button(panel, 'More').click();
  one(rows(panel)[0]!, '.main').focus();
  press('Delete');
  await settled(panel);
  look(panel);
  run.open('d');
  run.apply([{ kind: 'start', replayTotal: 900 }]);
  run.setConnection({ phase: 'offline', attempt: 1 });
  await settled(panel);
  look(panel);
}

describe('parts of the panel', () => {
  const sheet = new CSSStyleSheet();
  before(() => {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  });
  after(() => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  });
  afterEach(emptyPage);

  it('exist if they are documented, and can be styled by the page', async () => {
    const names = namesOf((await described()).cssParts);
    expect(names).to.include.members(['search', 'toast', 'menu', 'dialog', 'row', 'question', 'send']);
    sheet.replaceSync(
      names.map((name, at) => `sessions-panel::part(${name}) { --part-${at}: styled }`).join('\n'),
    );
    const styled = new Set<string>();
    await showEverything((panel) => {
      for (const element of all(panel, '[part]')) {
        const style = getComputedStyle(element);
        for (const name of element.part) {
          if (style.getPropertyValue(`--part-${names.indexOf(name)}`) === 'styled') styled.add(name);
        }
      }
    });
    expect(names.filter((name) => !styled.has(name))).to.deep.equal([]);
  });

  it('are documented if they exist', async () => {
    const names = namesOf((await described()).cssParts);
    const there = new Set<string>();
    await showEverything((panel) => {
      for (const element of all(panel, '[part]')) for (const name of element.part) there.add(name);
    });
    expect([...there].filter((name) => !names.includes(name))).to.deep.equal([]);
  });
});

describe('custom-elements.json', () => {
  it('lists the events of the panel and no others', async () => {
    expect(namesOf((await described()).events)).to.deep.equal([
      'session-connect',
      'session-disconnect',
      'session-cancel',
      'session-delete',
      'session-rerun',
      'session-seek',
      'session-start',
      'place-change',
      'needs-input-change',
    ]);
  });
});

/** Returns the text of all style sheets below an element. */
function styleText(root: Element): string {
  const sheets = new Set(
    [root, ...all(root, '*')].flatMap(({ shadowRoot }) => [...(shadowRoot?.adoptedStyleSheets ?? [])]),
  );
  return [...sheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('\n');
}

describe('variables of the panel', () => {
  afterEach(emptyPage);

  it('are all documented, and all documented ones are used', async () => {
    const used = new Set<string>();
    await showEverything((panel) => {
      for (const [name] of styleText(panel).matchAll(/--sessions-panel-[a-z-]+/g)) used.add(name);
    });
    expect([...used]).to.have.members(namesOf((await described()).cssProperties));
  });

  /** Returns the colours that elements have when the page sets these variables. */
  async function colours(variables: Readonly<Record<string, string>>) {
    const sessions = fakeSessions();
    const { panel, history, box } = await mountPanel({ graphId: 'g', sessions });
    box.style.colorScheme = 'light';
    for (const [name, value] of Object.entries(variables)) box.style.setProperty(name, value);
    load(history, [row('h', { status: 'suspended' }), row('f', { status: 'failed', error: 'No' })], 'g');
    open(sessions, 'h', haikuEvents('h'));
    await settled(panel);
    const main = one(rows(panel)[0]!, '.main');
    main.focus();
    press('ArrowDown');
    press('ArrowUp');
    const of = (selector: string) => getComputedStyle(all(panel, selector)[0]!);
    return {
      background: getComputedStyle(panel).backgroundColor,
      text: getComputedStyle(panel).color,
      secondary: of('.connection').color,
      primary: of('.button.primary').backgroundColor,
      onPrimary: of('.button.primary').color,
      input: of('.search .input').backgroundColor,
      inputBorder: of('.search .input').borderTopColor,
      failed: of('.detail.failed').color,
      focus: getComputedStyle(main).outlineColor,
      link: getComputedStyle(one(panel, '.row.is-active'), '::before').backgroundColor,
      font: getComputedStyle(panel).fontFamily,
      mono: of('.id code').fontFamily,
    };
  }

  const VS_CODE = {
    '--vscode-editor-background': 'rgb(1, 1, 1)',
    '--vscode-foreground': 'rgb(2, 2, 2)',
    '--vscode-descriptionForeground': 'rgb(3, 3, 3)',
    '--vscode-button-background': 'rgb(4, 4, 4)',
    '--vscode-button-foreground': 'rgb(5, 5, 5)',
    '--vscode-input-background': 'rgb(6, 6, 6)',
    '--vscode-input-border': 'rgb(7, 7, 7)',
    '--vscode-errorForeground': 'rgb(8, 8, 8)',
    '--vscode-focusBorder': 'rgb(9, 9, 9)',
    '--vscode-textLink-foreground': 'rgb(10, 10, 10)',
    '--vscode-font-family': 'HostSans',
    '--vscode-editor-font-family': 'HostMono',
  };

  it('fall back to the theme of a VS Code host', async () => {
    expect(Object.values(await colours(VS_CODE))).to.deep.equal(Object.values(VS_CODE));
  });

  it('set on the panel take precedence over those of the host', async () => {
    const own = {
      '--sessions-panel-background': 'rgb(11, 11, 11)',
      '--sessions-panel-foreground': 'rgb(12, 12, 12)',
      '--sessions-panel-secondary-foreground': 'rgb(13, 13, 13)',
      '--sessions-panel-primary': 'rgb(14, 14, 14)',
      '--sessions-panel-primary-foreground': 'rgb(15, 15, 15)',
      '--sessions-panel-input-background': 'rgb(16, 16, 16)',
      '--sessions-panel-control-border': 'rgb(17, 17, 17)',
      '--sessions-panel-failed': 'rgb(18, 18, 18)',
      '--sessions-panel-focus': 'rgb(19, 19, 19)',
      '--sessions-panel-accent': 'rgb(20, 20, 20)',
      '--sessions-panel-font': 'OwnSans',
      '--sessions-panel-font-mono': 'OwnMono',
    };
    expect(Object.values(await colours({ ...VS_CODE, ...own }))).to.deep.equal(Object.values(own));
  });

  it('have default colours for light and dark without a theme', async () => {
    const light = await colours({});
    const dark = await colours({ '--sessions-panel-color-scheme': 'dark' });
    expect(light.background).to.equal('rgb(255, 255, 255)');
    expect(dark.background).to.equal('rgb(22, 24, 29)');
    expect(dark.text).not.to.equal(light.text);
  });
});
