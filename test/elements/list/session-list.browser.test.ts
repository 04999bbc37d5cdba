import { expect } from '@open-wc/testing';
import { resetMouse, sendMouse } from '@web/test-runner-commands';
import { germanStrings } from '../../../src/elements/strings/german.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import {
  accessibilityProblems,
  all,
  button,
  countUpdates,
  emptyPage,
  focused,
  mountPanel,
  one,
  press,
  rows,
  settled,
  textOf,
  until,
} from '../../support/elements/page.js';
import { load, push, row } from '../../support/elements/sample.js';
import { itWithPointer } from '../../support/in-chromium.js';

const NOW = Date.now() / 1000;

/** A long list: session `s0` is the newest. */
function many(count: number) {
  return Array.from({ length: count }, (_, index) =>
    row(`s${index}`, { createdAt: NOW - 60 - index, input: `number ${index}` }),
  );
}

describe('list of sessions', () => {
  afterEach(emptyPage);

  it('shows what one recognises a session by, and never its id', async () => {
    const { panel, history } = await mountPanel();
    load(history, [
      row('id-1', {
        status: 'suspended',
        input: 'green beans',
        question: 'Which mood should it have?',
        nodesEnded: 3,
        nodesTotal: 7,
        createdAt: NOW - 300,
      }),
    ]);
    await settled(panel);
    const text = textOf(rows(panel)[0]!);
    expect(text).to.contain('Needs input');
    expect(text).to.contain('Haiku · green beans');
    expect(text).to.contain('5 m');
    expect(text).to.contain('“Which mood should it have?”');
    expect(text).to.match(/5 min\.? ago/);
    expect(text).not.to.contain('id-1');
  });

  it('says quietly since when there is no sign of a run that its engine may have lost, in each width and density', async () => {
    for (const width of [240, 320, 720]) {
      const { panel, history } = await mountPanel({ width });
      const running = {
        status: 'running',
        createdAt: NOW - 7200,
        currentNode: 'Find the themes of the year',
      };
      load(history, [row('lost', { ...running, silentSince: NOW - 3600 }), row('alive', running)]);
      for (const density of ['comfortable', 'compact'] as const) {
        one(panel, 'sessions-panel-list').setAttribute('density', density);
        await settled(panel);
        const [lost, alive] = rows(panel);
        const detail = one(lost!, '.detail');
        expect(detail.title).to.match(/^No sign since \d/);
        expect(textOf(alive!)).not.to.contain('No sign');
        expect([...detail.classList]).to.deep.equal([...one(alive!, '.detail').classList]);
        const [inner, outer] = [detail, one(lost!, '.row')].map((part) => part.getBoundingClientRect());
        expect(
          [inner!.left >= outer!.left, inner!.right <= outer!.right],
          `${width} ${density}`,
        ).to.deep.equal([true, true]);
      }
      expect(await accessibilityProblems(panel)).to.deep.equal([]);
      push(history, row('lost', { ...running, status: 'completed', output: 'A poem' }));
      await settled(panel);
      expect(rows(panel).map(textOf).join()).not.to.contain('No sign');
      emptyPage();
    }
  });

  it('says quietly which turn of a conversation a session is, and in a sentence to screen readers', async () => {
    const { panel, history } = await mountPanel({ width: 360 });
    const question = 'Does the legal team approve the text of the campaign in all of the countries?';
    const turn = (position: number, size = 3) =>
      row(`turn ${position}`, { createdAt: position, group: { id: 'thread', position, size } });
    load(history, [{ ...turn(3), status: 'suspended', question }, turn(2), turn(1, 1), row('alone')]);
    await settled(panel);
    const marks = rows(panel).map((item) => {
      const [mark] = all(item, '.turn');
      return mark === undefined
        ? []
        : [textOf(one(mark, '[aria-hidden]')), textOf(one(mark, '.visually-hidden'))];
    });
    expect(marks).to.deep.equal([
      [],
      ['3 of 3', 'Turn 3 of 3 of this conversation'],
      ['2 of 3', 'Turn 2 of 3 of this conversation'],
      [],
    ]);
    const [mark, detail] = ['.turn', '.detail'].map((name) =>
      one(rows(panel)[1]!, name).getBoundingClientRect(),
    );
    expect(mark!.right).to.be.at.most(detail!.right + 0.5);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    push(history, turn(2, 4));
    await settled(panel);
    expect(textOf(rows(panel)[2]!)).to.contain('2 of 4');
    panel.strings = germanStrings;
    await settled(panel);
    expect(textOf(rows(panel)[2]!)).to.contain('Runde 2 von 4 dieser Unterhaltung');
  });

  it('keeps the relative time of a row on hover and focus, with date and absolute time in its tooltip', async () => {
    const { panel, history } = await mountPanel();
    const createdAt = new Date(2025, 2, 4, 10, 42, 7).getTime() / 1000;
    load(history, [row('a', { createdAt })]);
    await settled(panel);
    const time = one<HTMLTimeElement>(panel, '.item time');
    expect(new Date(time.dateTime).getTime()).to.equal(createdAt * 1000);
    expect(time.title).to.contain('2025').and.to.contain('42:07');
    const text = textOf(time);
    expect(text).to.contain('10:42');
    one<HTMLElement>(panel, '.item .main').focus();
    press('Shift');
    await settled(panel);
    expect(textOf(time)).to.equal(text);
  });

  it('groups rows by day', async () => {
    const { panel, history } = await mountPanel();
    const noon = new Date().setHours(0, 0, 1, 0) / 1000;
    load(history, [
      row('a', { createdAt: noon }),
      row('b', { createdAt: noon - 3600 }),
      row('c', { createdAt: noon - 3601 }),
    ]);
    await settled(panel);
    const texts = rows(panel).map(textOf);
    expect(texts[0]).to.match(/^Today/);
    expect(texts[1]).to.match(/^Yesterday/);
    expect(texts[2]).not.to.contain('Yesterday');
  });

  it('keeps at most 60 of 10,000 rows in the document, wherever it is scrolled to', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(10_000));
    await settled(panel);
    const scroller = one(panel, 'ol.rows').parentElement!;
    expect(rows(panel).length).to.be.within(10, 60);
    scroller.scrollTop = scroller.scrollHeight / 2;
    await settled(panel);
    expect(rows(panel).length).to.be.within(10, 60);
    expect(textOf(rows(panel)[10]!)).to.match(/number (4|5)\d\d\d/);
    scroller.scrollTop = scroller.scrollHeight;
    await settled(panel);
    const last = rows(panel).at(-1)!;
    expect(textOf(last)).to.contain('number 9999');
    expect(last.getAttribute('aria-setsize')).to.equal('10000');
    expect(last.getAttribute('aria-posinset')).to.equal('10000');
  });

  it('renders nothing for a change of a row that is out of sight', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(1000));
    await settled(panel);
    const updates = countUpdates(one(panel, 'sessions-panel-list'));
    for (let index = 500; index < 600; index += 1) {
      push(history, row(`s${index}`, { createdAt: NOW - 60 - index, output: 'changed' }));
    }
    await settled(panel);
    expect(updates()).to.equal(0);
  });

  it('renders once for a batch', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(20));
    await settled(panel);
    const updates = countUpdates(one(panel, 'sessions-panel-list'));
    history.apply(
      many(20).map(
        (session) => ({ kind: 'row', row: { ...session, status: 'failed', error: 'x' } }) as const,
      ),
    );
    await settled(panel);
    expect(updates()).to.equal(1);
  });

  it('opens a session on click, and marks it', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, many(3));
    await settled(panel);
    one<HTMLElement>(rows(panel)[1]!, '.main').click();
    expect(actions.calls).to.deep.equal([['connect', 's1']]);
    history.setActive('s1');
    await settled(panel);
    expect(one(rows(panel)[1]!, '.main').getAttribute('aria-current')).to.equal('true');
    expect(one(rows(panel)[0]!, '.main').hasAttribute('aria-current')).to.equal(false);
  });

  it('filters by status, and leads back when nothing is left', async () => {
    const { panel, history } = await mountPanel();
    load(history, [
      row('a', { status: 'running', createdAt: NOW - 1 }),
      row('b', { status: 'suspended', createdAt: NOW - 2 }),
      row('c', { status: 'failed', createdAt: NOW - 3 }),
    ]);
    await settled(panel);
    expect(textOf(one(panel, '[role=group][aria-label="Filter by status"]'))).to.equal(
      'All 3 Needs input 1 Running 1 Failed 1',
    );
    button(panel, 'Needs input 1').click();
    await settled(panel);
    expect(rows(panel).map((item) => item.dataset['id'])).to.deep.equal(['b']);
    expect(button(panel, 'Needs input 1').getAttribute('aria-pressed')).to.equal('true');
    push(history, row('b', { status: 'running', createdAt: NOW - 2 }));
    await settled(panel);
    expect(rows(panel)).to.have.length(0);
    expect(textOf(panel)).to.contain('No “Needs input” sessions');
    button(panel, 'Clear filters').click();
    await settled(panel);
    expect(rows(panel)).to.have.length(3);
  });

  it('is one stop for Tab, and moves with arrows, j/k, Home and End', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(500));
    await settled(panel);
    const stops = rows(panel).filter((item) => one<HTMLElement>(item, '.main').tabIndex === 0);
    expect(stops).to.have.length(1);
    one<HTMLElement>(stops[0]!, '.main').focus();
    const here = () => focused()?.closest<HTMLElement>('.item')?.dataset['id'];
    const go = async (key: string) => {
      expect(press(key)).to.equal(false);
      await settled(panel);
      return here();
    };
    expect(await go('ArrowDown')).to.equal('s1');
    expect(await go('j')).to.equal('s2');
    expect(await go('k')).to.equal('s1');
    expect(await go('End')).to.equal('s499');
    expect(await go('ArrowUp')).to.equal('s498');
    expect(await go('Home')).to.equal('s0');
    expect(await go('ArrowUp')).to.equal('s0');
  });

  it('leaves keys with modifiers and other keys to the page', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(3));
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    expect(press('k', { ctrlKey: true })).to.equal(true);
    expect(press('x')).to.equal(true);
    expect(press('c')).to.equal(true, 'a finished run cannot be cancelled');
  });

  it('keeps the focus on a row that is scrolled out of sight', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(500));
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    one(panel, 'ol.rows').parentElement!.scrollTop = 10_000;
    await settled(panel);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('s0');
  });

  it('moves the focus to the next row when its own is deleted', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(5));
    await settled(panel);
    one<HTMLElement>(rows(panel)[2]!, '.main').focus();
    history.remove('s2');
    await settled(panel);
    expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('s3');
  });

  it('holds new sessions back while a person reads further down', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(200));
    await settled(panel);
    const scroller = one(panel, 'ol.rows').parentElement!;
    scroller.scrollTop = 300;
    await settled(panel);
    const before = rows(panel).map((item) => item.getBoundingClientRect().top);
    push(history, row('new-1', { createdAt: NOW, input: 'fresh' }));
    push(history, row('new-2', { createdAt: NOW + 1, input: 'fresher' }));
    await settled(panel);
    expect(rows(panel).map((item) => item.getBoundingClientRect().top)).to.deep.equal(before);
    button(panel, '2 new sessions').click();
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('fresher');
    expect(scroller.scrollTop).to.equal(0);
  });

  itWithPointer(
    'holds new sessions back while the pointer is on a row, and on its way to their button',
    async () => {
      const { panel, history } = await mountPanel();
      load(history, many(3));
      await settled(panel);
      const { left, top } = rows(panel)[1]!.getBoundingClientRect();
      await sendMouse({ type: 'move', position: [Math.round(left) + 40, Math.round(top) + 10] });
      push(history, row('new', { createdAt: NOW, input: 'fresh' }));
      await settled(panel);
      const show = button(panel, '1 new session').getBoundingClientRect();
      const target: [number, number] = [
        Math.round(show.x + show.width / 2),
        Math.round(show.y + show.height / 2),
      ];
      await sendMouse({ type: 'move', position: target });
      await settled(panel);
      expect(button(panel, '1 new session').matches(':hover')).to.equal(true);
      await sendMouse({ type: 'click', position: target });
      await settled(panel);
      expect(textOf(rows(panel)[0]!)).to.contain('fresh');
      expect(focused()?.closest<HTMLElement>('.item')?.dataset['id']).to.equal('new');
      // The focus on a row would hold it back, too.
      (focused() as HTMLElement).blur();
      push(history, row('newer', { createdAt: NOW + 1, input: 'fresher' }));
      await settled(panel);
      expect(textOf(panel)).to.contain('1 new session');
      await sendMouse({ type: 'move', position: [700, 590] });
      await until(() => textOf(rows(panel)[0]!).includes('fresher'));
      await resetMouse();
    },
  );

  it('covers no row and no message above the list with the button for sessions held back', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(3));
    await settled(panel);
    one<HTMLElement>(rows(panel)[0]!, '.main').focus();
    push(history, row('new', { createdAt: NOW, input: 'fresh' }));
    const error = new GraphRunError('forbidden', 'Not allowed.', { status: 403 });
    for (const phase of ['live', 'failed'] as const) {
      const isFailed = phase === 'failed';
      history.apply([
        { kind: 'connection', connection: { phase, attempt: 0, ...(isFailed ? { error } : {}) } },
      ]);
      await settled(panel);
      const { top, bottom } = button(panel, '1 new session').getBoundingClientRect();
      expect(bottom, phase).to.be.at.most(one(rows(panel)[0]!, '.row').getBoundingClientRect().top);
      if (isFailed) expect(top).to.be.at.least(one(panel, '[role=alert]').getBoundingClientRect().bottom);
    }
  });

  it('shows a session at once that was started from here', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(200));
    await settled(panel);
    one(panel, 'ol.rows').parentElement!.scrollTop = 300;
    await settled(panel);
    history.add(row('mine', { createdAt: NOW, status: 'running' }));
    history.setActive('mine');
    await settled(panel);
    expect(textOf(panel)).not.to.contain('1 new session');
  });

  it('says what is being done to a session, and offers to try again what failed', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, [row('a', { status: 'running' })]);
    history.setOperation('a', { kind: 'cancel' });
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('Cancelling…');
    history.setOperation('a', { kind: 'cancel', error: new GraphRunError('network', 'No answer.') });
    await settled(panel);
    expect(textOf(rows(panel)[0]!)).to.contain('Could not cancel: Can’t reach the server.');
    button(rows(panel)[0]!, 'Try again').click();
    expect(actions.calls).to.deep.equal([['cancel', 'a']]);
  });
});

