/** Helpers that mount elements in a test page, and find what is visible in them, across shadow roots. */
import 'axe-core/axe.min.js';
import type * as Axe from 'axe-core';
import type { PanelMemory } from '../../../src/elements/base/view-memory.js';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import { loadAll } from '../../../src/define.js';
import { letTimeGoOn } from '../fake-time.js';
import { fakeSessions, type FakeSessions } from './sample.js';

// Tests create the elements of all parts, and look at them at once.
if (!(await loadAll())) throw new Error('A part of the panel cannot be loaded.');

/** A mounted panel, the box around it, and its state. */
export interface MountedPanel extends FakeSessions {
  readonly panel: SessionsPanel;
  readonly box: HTMLElement;
}

/** Adds a box to the page, sized in pixels; `emptyPage` removes it. */
export function box(width = 1000, height = 640): HTMLElement {
  const element = document.createElement('div');
  element.className = 'test-box';
  element.style.cssText = `inline-size:${width}px;block-size:${height}px`;
  document.body.append(element);
  return element;
}

/** Longer than any step takes on a loaded machine, and shorter than the time limit of a test. */
const WAIT_LIMIT_MS = 8000;

/** Removes the boxes from the page, and restores real time. */
export function emptyPage(): void {
  letTimeGoOn();
  for (const element of document.querySelectorAll('.test-box')) element.remove();
}

/** Mounts a panel with empty state for the test to fill. */
export async function mountPanel(
  options: {
    width?: number;
    height?: number;
    sessions?: FakeSessions;
    graphId?: string;
    memory?: PanelMemory;
  } = {},
): Promise<MountedPanel> {
  const sessions = options.sessions ?? fakeSessions();
  const panel = document.createElement('sessions-panel');
  panel.history = sessions.history;
  panel.run = sessions.run;
  panel.drafts = sessions.drafts;
  panel.actions = sessions.actions;
  panel.graphId = options.graphId;
  // No test may depend on the memory of another.
  panel.memory = options.memory ?? forgetful();
  const parent = box(options.width, options.height);
  parent.append(panel);
  await settled(panel);
  return { ...sessions, panel, box: parent };
}

/** Creates a memory that lasts as long as the test. */
export function forgetful(): PanelMemory {
  const texts = new Map<string, string>();
  return { read: (name) => texts.get(name), write: (name, text) => void texts.set(name, text) };
}

/** Resolves when no element below has a pending update, and the browser has laid them out. */
export async function settled(root: Element): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(
      [root, ...all(root, '*')].map((element) =>
        'updateComplete' in element ? element.updateComplete : undefined,
      ),
    );
    await new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));
  }
}

/**
 * Resolves once a condition holds; checks it on every frame.
 *
 * @throws Error that names `what` if the condition does not hold within eight seconds.
 */
export async function until(isTrue: () => boolean, what = String(isTrue)): Promise<void> {
  const startMs = performance.now();
  while (!isTrue()) {
    if (performance.now() - startMs > WAIT_LIMIT_MS) throw new Error(`It never happened: ${what}`);
    await new Promise(requestAnimationFrame);
  }
}

