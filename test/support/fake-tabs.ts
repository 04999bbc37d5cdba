import { requestChannelLock } from '../../src/service/tabs/channel-lock.js';
import type { HeldLock, LockRequest, Tab, TabChannel, TabEvent } from '../../src/service/tabs/tab.js';
import type { FakeEnvironment } from './fake-environment.js';

interface Holder {
  readonly tab: FakeTab;
  readonly lost: AbortController;
}

interface Waiter {
  readonly tab: FakeTab;
  readonly grant: (holder: Holder) => void;
}

interface FakeLock {
  holder: Holder | undefined;
  readonly waiters: Waiter[];
}

interface Listener {
  readonly tab: FakeTab;
  readonly onMessage: (message: unknown) => void;
}

/**
 * A browser with tabs that share locks and channels, all in one process. Messages are cloned and arrive later, in the
 * order of each sender. Its time is that of a fake environment.
 */
export class FakeBrowser {
  readonly environment: FakeEnvironment;
  /** False: the browser has no locks, so its tabs grant each other locks over channels. */
  readonly hasLocks: boolean;
  readonly tabs: FakeTab[] = [];
  /** Number of messages that are lost from now on. */
  loseNext = 0;
  readonly #locks = new Map<string, FakeLock>();
  readonly #channels = new Map<string, Set<Listener>>();

  constructor(environment: FakeEnvironment, { hasLocks = true } = {}) {
    this.environment = environment;
    this.hasLocks = hasLocks;
  }

  /** Opens a tab. It is visible by default. */
  open({ isVisible = true } = {}): FakeTab {
    const tab = new FakeTab(this, isVisible);
    this.tabs.push(tab);
    return tab;
  }

  /** Focuses a tab and hides all others. */
  show(tab: FakeTab): void {
    for (const other of this.tabs) if (other !== tab) other.setVisible(false);
    tab.setVisible(true);
    tab.focus();
  }

  /** Names of the locks that are held. */
  heldLocks(): readonly string[] {
    return [...this.#locks].filter(([, { holder }]) => holder !== undefined).map(([name]) => name);
  }

  /** Sends a message to everyone on a channel, as any script of the same origin can. */
  inject(name: string, message: unknown): void {
    this.post(name, undefined, message);
  }

  lockOf(name: string): FakeLock {
    const lock = this.#locks.get(name) ?? { holder: undefined, waiters: [] };
    this.#locks.set(name, lock);
    return lock;
  }

  /** Releases the locks of a tab, and drops its requests and its channels. */
  forget(tab: FakeTab): void {
    for (const lock of this.#locks.values()) {
      const others = lock.waiters.filter((waiter) => waiter.tab !== tab);
      lock.waiters.splice(0, lock.waiters.length, ...others);
      if (lock.holder?.tab === tab) this.passOn(lock);
    }
    for (const listeners of this.#channels.values()) {
      for (const listener of listeners) if (listener.tab === tab) listeners.delete(listener);
    }
  }

  passOn(lock: FakeLock): void {
    lock.holder = undefined;
    const next = lock.waiters.shift();
    if (next === undefined) return;
    const holder = { tab: next.tab, lost: new AbortController() };
    lock.holder = holder;
    next.grant(holder);
  }

  listen(name: string, listener: Listener): () => void {
    const listeners = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  post(name: string, from: Listener | undefined, message: unknown): void {
    if (this.loseNext > 0) {
      this.loseNext -= 1;
      return;
    }
    const clone: unknown = structuredClone(message);
    for (const listener of this.#channels.get(name) ?? []) {
      if (listener === from) continue;
      queueMicrotask(() => {
        const isThere = this.#channels.get(name)?.has(listener) === true;
        if (isThere) listener.tab.deliver(() => listener.onMessage(structuredClone(clone)));
      });
    }
  }
}

/** The events that `FakeTab.happen` knows. */
export const TAB_EVENTS = ['leave', 'return', 'hide', 'show', 'freeze', 'thaw'] as const;

/** A tab of a fake browser. */
export class FakeTab implements Tab {
  readonly #browser: FakeBrowser;
  readonly #listeners = new Set<(event: TabEvent) => void>();
  #isVisible: boolean;
  #focusedAtMs: number;
  #isDead = false;
  /** Tasks to run when the tab thaws; undefined while it is not frozen. */
  #frozen: (() => void)[] | undefined;

  constructor(browser: FakeBrowser, isVisible: boolean) {
    this.#browser = browser;
    this.#isVisible = isVisible;
    this.#focusedAtMs = isVisible ? browser.environment.wallNow() : 0;
  }

  get isVisible(): boolean {
    return this.#isVisible;
  }

  get focusedAtMs(): number {
    return this.#focusedAtMs;
  }

  /** Number of listeners. After all connections have ended: 0. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  readonly wallNow = (): number => this.#browser.environment.wallNow();
  readonly random = (): number => this.#browser.environment.random();

  readonly setTimer = (callback: () => void, ms: number): (() => void) => {
    let isCancelled = false;
    const task = () => {
      if (!isCancelled) callback();
    };
    const cancel = this.#browser.environment.setTimer(() => this.deliver(task), ms);
    return () => {
      // A timer that is due and waits for the tab to thaw is not called, either.
      isCancelled = true;
      cancel();
    };
  };

  get areLocksExclusive(): boolean {
    return this.#browser.hasLocks;
  }

  requestLock(name: string, request: LockRequest): Promise<HeldLock | undefined> {
    const browser = this.#browser;
    if (!browser.hasLocks) return requestChannelLock(this, name, request);
    const lock = browser.lockOf(name);
    const held = (holder: Holder): HeldLock => ({
      lost: holder.lost.signal,
      release: () => {
        if (lock.holder === holder) browser.passOn(lock);
      },
    });
    if (request.how === 'wait' && request.signal.aborted) return Promise.resolve(undefined);
    if (lock.holder === undefined || request.how === 'steal') {
      const before = lock.holder;
      const holder = { tab: this, lost: new AbortController() };
      lock.holder = holder;
      before?.tab.deliver(() => before.lost.abort());
      return Promise.resolve(held(holder));
    }
    if (request.how === 'ifFree') return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        tab: this,
        grant: (holder) => this.deliver(() => resolve(held(holder))),
      };
      lock.waiters.push(waiter);
      request.signal.addEventListener('abort', () => {
        const position = lock.waiters.indexOf(waiter);
        if (position >= 0) lock.waiters.splice(position, 1);
        resolve(undefined);
      });
    });
  }

  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel {
    const listener = { tab: this, onMessage };
    const close = this.#browser.listen(name, listener);
    return {
      // A frozen tab posts its messages when it thaws.
      post: (message) => this.deliver(() => this.#browser.post(name, listener, message)),
      close,
    };
  }

  subscribe(listener: (event: TabEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows or hides the tab. */
  setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible) return;
    this.#isVisible = isVisible;
    this.#emit(isVisible ? 'visible' : 'hidden');
  }