describe('states of the list', () => {
  afterEach(emptyPage);

  it('says at its end, and where nothing matches, that the server has older sessions', async () => {
    const { panel, history } = await mountPanel();
    const text = 'Older sessions are not shown: the server sends only the most recent.';
    const snapshot = (isTruncated: boolean) => {
      history.setGraph('g');
      history.apply([
        { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
        { kind: 'snapshotStart' },
        ...many(30).map((item) => ({ kind: 'row', row: item }) as const),
        { kind: 'snapshotComplete', isTruncated, oldestCreatedAt: NOW - 100 },
      ]);
    };
    snapshot(true);
    await settled(panel);
    const scroller = one(panel, 'ol.rows').parentElement!;
    scroller.scrollTop = scroller.scrollHeight;
    await settled(panel);
    expect(textOf(scroller)).to.contain(text);
    const note = all(panel, 'p').find((element) => textOf(element) === text)!;
    const { top, bottom } = note.getBoundingClientRect();
    expect(top).to.be.at.least(rows(panel).at(-1)!.getBoundingClientRect().bottom);
    expect(bottom).to.be.at.most(scroller.getBoundingClientRect().bottom);
    history.setFilter({ status: 'all', text: 'zebra' });
    await settled(panel);
    expect(textOf(panel)).to.contain('No sessions match “zebra”').and.to.contain(text);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
    snapshot(false);
    await settled(panel);
    expect(textOf(panel)).not.to.contain('Older sessions');
  });

  it('lists older sessions on request: the button says what happens, and keeps the focus', async () => {
    const { panel, history, actions } = await mountPanel();
    actions.capabilities = { ...actions.capabilities, olderSessions: true };
    history.setGraph('g');
    history.apply([
      { kind: 'connection', connection: { phase: 'live', attempt: 0 } },
      { kind: 'snapshotStart' },
      { kind: 'row', row: row('a') },
      { kind: 'snapshotComplete', isTruncated: true, oldestCreatedAt: NOW },
    ]);
    await settled(panel);
    const more = button(panel, 'Show older');
    more.focus();
    more.click();
    expect(actions.calls).to.deep.include(['showOlder']);
    const next = String(NOW);
    for (const [state, text] of [
      [{ phase: 'loading', next }, 'Loading older sessions…'],
      [
        { phase: 'failed', next, error: new GraphRunError('network', 'no network') },
        'Could not load older sessions. Can’t reach the server. Try again',
      ],
      [{ phase: 'complete', next }, 'No older sessions'],
    ] as const) {
      history.setOlder(state, [row('b', { createdAt: NOW - 9_000_000 })]);
      await settled(panel);
      expect(textOf(one(panel, '.older'))).to.equal(text);
      expect(more.isConnected && more.matches(':focus')).to.equal(true);
      expect(more.ariaDisabled).to.equal(state.phase === 'failed' ? null : 'true');
    }
    expect(rows(panel)).to.have.length(2);
    expect(await accessibilityProblems(panel)).to.deep.equal([]);
  });

  it('begins at the top when it is narrowed to something else', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(300));
    await settled(panel);
    const scroller = one(panel, 'ol.rows').parentElement!;
    for (const text of ['number 1', '']) {
      scroller.scrollTop = 2000;
      await settled(panel);
      history.setFilter({ status: 'all', text });
      await settled(panel);
      expect(scroller.scrollTop, `“${text}”`).to.equal(0);
      expect(textOf(rows(panel)[0]!)).to.contain(text === '' ? 'number 0' : 'number 1');
    }
    // A row that comes or goes moves nothing.
    scroller.scrollTop = 2000;
    await settled(panel);
    history.remove('s0');
    await settled(panel);
    expect(scroller.scrollTop).to.equal(2000);
  });

  it('is loading until a whole list has arrived', async () => {
    const { panel, history } = await mountPanel();
    history.setGraph('g');
    history.setMonitor({ phase: 'connecting', attempt: 0 });
    await settled(panel);
    expect(textOf(panel)).to.contain('Loading sessions…').and.not.to.contain('No sessions yet');
    load(history, []);
    await settled(panel);
    expect(textOf(panel)).to.contain('No sessions yet').and.to.contain('Run the graph to start one');
  });

  it('keeps its rows when the connection fails, and says why', async () => {
    const { panel, history, actions } = await mountPanel();
    load(history, many(3));
    history.setMonitor({ phase: 'failed', attempt: 4, error: new GraphRunError('network', 'No answer.') });
    await settled(panel);
    expect(rows(panel)).to.have.length(3);
    expect(textOf(panel)).to.contain('This list has stopped updating. Can’t reach the server.');
    button(panel, 'Try again').click();
    expect(actions.calls).to.deep.equal([['retryNow']]);
  });

  it('says that it is followed by requests', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(3));
    const list = one(panel, 'sessions-panel-list');
    expect(textOf(list)).not.to.contain('following by requests');
    history.setMonitor({ phase: 'live', attempt: 0, isByRequests: true });
    await settled(panel);
    expect(rows(panel)).to.have.length(3);
    expect(textOf(list)).to.contain('following by requests');
  });

  it('keeps its rows while it is offline', async () => {
    const { panel, history } = await mountPanel();
    load(history, many(3));
    history.setMonitor({ phase: 'offline', attempt: 1 });
    await settled(panel);
    expect(rows(panel)).to.have.length(3);
    expect(textOf(panel)).to.contain('You’re offline');
  });

  for (const scheme of ['light', 'dark']) {
    it(`has no accessibility problem (${scheme})`, async () => {
      const { panel, history } = await mountPanel();
      panel.style.setProperty('--sessions-panel-color-scheme', scheme);
      load(history, [
        row('a', {
          status: 'running',
          currentNode: 'Poet',
          nodesEnded: 1,
          nodesTotal: 4,
          createdAt: NOW - 5,
        }),
        row('b', { status: 'suspended', question: 'Which?', createdAt: NOW - 6 }),
        row('c', { status: 'failed', error: 'HTTP 503', createdAt: NOW - 7 }),
        row('d', { status: 'cancelled', createdAt: NOW - 8 }),
        row('e', { status: 'paused', createdAt: NOW - 90_000 }),
      ]);
      history.setActive('b');
      await settled(panel);
      expect(await accessibilityProblems(panel)).to.deep.equal([]);
      history.setMonitor({ phase: 'failed', attempt: 1, error: new GraphRunError('network', 'No answer.') });
      await settled(panel);
      expect(await accessibilityProblems(panel)).to.deep.equal([]);
    });
  }
});
