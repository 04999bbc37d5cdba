import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { SessionMessage } from '../../../src/protocol/stream/messages.js';
import type { SessionConnection } from '../../../src/service/graph-run-service.js';
import { sharedSession } from '../../../src/service/tabs/shared-session.js';
import { StreamSlot } from '../../../src/service/tabs/stream-slot.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeSessionServer } from '../../support/fake-session-server.js';
import { FakeBrowser, isAwake, TAB_EVENTS, type FakeTab } from '../../support/fake-tabs.js';

/** A tab that watches a session. */
class Watching {
  readonly tab: FakeTab;
  readonly abort = new AbortController();
  readonly connection: SessionConnection;
  messages: SessionMessage[] = [];

  constructor(tab: FakeTab, server: FakeSessionServer, count: number) {
    this.tab = tab;
    this.connection = sharedSession(
      () => new StreamSlot({ tab, name: 'slots', count, isList: false }),
      (options) => server.connect(tab, options),
      { signal: this.abort.signal },
    );
    void this.#read();
  }

  async #read(): Promise<void> {
    for await (const { messages } of this.connection) {
      for (const message of messages) {
        if (message.kind === 'reset') this.messages = [];
        this.messages.push(message);
      }
    }
  }

  get texts(): readonly unknown[] {
    return this.messages.flatMap((message) =>
      message.kind === 'event' && 'text' in message.event ? [message.event.text] : [],
    );
  }

  get phase(): string | undefined {
    const connections = this.messages.filter((message) => message.kind === 'connection');
    return connections.at(-1)?.connection.phase;
  }

  get starts(): number {
    return this.messages.filter(({ kind }) => kind === 'start').length;
  }
}

class World {
  readonly environment = new FakeEnvironment();
  readonly browser: FakeBrowser;
  readonly server = new FakeSessionServer();
  readonly count: number;

  constructor(hasLocks: boolean, count = 2) {
    this.browser = new FakeBrowser(this.environment, { hasLocks });
    this.count = count;
  }

  /** Runs everything that is ready. Locks that tabs grant each other take time, above all those of a crashed tab. */
  turn(): Promise<void> {
    return this.browser.hasLocks ? this.environment.turn() : this.environment.advance(LOCK_MS);
  }

  /** Opens a tab in front of the others, as a click on a link does. */
  async open(): Promise<Watching> {
    for (const tab of this.browser.tabs) tab.setVisible(false);
    return this.openWindow();
  }

  /** Opens a window next to the others. */
  async openWindow(options?: { readonly isVisible?: boolean }): Promise<Watching> {
    await this.environment.advance(1000);
    const watching = new Watching(this.browser.open(options), this.server, this.count);
    await this.turn();
    return watching;
  }

  async show({ tab }: Watching): Promise<void> {
    await this.environment.advance(1000);
    this.browser.show(tab);
    await this.turn();
  }

  get texts(): readonly unknown[] {
    return this.server.events.map((event) => ('text' in event ? event.text : undefined));
  }
}

/** Longer than it takes to notice that the holder of a lock has crashed, and to grant a lock. */
const LOCK_MS = 4000;

