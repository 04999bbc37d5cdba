import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { requestChannelLock } from '../../../src/service/tabs/channel-lock.js';
import type { HeldLock } from '../../../src/service/tabs/tab.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import { FakeBrowser, type FakeTab } from '../../support/fake-tabs.js';

const NAME = 'lock';
/** Longer than it takes to notice that a holder is gone. */
const TAKEOVER_MS = 4000;

class World {
  readonly environment = new FakeEnvironment();
  readonly browser = new FakeBrowser(this.environment, { hasLocks: false });
  readonly held: { readonly tab: FakeTab; readonly lock: HeldLock }[] = [];

  /** The tabs that take themselves for the holder. */
  get holders(): readonly FakeTab[] {
    return this.held.filter(({ lock }) => !lock.lost.aborted).map(({ tab }) => tab);
  }

  request(tab: FakeTab, how: 'wait' | 'ifFree' | 'steal' = 'wait'): AbortController {
    const abort = new AbortController();
    const request = how === 'wait' ? { how, signal: abort.signal } : { how };
    void requestChannelLock(tab, NAME, request).then((lock) => {
      // A tab that crashed between the grant and this turn has nothing.
      if (lock !== undefined && this.browser.tabs.includes(tab)) this.held.push({ tab, lock });
    });
    return abort;
  }

  release(tab: FakeTab): void {
    const index = this.held.findIndex((held) => held.tab === tab);
    this.held.splice(index, 1)[0]?.lock.release();
  }

  crash(tab: FakeTab): void {
    tab.crash();
    for (let index = this.held.length - 1; index >= 0; index -= 1) {
      if (this.held[index]?.tab === tab) this.held.splice(index, 1);
    }
  }
}

function openTabs(world: World, count: number): readonly FakeTab[] {
  return Array.from({ length: count }, () => world.browser.open());
}

describe('a lock that tabs grant each other over a channel', () => {
  it('is not taken by a claim that ended with the first of the messages that a frozen tab gets at once', async () => {
    // Which of two claims at the same time has more right is random.
    for (let round = 0; round < 20; round += 1) {
      const world = new World();
      const [first, frozen] = [world.browser.open(), world.browser.open()];
      world.request(frozen, 'ifFree');
      frozen.freeze();
      world.request(first, 'ifFree');
      await world.environment.advance(300);
      world.release(first);
      // Its last messages are there when the frozen tab runs again.
      await world.environment.advance(10);
      frozen.thaw();
      await world.environment.advance(300);
      world.release(frozen);
      await world.environment.advance(10_000);
      assert.equal(world.environment.timerCount, 0);
    }
  });

  it('has one of eight tabs that request it at once as its holder, and the next one when it is released', async () => {
    const world = new World();
    for (const tab of openTabs(world, 8)) world.request(tab);
    for (let released = 0; released < 8; released += 1) {
      await world.environment.advance(300);
      const [holder, ...others] = world.holders;
      assert.ok(holder !== undefined && others.length === 0);
      world.release(holder);
    }
    await world.environment.advance(300);
    assert.deepEqual([world.holders, world.environment.timerCount], [[], 0]);
  });

  it('is granted to a request for a free lock, and refused while it is held', async () => {
    const world = new World();
    const [first, second] = openTabs(world, 2);
    assert.ok(first !== undefined && second !== undefined);
    world.request(first, 'ifFree');
    await world.environment.advance(300);
    world.request(second, 'ifFree');
    await world.environment.advance(TAKEOVER_MS);
    assert.deepEqual(world.holders, [first]);
    world.release(first);
    world.request(second, 'ifFree');
    await world.environment.advance(300);
    assert.deepEqual(world.holders, [second]);
  });

  it('goes from its holder to a tab that steals it', async () => {
    const world = new World();
    const [first, second, third] = openTabs(world, 3);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    world.request(first);
    await world.environment.advance(300);
    world.request(second, 'steal');
    world.request(third, 'steal');
    await world.environment.advance(300);
    assert.equal(world.holders.length, 1);
    assert.notEqual(world.holders[0], first);
  });

  it('goes to a waiting tab when its holder ends without a word or hangs, which notices that when it runs again', async () => {
    for (const end of ['crash', 'freeze'] as const) {
      const world = new World();
      const [first, second] = openTabs(world, 2);
      assert.ok(first !== undefined && second !== undefined);
      world.request(first);
      await world.environment.advance(300);
      world.request(second);
      await world.environment.advance(300);
      if (end === 'crash') world.crash(first);
      else first.freeze();
      await world.environment.advance(TAKEOVER_MS);
      assert.ok(world.holders.includes(second));
      if (end === 'freeze') first.thaw();
      await world.environment.advance(300);
      assert.deepEqual(world.holders, [second]);
    }
  });

  it('stays with a holder that is busy for a second', async () => {
    const world = new World();
    const [first, second] = openTabs(world, 2);
    assert.ok(first !== undefined && second !== undefined);
    world.request(first);
    await world.environment.advance(300);
    world.request(second);
    await world.environment.advance(300);
    for (let times = 0; times < 20; times += 1) {
      first.freeze();
      await world.environment.advance(1000);
      first.thaw();
      await world.environment.advance(300);
      assert.deepEqual(world.holders, [first]);
    }
  });

  it('does not go to a tab that has given up', async () => {
    const world = new World();
    const [first, second] = openTabs(world, 2);
    assert.ok(first !== undefined && second !== undefined);
    world.request(first).abort();
    const waiting = world.request(second);
    await world.environment.advance(300);
    assert.deepEqual(world.holders, [second]);
    waiting.abort();
    assert.deepEqual(world.holders, [second], 'it has the lock already');
  });

  it('survives any message on its channel', async () => {
    const world = new World();
    const tabs = openTabs(world, 2);
    for (const tab of tabs) world.request(tab);
    await world.environment.advance(300);
    for (const message of [
      null,
      'x',
      [],
      { kind: 'ask' },
      { kind: 'ask', from: 'x', term: Number.NaN },
      { kind: 'steal', from: 'x', term: 1 },
      { kind: 'object', from: 'x', term: 7 },
      { kind: 'object', from: 'x', to: 'y', term: 7 },
      { kind: 'free', from: 'x', term: 0 },
    ]) {
      world.browser.inject(`${NAME}:lock`, message);
    }
    await world.environment.advance(TAKEOVER_MS);
    assert.equal(world.holders.length, 1);
  });
});