  /** Focuses the tab. */
  focus(): void {
    this.#focusedAtMs = this.wallNow() + 1;
    this.#emit('focus');
  }

  /** Enters the back/forward cache. */
  leave(): void {
    this.#emit('leave');
  }

  /** Comes back from the back/forward cache. */
  comeBack(): void {
    this.#emit('return');
  }

  /** Ends without a message; the browser releases its locks. Nothing in it runs afterwards. */
  crash(): void {
    this.#isDead = true;
    this.#browser.forget(this);
    this.#browser.tabs.splice(this.#browser.tabs.indexOf(this), 1);
  }

  /** Lets something happen to the tab; other names do nothing. */
  happen(event: string): void {
    if (event === 'leave') this.leave();
    else if (event === 'return') this.comeBack();
    else if (event === 'hide') this.setVisible(false);
    else if (event === 'show') this.#browser.show(this);
    else if (event === 'freeze') this.freeze();
    else if (event === 'thaw') this.thaw();
  }

  get isFrozen(): boolean {
    return this.#frozen !== undefined;
  }

  /** Stops everything in the tab until it thaws. It keeps its locks. */
  freeze(): void {
    this.#frozen ??= [];
  }

  /** Runs everything that waited while the tab was frozen. */
  thaw(): void {
    const waiting = this.#frozen ?? [];
    this.#frozen = undefined;
    for (const task of waiting) this.deliver(task);
  }

  /** Runs a task in this tab, at once or when it thaws. */
  deliver(task: () => void): void {
    if (this.#isDead) return;
    if (this.#frozen === undefined) task();
    else this.#frozen.push(task);
  }

  #emit(event: TabEvent): void {
    const listeners = [...this.#listeners];
    for (const listener of listeners) this.deliver(() => listener(event));
  }
}

/** True unless it is a frozen tab. */
export function isAwake(owner: unknown): boolean {
  return !(owner instanceof FakeTab && owner.isFrozen);
}
