import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readConnection } from '../../../src/actions/reading/read-connection.js';
import { SessionHistoryController } from '../../../src/controller/session-history-controller.js';
import { GraphRunError } from '../../../src/protocol/problems.js';
import type { MonitorConnection } from '../../../src/service/graph-run-service.js';
import { sharedMonitor } from '../../../src/service/tabs/share-across-tabs.js';
import { SharedCapabilities } from '../../../src/service/tabs/shared-capabilities.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeListServer } from '../../support/fake-list-server.js';
import { FakeBrowser, isAwake, TAB_EVENTS, type FakeTab } from '../../support/fake-tabs.js';

const NAME = 'list';
/** Longer than it takes to notice that the holder of a lock has crashed, and to grant two locks in a row. */
const LOCK_MS = 4000;

/** A tab that shows the list. */
class Watching {
  readonly history = new SessionHistoryController();
  readonly abort = new AbortController();
  readonly connection: MonitorConnection;
  readonly tab: FakeTab;
  /** `ended`, or what the connection threw. */
  result: unknown;

  constructor(tab: FakeTab, server: FakeListServer, { name = NAME, count = 5 } = {}) {
    this.tab = tab;
    this.history.setGraph('g');
    this.connection = sharedMonitor(
      {
        tab,
        name,
        slots: { name: 'slots', count },
        capabilities: new SharedCapabilities(() => ({ inlineGraph: true })),
        open: (signal) => server.watch(tab, signal),
      },
      this.abort.signal,
    );
    void readConnection(this.connection, this.abort.signal, {
      messagesOf: (messages) => messages,
      apply: (messages) => this.history.apply(messages),
    }).then(
      () => (this.result = 'ended'),
      (error: unknown) => (this.result = error),
    );
  }

  get rows(): readonly string[] {
    const { history } = this;
    return history.sessionIds.map((id) => `${id} ${history.getSession(id)?.status}`).sort();
  }
}

class World {
  readonly environment = new FakeEnvironment();
  readonly browser: FakeBrowser;
  readonly server = new FakeListServer();

  constructor(hasLocks: boolean) {
    this.browser = new FakeBrowser(this.environment, { hasLocks });
  }

  async watch(options?: { readonly isVisible?: boolean }): Promise<Watching> {
    const watching = new Watching(this.browser.open(options), this.server);
    await this.turn();
    return watching;
  }

  /** Runs everything that is ready. Locks that tabs grant each other take time, above all those of a crashed tab. */
  turn(): Promise<void> {
    return this.browser.hasLocks ? this.environment.turn() : this.environment.advance(LOCK_MS);
  }

  get rows(): readonly string[] {
    return [...this.server.rows.values()].map(({ sessionId, status }) => `${sessionId} ${status}`).sort();
  }

  crash({ tab, abort }: Watching): void {
    tab.crash();
    this.server.forget(tab);
    // Its code is gone in a browser; in this process it has to be stopped.
    abort.abort();
  }

  assertEqual(...watching: readonly Watching[]): void {
    for (const one of watching) {
      assert.deepEqual(one.rows, this.rows);
      assert.equal(one.history.monitor.phase, 'live');
      assert.equal(one.history.isLoaded, true);
    }
  }
}

const step = fc.record({
  what: fc.constantFrom(
    'open',
    'close',
    'crash',
    ...TAB_EVENTS,
    'put',
    'delete',
    'cut',
    'lose',
    'wait',
    'turn',
  ),
  which: fc.nat(7),
});

/** A timer that is due in a frozen tab, and is cancelled before the tab runs again. */
const TIMER_WHILE_FROZEN = [
  { what: 'open', which: 0 },
  { what: 'freeze', which: 0 },
  { what: 'leave', which: 0 },
  { what: 'wait', which: 4 },
  { what: 'thaw', which: 0 },
  { what: 'close', which: 0 },
] as const;