/** Resolves when everything below the element has been drawn, and its animations have ended. */
export async function atRest(root: Element): Promise<void> {
  await settled(root);
  const roots = [root, ...all(root, '*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const moving = roots
    .flatMap((shadowRoot) => shadowRoot.getAnimations())
    .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  // A replaced animation rejects; its replacement is awaited below.
  await Promise.allSettled(moving.map(({ finished }) => finished));
  if (moving.length > 0) await atRest(root);
}

/** Finds all matching elements below, in document order, also in shadow roots. */
export function all<Found extends Element = HTMLElement>(
  root: Element | ShadowRoot,
  selector: string,
): Found[] {
  const found: Found[] = [];
  const visit = (parent: Element | ShadowRoot) => {
    for (const child of parent.children) {
      if (child.matches(selector)) found.push(child as Found);
      if (child.shadowRoot !== null) visit(child.shadowRoot);
      visit(child);
    }
  };
  if (root instanceof Element && root.shadowRoot !== null) visit(root.shadowRoot);
  visit(root);
  return found;
}

/** Finds the one matching element below. Throws unless exactly one matches. */
export function one<Found extends Element = HTMLElement>(
  root: Element | ShadowRoot,
  selector: string,
): Found {
  const found = all<Found>(root, selector);
  if (found.length !== 1) throw new Error(`${found.length} elements match ${selector}, expected one`);
  return found[0]!;
}

/** Returns the visible text of an element, shadow roots included. */
export function textOf(root: Element): string {
  const texts: string[] = [];
  const visit = (node: Node) => {
    if (node instanceof Text) texts.push(node.data);
    // A slot has no box.
    if (node instanceof HTMLSlotElement && node.assignedNodes().length > 0) {
      return node.assignedNodes().forEach(visit);
    }
    if (node instanceof Element) {
      if (node.localName === 'style' || !node.checkVisibility({ visibilityProperty: true })) return;
      if (node.shadowRoot !== null) return node.shadowRoot.childNodes.forEach(visit);
    }
    node.childNodes.forEach(visit);
  };
  visit(root);
  return texts
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([.,])/g, '$1')
    .trim();
}

/** Returns the visible buttons below, by accessible name. */
export function buttons(root: Element): ReadonlyMap<string, HTMLButtonElement> {
  return new Map(
    all<HTMLButtonElement>(root, 'button')
      .filter((button) => button.checkVisibility({ visibilityProperty: true }))
      .map((button) => [button.getAttribute('aria-label') ?? textOf(button), button]),
  );
}

/** Finds the visible button with a name. Throws if there is none. */
export function button(root: Element, name: string): HTMLButtonElement {
  const found = buttons(root).get(name);
  if (found === undefined) {
    throw new Error(`no button “${name}” among: ${[...buttons(root).keys()].join(' | ')}`);
  }
  return found;
}

/** Returns the topmost element at the centre of an element, in any shadow root: what a click there hits. */
export function atCentreOf(element: Element): Element | null {
  const { left, top, width, height } = element.getBoundingClientRect();
  const point = [left + width / 2, top + height / 2] as const;
  let found = document.elementFromPoint(...point);
  while (found?.shadowRoot) {
    const inner = found.shadowRoot.elementFromPoint(...point);
    if (inner === null || inner === found) break;
    found = inner;
  }
  return found;
}

/** Returns the entries of the menu that is open below. */
export function menuItems(root: Element): HTMLElement[] {
  return all(root, '[role=menuitem]').filter((item) => item.checkVisibility());
}

/** Opens a menu with its button below an element, and chooses the entry that begins with a text. */
export async function chooseFrom(root: Element, menu: string, text: string): Promise<void> {
  button(root, menu).click();
  await settled(root);
  const items = menuItems(root);
  const entry = items.find((candidate) => textOf(candidate).startsWith(text));
  if (entry === undefined) throw new Error(`no “${text}” among: ${items.map(textOf).join(' | ')}`);
  entry.click();
  await settled(root);
}

/** Returns the rendered rows of the list. */
export function rows(root: Element): HTMLElement[] {
  return all(root, '.item');
}

/** Returns the focused element, in any shadow root. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** Presses a key on the focused element. Returns false if a handler prevented its default. */
export function press(key: string, init: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', {
    key,
    bubbles: true,
    composed: true,
    cancelable: true,
    ...init,
  });
  return focused()?.dispatchEvent(event) ?? true;
}

/** Returns the violations that axe finds in an element, one line each; contrast included. */
export async function accessibilityProblems(root: Element): Promise<readonly string[]> {
  // The module of axe-core is a classic script: it exports nothing, but adds a global.
  const { axe } = globalThis as unknown as { axe: typeof Axe };
  // A colour that fades in is not yet what a person reads.
  await atRest(root);
  const { violations } = await axe.run(root, {
    resultTypes: ['violations'],
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
  );
}

/** Counts the updates of an element from now on. */
export function countUpdates(element: Element): () => number {
  let count = 0;
  const target = element as unknown as { performUpdate: () => void; isUpdatePending: boolean };
  const original = target.performUpdate;
  target.performUpdate = function (this: typeof target) {
    if (this.isUpdatePending) count += 1;
    original.call(this);
  };
  return () => count;
}

/**
 * Returns true once at most five of the objects are left: a leak would keep every one, while the browser
 * itself may retain the last few for a while. Returns false after eight seconds.
 */
export async function areCollected(references: readonly WeakRef<object>[]): Promise<boolean> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('The browser must be started with --expose-gc.');
  const isFew = () => references.filter((reference) => reference.deref() !== undefined).length <= 5;
  const startMs = performance.now();
  while (!isFew() && performance.now() - startMs < WAIT_LIMIT_MS) {
    // In a separate task: objects that a test has just accessed are retained until its task ends.
    await gc({ execution: 'async' });
  }
  return isFew();
}