const step = fc.record({
  what: fc.constantFrom(
    'wait',
    'ifFree',
    'steal',
    'release',
    'abort',
    'crash',
    'freeze',
    'thaw',
    'lose',
    'pass',
  ),
  which: fc.nat(7),
});

describe('a lock that tabs grant each other over a channel, whatever they do', () => {
  it('ends with one holder, and with none when all have released it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const world = new World();
        const waits: AbortController[] = [];
        openTabs(world, 5);
        for (const { what, which } of steps) {
          const { tabs } = world.browser;
          const tab = tabs[which % tabs.length];
          if (tab === undefined) break;
          if (what === 'wait') waits.push(world.request(tab));
          else if (what === 'ifFree' || what === 'steal') world.request(tab, what);
          else if (what === 'release') world.release(tab);
          else if (what === 'abort') waits[which]?.abort();
          else if (what === 'crash' && tabs.length > 1) world.crash(tab);
          else if (what === 'freeze') tab.freeze();
          else if (what === 'thaw') tab.thaw();
          else if (what === 'lose') world.browser.loseNext = which;
          else await world.environment.advance(which * 100);
        }
        for (const tab of world.browser.tabs) tab.thaw();
        world.browser.loseNext = 0;
        const [last] = world.browser.tabs;
        if (last !== undefined) waits.push(world.request(last));
        await world.environment.advance(2 * TAKEOVER_MS);
        assert.equal(world.holders.length, 1);
        for (const wait of waits) wait.abort();
        for (const { lock } of world.held) lock.release();
        await world.environment.advance(2 * TAKEOVER_MS);
        for (const { lock } of world.held) lock.release();
        await world.environment.turn();
        assert.equal(world.environment.timerCount, 0);
      }),
      {
        numRuns: 300,
        examples: [
          [
            [
              { what: 'wait', which: 1 },
              { what: 'freeze', which: 6 },
              { what: 'pass', which: 2 },
              { what: 'thaw', which: 1 },
              { what: 'crash', which: 1 },
            ],
          ],
        ],
      },
    );
  });
});