for (const [how, hasLocks] of [
  ['through locks of the browser', true],
  ['through locks that they grant each other', false],
] as const) {
  describe(`a list that tabs share ${how}`, () => {
    it('has one connection, and every tab the whole list and every change', async () => {
      const world = new World(hasLocks);
      world.server.put('a');
      const tabs = [await world.watch(), await world.watch(), await world.watch()];
      world.assertEqual(...tabs);
      world.server.put('b');
      world.server.put('a', 'completed');
      await world.turn();
      world.assertEqual(...tabs);
      world.server.delete('a');
      await world.turn();
      world.assertEqual(...tabs);
      assert.equal(world.server.openedCount, 1);
      assert.deepEqual(world.server.owners, [tabs[0]?.tab]);
    });

    for (const [ending, end] of [
      ['is closed', (world: World, tab: Watching) => tab.abort.abort()],
      ['crashes', (world: World, tab: Watching) => world.crash(tab)],
      ['goes into the back/forward cache', (world: World, { tab }: Watching) => tab.leave()],
    ] as const) {
      it(`continues when the tab that has the connection ${ending}`, async () => {
        const world = new World(hasLocks);
        world.server.put('a');
        world.server.put('b');
        const [first, second, third] = [await world.watch(), await world.watch(), await world.watch()];
        end(world, first);
        // While no tab is connected, so that only a snapshot can show it.
        world.server.delete('a');
        await world.turn();
        world.assertEqual(second, third);
        const [owner] = world.server.owners;
        assert.ok(owner === second.tab || (!hasLocks && owner === third.tab));
        world.server.put('c');
        await world.turn();
        world.assertEqual(second, third);
        assert.equal(world.server.openedCount, 2);
      });
    }

    it('a tab that comes back from the back/forward cache gets what it missed', async () => {
      const world = new World(hasLocks);
      const [first, second] = [await world.watch(), await world.watch()];
      first.tab.leave();
      await world.turn();
      world.server.put('a');
      await world.turn();
      assert.deepEqual(first.rows, []);
      first.tab.comeBack();
      await world.turn();
      world.assertEqual(first, second);
      assert.equal(world.server.openedCount, 2);
    });

    it('a tab that opens during a change of leaders gets the list', async () => {
      const world = new World(hasLocks);
      world.server.put('a');
      const first = await world.watch();
      const second = await world.watch();
      first.abort.abort();
      const third = new Watching(world.browser.open(), world.server);
      await world.turn();
      world.assertEqual(second, third);
      assert.equal(world.server.openedCount, 2);
    });

    it('is live at once in a new tab in front, when the hidden tab that leads it had to pause', async () => {
      const world = new World(hasLocks);
      const watch = async (tab: FakeTab, name: string) => {
        const watching = new Watching(tab, world.server, { name, count: 1 });
        await world.turn();
        return watching;
      };
      const leader = await watch(world.browser.open(), NAME);
      const second = world.browser.open();
      world.browser.show(second);
      const other = await watch(second, 'another list');
      assert.equal(other.history.monitor.phase, 'live');
      assert.equal(leader.history.monitor.phase, 'paused');
      const third = world.browser.open();
      world.browser.show(third);
      const follower = await watch(third, NAME);
      await world.environment.advance(hasLocks ? 0 : 1000);
      assert.equal(follower.history.monitor.phase, 'live');
      assert.equal(leader.history.monitor.phase, 'live');
      assert.equal(other.history.monitor.phase, 'paused');
    });

    it('passes “Retry now” on to the tab that has the connection', async () => {
      const world = new World(hasLocks);
      await world.watch();
      const follower = await world.watch();
      const before = world.server.retryCount;
      follower.connection.retryNow();
      await world.turn();
      assert.equal(world.server.retryCount, before + 1);
    });

    it('a connection that fails for good fails separately in each tab, and can be opened again', async () => {
      const world = new World(hasLocks);
      const [first, second] = [await world.watch(), await world.watch()];
      world.server.refusal = new GraphRunError('forbidden', 'Not for you.', { status: 403 });
      first.abort.abort();
      await world.turn();
      assert.equal(second.result, world.server.refusal);
      assert.equal(first.result, 'ended');
      world.server.refusal = undefined;
      world.assertEqual(await world.watch(), await world.watch());
      assert.equal(world.server.owners.length, 1);
    });

    it('one tab’s refused token does not end the list of the others', async () => {
      const world = new World(hasLocks);
      const refused = new GraphRunError('auth-required', 'Sign in.', { status: 401 });
      world.server.refusal = refused;
      const first = new Watching(world.browser.open(), world.server);
      const second = new Watching(world.browser.open(), world.server);
      queueMicrotask(() => (world.server.refusal = undefined));
      await world.turn();
      // The one of the two that connected while the token was bad.
      assert.ok(first.result === refused || first.result === undefined);
      world.assertEqual(second);
    });

    it('takes the connection over from a tab that the browser froze, which follows when it thaws', async () => {
      const world = new World(hasLocks);
      const [first, second] = [await world.watch({ isVisible: false }), await world.watch()];
      first.tab.freeze();
      world.server.forget(first.tab);
      world.server.put('a');
      await world.environment.advance(30_000);
      world.assertEqual(second);
      assert.deepEqual(world.server.owners, [second.tab]);
      first.tab.thaw();
      await world.turn();
      world.assertEqual(first, second);
      world.server.put('b');
      await world.turn();
      world.assertEqual(first, second);
      assert.deepEqual(world.server.owners, [second.tab]);
    });

    it('a hidden tab leaves a silent leader alone until it becomes visible', async () => {
      const world = new World(hasLocks);
      const [first, second] = [await world.watch(), await world.watch({ isVisible: false })];
      first.tab.freeze();
      await world.environment.advance(120_000);
      // Without locks of the browser, a tab that does not answer loses its lock to any other one.
      assert.equal(world.server.openedCount, hasLocks ? 1 : 2);
      second.tab.setVisible(true);
      await world.environment.advance(7000);
      assert.equal(world.server.openedCount, 2);
      world.assertEqual(second);
    });

    it('a leader that is alive is never replaced, however long its list is quiet', async () => {
      const world = new World(hasLocks);
      const tabs = [await world.watch({ isVisible: false }), await world.watch(), await world.watch()];
      await world.environment.advance(3_600_000);
      assert.equal(world.server.openedCount, 1);
      world.assertEqual(...tabs);
    });

    it('survives any message on its channel', async () => {
      const world = new World(hasLocks);
      world.server.put('a');
      const tabs = [await world.watch(), await world.watch()];
      const position = { epoch: Number.MAX_SAFE_INTEGER, seq: 7 };
      for (const message of [
        null,
        'x',
        { kind: 'batch' },
        { kind: 'batch', from: 'x', ...position, messages: [{ kind: 'row', row: {} }] },
        { kind: 'state', from: 'x', ...position, messages: 'x' },
        { kind: 'leader', from: 'x', epoch: '1', seq: 0 },
        { kind: 'hello', from: 'x', epoch: 1 },
        { kind: 'retry', from: 3 },
        { kind: 'pong', from: 'x', epoch: 1, seq: 99 },
        { kind: 'batch', from: 'x', epoch: 1, seq: 1, messages: [{ kind: 'deleted', sessionId: 'a' }] },
      ]) {
        world.browser.inject(NAME, message);
      }
      await world.turn();
      world.assertEqual(...tabs);
      world.server.put('b');
      await world.turn();
      world.assertEqual(...tabs);
    });

    it('notices a lost message by the next one', async () => {
      const world = new World(hasLocks);
      const tabs = [await world.watch({ isVisible: false }), await world.watch({ isVisible: false })];
      world.browser.loseNext = 1;
      world.server.put('a');
      await world.turn();
      assert.deepEqual(tabs[1]?.rows, []);
      world.server.put('b');
      await world.turn();
      world.assertEqual(...tabs);
    });

    it('ignores late messages of an earlier leader', async () => {
      const world = new World(hasLocks);
      world.server.put('a');
      const tabs = [await world.watch(), await world.watch()];
      const old = { from: 'old', epoch: 1, seq: 1 };
      world.browser.inject(NAME, { kind: 'leader', ...old });
      const messages = [{ kind: 'snapshotStart' }, { kind: 'snapshotComplete', isTruncated: false }];
      world.browser.inject(NAME, { kind: 'state', ...old, seq: 2, messages });
      await world.turn();
      world.assertEqual(...tabs);
      world.server.put('b');
      await world.turn();
      world.assertEqual(...tabs);
    });

    it('a leader whose clock was set back still wins over the one before', async () => {
      const world = new World(hasLocks);
      const tabs = [await world.watch(), await world.watch()];
      const epochs: number[] = [];
      world.browser.open().openChannel(NAME, (message) => {
        epochs.push((message as { readonly epoch: number }).epoch);
      });
      const epoch = world.environment.wallNow() + 86_400_000;
      world.browser.inject(NAME, { kind: 'hello', from: 'x', epoch, isVisible: true, focusedAtMs: 0 });
      await world.turn();
      assert.ok((epochs.at(-1) ?? 0) > epoch);
      world.server.put('a');
      await world.turn();
      world.assertEqual(...tabs);
    });

    it('a tab that does not read for a while gets the whole list then, and no more than that is kept for it', async () => {
      const world = new World(hasLocks);
      const leader = await world.watch();
      const connection = sharedMonitor({
        tab: world.browser.open(),
        name: NAME,
        slots: { name: 'slots', count: 5 },
        capabilities: new SharedCapabilities(() => ({ inlineGraph: true })),
        open: (signal) => world.server.watch('second', signal),
      });
      const reader = connection[Symbol.asyncIterator]();
      await reader.next();
      for (let count = 0; count < 10_000; count += 1) {
        world.server.put(`s${count % 10}`, `status${count}`);
        if (count % 100 === 0) await world.turn();
      }
      await world.turn();
      const { value } = await reader.next();
      assert.ok(value.length <= 2000, `${value.length} messages`);
      const history = new SessionHistoryController();
      history.setGraph('g');
      history.apply(value);
      assert.deepEqual(
        history.sessionIds.map((id) => history.getSession(id)),
        leader.history.sessionIds.map((id) => leader.history.getSession(id)),
      );
      await reader.return?.();
    });

    it('leaves nothing behind', async () => {
      const world = new World(hasLocks);
      const tabs = [await world.watch(), await world.watch()];
      for (const { abort } of tabs) abort.abort();
      await world.turn();
      assert.deepEqual(world.browser.heldLocks(), []);
      assert.deepEqual(world.server.owners, []);
      assert.equal(world.environment.timerCount, 0);
      for (const { tab, result } of tabs) {
        assert.equal(tab.listenerCount, 0);
        assert.equal(result, 'ended');
      }
    });
  });

  describe(`a list that tabs share ${how}, whatever they do`, () => {
    it('every tab ends with the list of the server, over one connection', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const world = new World(hasLocks);
          let tabs: Watching[] = [];
          const remove = (gone: Watching) => (tabs = tabs.filter((tab) => tab !== gone));
          for (const { what, which } of steps) {
            const chosen = tabs[which % Math.max(1, tabs.length)];
            if (what === 'open' && tabs.length < 6)
              tabs.push(new Watching(world.browser.open(), world.server));
            if (what === 'put') world.server.put(`s${which}`, `status${steps.length}`);
            if (what === 'delete') world.server.delete(`s${which}`);
            if (what === 'lose') world.browser.loseNext = which;
            if (what === 'cut') world.server.cut();
            if (what === 'wait') await world.environment.advance(which * 4000);
            if (what === 'turn') await world.turn();
            if (chosen !== undefined) {
              const { tab } = chosen;
              if (what === 'close' && !tab.isFrozen) {
                chosen.abort.abort();
                remove(chosen);
              } else if (what === 'crash') {
                world.crash(chosen);
                remove(chosen);
              } else tab.happen(what);
            }
            // A frozen tab may still have a connection after another tab took the lead.
            if (what === 'turn' || what === 'wait') {
              const awake = world.server.owners.filter(isAwake);
              assert.ok(awake.length <= 1, `${awake.length} connections`);
            }
          }
          for (const { tab } of tabs) {
            tab.thaw();
            tab.comeBack();
            // Only visible tabs notice a lost message.
            tab.setVisible(true);
          }
          world.browser.loseNext = 0;
          await world.environment.advance(60_000);
          world.assertEqual(...tabs);
          assert.equal(world.server.owners.length, Math.min(1, tabs.length));
          for (const { abort } of tabs) abort.abort();
          await world.turn();
          assert.equal(world.environment.timerCount, 0);
        }),
        { numRuns: 300, examples: [[[...TIMER_WHILE_FROZEN]]] },
      );
    });
  });
}