const step = fc.record({
  what: fc.constantFrom('open', 'close', 'crash', ...TAB_EVENTS, 'add', 'wait', 'turn'),
  which: fc.nat(7),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A tab is frozen when another one has just closed; which of their claims has more right is random. */
const CLOSED_BEFORE_FROZEN: readonly Step[] = [
  { what: 'open', which: 0 },
  { what: 'open', which: 0 },
  { what: 'close', which: 0 },
  { what: 'freeze', which: 0 },
  { what: 'wait', which: 2 },
];

for (const [how, hasLocks] of [
  ['through locks of the browser', true],
  ['through locks that they grant each other', false],
] as const) {
  describe(`sessions whose streams share a number of slots ${how}`, () => {
    it('never has more streams than slots; the tab in front is always live', async () => {
      const world = new World(hasLocks);
      world.server.add();
      const tabs = [await world.open(), await world.open(), await world.open(), await world.open()];
      assert.deepEqual(
        tabs.map(({ phase }) => phase),
        ['paused', 'paused', 'live', 'live'],
      );
      assert.equal(world.server.owners.length, 2);
      for (const front of tabs) {
        await world.show(front);
        world.server.add();
        await world.turn();
        assert.equal(front.phase, 'live');
        assert.deepEqual(front.texts, world.texts);
        assert.equal(world.server.owners.length, 2);
      }
    });

    it('a resumed tab gets everything that it missed, once, and only one start', async () => {
      const world = new World(hasLocks, 1);
      world.server.add();
      const first = await world.open();
      await world.open();
      for (let count = 0; count < 5; count += 1) world.server.add();
      await world.turn();
      assert.deepEqual(first.texts, ['0-0']);
      await world.show(first);
      assert.deepEqual(first.texts, world.texts);
      assert.equal(first.starts, 1);
    });

    it('a tab whose session was replaced while it was paused starts over', async () => {
      const world = new World(hasLocks, 1);
      world.server.add();
      const first = await world.open();
      const second = await world.open();
      world.server.replace();
      second.abort.abort();
      await world.show(first);
      assert.deepEqual(first.texts, ['1-0']);
      assert.equal(first.starts, 1);
    });

    it('a paused tab continues when there is room, visible or not', async () => {
      const world = new World(hasLocks, 1);
      const first = await world.open();
      const second = await world.open();
      assert.equal(first.phase, 'paused');
      second.abort.abort();
      await world.turn();
      assert.equal(first.phase, 'live');
    });

    it('hidden tabs never take a slot from each other', async () => {
      const world = new World(hasLocks, 1);
      const first = await world.openWindow({ isVisible: false });
      const second = await world.openWindow({ isVisible: false });
      await world.environment.advance(60_000);
      assert.equal(first.phase, 'live');
      assert.equal(second.phase, 'paused');
    });

    it('of several visible windows, the most recently focused are live', async () => {
      const world = new World(hasLocks, 2);
      const windows = [await world.openWindow(), await world.openWindow(), await world.openWindow()];
      const [first, second, third] = windows;
      assert.ok(first && second && third);
      assert.deepEqual(
        windows.map(({ phase }) => phase),
        ['paused', 'live', 'live'],
      );
      await world.environment.advance(60_000);
      assert.equal(first.phase, 'paused', 'it was not focused');
      first.tab.focus();
      await world.turn();
      assert.deepEqual(
        windows.map(({ phase }) => phase),
        ['live', 'paused', 'live'],
      );
    });

    it('“Resume” counts as focusing the window', async () => {
      const world = new World(hasLocks, 1);
      const [first, second] = [await world.openWindow(), await world.openWindow()];
      assert.equal(first.phase, 'paused');
      await world.environment.advance(1000);
      first.connection.retryNow();
      await world.turn();
      assert.equal(first.phase, 'live');
      assert.equal(second.phase, 'paused');
    });

    it('a visible window continues at once when another one is hidden', async () => {
      const world = new World(hasLocks, 1);
      const [first, second] = [await world.openWindow(), await world.openWindow()];
      assert.equal(first.phase, 'paused');
      second.tab.setVisible(false);
      await world.turn();
      assert.equal(first.phase, 'live');
    });

    it('takes the slot of a frozen tab, which pauses when it thaws', async () => {
      const world = new World(hasLocks, 1);
      const first = await world.open();
      first.tab.setVisible(false);
      first.tab.freeze();
      const second = await world.openWindow();
      await world.environment.advance(1000);
      assert.equal(second.phase, 'live');
      first.tab.thaw();
      await world.turn();
      assert.equal(first.phase, 'paused');
      assert.deepEqual(world.server.owners, [second.tab]);
    });

    it('a tab in the back/forward cache keeps no lock and no channel, and continues when it comes back', async () => {
      const world = new World(hasLocks, 1);
      const first = await world.open();
      first.tab.leave();
      await world.turn();
      assert.deepEqual(world.browser.heldLocks(), []);
      assert.deepEqual(world.server.owners, []);
      world.server.add();
      first.tab.comeBack();
      await world.turn();
      assert.equal(first.phase, 'live');
      assert.deepEqual(first.texts, world.texts);
    });

    it('without a limit everything is live', async () => {
      const world = new World(hasLocks, Number.POSITIVE_INFINITY);
      const tabs = [await world.open(), await world.open(), await world.open()];
      assert.ok(tabs.every(({ phase }) => phase === 'live'));
    });

    it('survives any message on its channel, and leaves nothing behind', async () => {
      const world = new World(hasLocks, 1);
      const tabs = [await world.open(), await world.open()];
      for (const message of [
        null,
        { kind: 'want' },
        { kind: 'want', from: 'x' },
        { kind: 'holding', from: 'x', slot: 99, isVisible: true, focusedAtMs: 1 },
        { kind: 'holding', from: 'x', slot: 0, isVisible: 'yes', focusedAtMs: 1 },
        { kind: 'holding', from: 'x', slot: 0, isVisible: false, focusedAtMs: 1 },
      ]) {
        world.browser.inject('slots:slots', message);
      }
      await world.environment.advance(10_000);
      assert.deepEqual(
        tabs.map(({ phase }) => phase),
        ['paused', 'live'],
      );
      for (const { abort } of tabs) abort.abort();
      await world.turn();
      assert.deepEqual(world.browser.heldLocks(), []);
      assert.equal(world.environment.timerCount, 0);
      assert.ok(tabs.every(({ tab }) => tab.listenerCount === 0));
    });
  });

  describe(`sessions whose streams share a number of slots ${how}, whatever the tabs do`, () => {
    it('every visible tab ends live and complete, and there are never too many streams', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 40 }),
          fc.integer({ min: 1, max: 3 }),
          async (steps, count) => {
            const world = new World(hasLocks, count);
            let tabs: Watching[] = [];
            const end = (gone: Watching) => {
              gone.abort.abort();
              tabs = tabs.filter((tab) => tab !== gone);
            };
            for (const { what, which } of steps) {
              const chosen = tabs[which % Math.max(1, tabs.length)];
              if (what === 'open' && tabs.length < 6)
                tabs.push(new Watching(world.browser.open(), world.server, count));
              if (what === 'add') world.server.add();
              if (what === 'wait') await world.environment.advance(which * 1000);
              if (what === 'turn') await world.turn();
              if (chosen !== undefined) {
                const { tab } = chosen;
                if (what === 'close' && !tab.isFrozen) end(chosen);
                else if (what === 'crash') {
                  tab.crash();
                  end(chosen);
                } else tab.happen(what);
              }
              if (what === 'turn' || what === 'wait') {
                const awake = world.server.owners.filter(isAwake);
                assert.ok(awake.length <= count, `${awake.length} streams`);
              }
            }
            for (const { tab } of tabs) {
              tab.thaw();
              tab.comeBack();
            }
            for (const front of tabs) {
              await world.show(front);
              world.server.add();
              await world.environment.advance(1000);
              assert.equal(front.phase, 'live');
              assert.deepEqual(front.texts, world.texts);
              assert.equal(front.starts, 1);
              assert.ok(world.server.owners.length <= count);
            }
            for (const { abort } of tabs) abort.abort();
            await world.turn();
            assert.equal(world.environment.timerCount, 0);
            assert.deepEqual(world.server.owners, []);
          },
        ),
        {
          numRuns: 300,
          examples: Array.from({ length: 20 }, (): [Step[], number] => [[...CLOSED_BEFORE_FROZEN], 1]),
        },
      );
    });
  });
}
