import { expect } from '@open-wc/testing';
import type { GraphRunEventBody } from '../../../src/protocol/events.js';
import { germanStrings } from '../../../src/elements/strings/german.js';
import {
  accessibilityProblems,
  all,
  emptyPage,
  mountPanel,
  one,
  rows,
  settled,
  textOf,
} from '../../support/elements/page.js';
import { haikuEvents, load, open, row } from '../../support/elements/sample.js';

/** The sample session as a server with names logs it. */
function namedEvents(): GraphRunEventBody[] {
  return haikuEvents('h').map((event) => {
    if (event.type === 'graphStart') return { ...event, startedBy: 'Ann' };
    return event.type === 'inputResolved' ? { ...event, answeredBy: 'Bo \u202eLee' } : event;
  });
}

async function opened(width: number) {
  const mounted = await mountPanel({ width });
  load(mounted.history, [
    row('h', { status: 'suspended', startedBy: 'Ann', question: 'Which mood?' }),
    row('other', { createdAt: 1 }),
  ]);
  await settled(mounted.panel);
  return mounted;
}

describe('who started and who answered', () => {
  afterEach(emptyPage);

  it('is in the row where there is room, and always in the tooltip of its time', async () => {
    const wide = await opened(540);
    expect(textOf(rows(wide.panel)[0]!)).to.contain('Ann started');
    expect(textOf(rows(wide.panel)[1]!)).not.to.contain('started');
    wide.panel.strings = germanStrings;
    await settled(wide.panel);
    expect(textOf(rows(wide.panel)[0]!)).to.contain('Ann hat gestartet');
    const narrow = await opened(300);
    expect(textOf(rows(narrow.panel)[0]!)).not.to.contain('Ann');
    expect(one<HTMLElement>(rows(narrow.panel)[0]!, 'time').title).to.contain('by Ann');
  });

  it('is in the header and next to the answer, as a name that turns no text around', async () => {
    const mounted = await opened(1000);
    open(mounted, 'h', namedEvents());
    await settled(mounted.panel);
    const meta = one(mounted.panel, '[part=session-meta]');
    expect(textOf(meta)).to.match(/^Started .* by Ann/);
    const given = all(mounted.panel, '.given')
      .map(textOf)
      .find((text) => text.includes('green beans'));
    expect(given).to.match(/by Bo Lee$/);
    expect(await accessibilityProblems(mounted.panel)).to.deep.equal([]);
  });

  it('is left out where the server gives no names', async () => {
    const mounted = await mountPanel({ width: 1000 });
    load(mounted.history, [row('h', { status: 'suspended' })]);
    open(mounted, 'h', haikuEvents('h'));
    await settled(mounted.panel);
    expect(textOf(mounted.panel)).not.to.match(/\bby\b/);
  });
});
