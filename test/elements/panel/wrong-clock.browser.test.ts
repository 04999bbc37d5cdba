import { expect } from '@open-wc/testing';
import { loadAll } from '../../../src/define.js';
import type { ConnectionState } from '../../../src/protocol/stream/messages.js';
import { all, box, emptyPage, mountPanel, one, settled, textOf, until } from '../../support/elements/page.js';
import { fakeSessions, load, open, row, type FakeSessions } from '../../support/elements/sample.js';

const TEN_MINUTES_MS = 600_000;

/** A list and a session that have run for five seconds, by a server whose clock differs. */
function fill(sessions: FakeSessions, aheadMs: number): void {
  const { history, run } = sessions;
  const serverMs = Date.now() - aheadMs;
  const connection: ConnectionState = { phase: 'live', attempt: 0, clockAheadMs: aheadMs };
  load(history, [
    row('r', { status: 'running', createdAt: (serverMs - 5000) / 1000, updatedAt: (serverMs - 5000) / 1000 }),
    row('e', { createdAt: (serverMs - 200_000) / 1000, updatedAt: (serverMs - 185_000) / 1000 }),
  ]);
  history.apply([{ kind: 'connection', connection }]);
  const events = [
    { type: 'graphStart', sessionId: 'r', graph: { nodes: [{ id: 'a', type: 'x' }], edges: [] } },
    { type: 'nodeStart', nodeId: 'a' },
  ] as const;
  // The events are a second and a half apart.
  open(sessions, 'r', events, serverMs - 6500);
  run.apply([{ kind: 'connection', connection }]);
}

const SOON = /(?:^| )[4-9] s$/;

describe('times under a clock that is wrong', () => {
  afterEach(emptyPage);

  for (const aheadMs of [TEN_MINUTES_MS, -TEN_MINUTES_MS]) {
    it(`are those of the server, in the panel: ${aheadMs} ms`, async () => {
      const sessions = fakeSessions();
      const { panel } = await mountPanel({ sessions });
      fill(sessions, aheadMs);
      await settled(panel);
      expect(textOf(all(panel, '[part~=row-progress]')[0] ?? panel)).to.match(SOON);
      expect(all(panel, '[part~=row-time]').map(textOf).join(' ')).to.contain('3 min');
      expect(textOf(one(panel, '[part=node-time]'))).to.match(SOON);
    });

    it(`are those of the server, in elements that stand alone: ${aheadMs} ms`, async () => {
      const sessions = fakeSessions();
      const list = document.createElement('sessions-panel-list');
      const view = document.createElement('sessions-panel-view');
      Object.assign(list, { history: sessions.history });
      Object.assign(view, { run: sessions.run, history: sessions.history });
      box().append(list, view);
      // Only the panel loads the code of a session by itself.
      expect(await loadAll()).to.equal(true);
      fill(sessions, aheadMs);
      await settled(list);
      await settled(view);
      // Nodes are drawn in time slices.
      await until(() => all(view, '[part=node-time]').length > 0);
      expect(all(list, '[part~=row-time]').map(textOf).join(' ')).to.contain('3 min');
      expect(textOf(one(view, '[part=node-time]'))).to.match(SOON);
    });
  }
});
