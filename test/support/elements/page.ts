/** Mounting elements in a test page, and finding in them what a person sees, across shadow roots. */
import 'axe-core/axe.min.js';
import type * as Axe from 'axe-core';
import type { PanelMemory } from '../../../src/elements/base/view-memory.js';
import type { SessionsPanel } from '../../../src/elements/panel/sessions-panel.js';
import '../../../src/define.js';
import { letTimeGoOn } from '../fake-time.js';
import { fakeSessions, type FakeSessions } from './sample.js';

/** A panel in a box of a size, and its state. */
export interface MountedPanel extends FakeSessions {
  readonly panel: SessionsPanel;
  readonly box: HTMLElement;
}

/** A box of a size in the page; `emptyPage` removes it. */
export function box(width = 1000, height = 640): HTMLElement {
  const element = document.createElement('div');
  element.className = 'test-box';
  element.style.cssText = `inline-size:${width}px;block-size:${height}px`;
  document.body.append(element);
  return element;
}

/** Longer than anything takes on a loaded machine, and less than a test has. */
const WAIT_LIMIT_MS = 8000;

/** Removes what the test has put into the page, and lets its time go on. */
export function emptyPage(): void {
  letTimeGoOn();
  for (const element of document.querySelectorAll('.test-box')) element.remove();
}

/** A panel with state that is filled by the test. */
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
  // What one test leaves behind is nothing to the next.
  panel.memory = options.memory ?? forgetful();
  const parent = box(options.width, options.height);
  parent.append(panel);
  await settled(panel);
  return { ...sessions, panel, box: parent };
}

/** A memory as long as the test. */
export function forgetful(): PanelMemory {
  const texts = new Map<string, string>();
  return { read: (name) => texts.get(name), write: (name, text) => void texts.set(name, text) };
}

/** Resolves when nothing below the element has an update to make, and the browser has laid it out. */
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
 * Resolves once a condition holds; looks whenever the browser draws.
 *
 * @throws Error that says what was waited for when that takes longer than a few seconds.
 */
export async function until(isTrue: () => boolean, what = String(isTrue)): Promise<void> {
  const startMs = performance.now();
  while (!isTrue()) {
    if (performance.now() - startMs > WAIT_LIMIT_MS) throw new Error(`It never happened: ${what}`);
    await new Promise(requestAnimationFrame);
  }
}

/** Resolves when everything below the element has been drawn, and has come to where it moves to. */
export async function atRest(root: Element): Promise<void> {
  await settled(root);
  const roots = [root, ...all(root, '*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const moving = roots
    .flatMap((shadowRoot) => shadowRoot.getAnimations())
    .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  // One that is replaced by another rejects; the other one is waited for below.
  await Promise.allSettled(moving.map(({ finished }) => finished));
  if (moving.length > 0) await atRest(root);
}

/** All elements below that match, in document order, also in shadow roots. */
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

/** The one element below that matches. */
export function one<Found extends Element = HTMLElement>(
  root: Element | ShadowRoot,
  selector: string,
): Found {
  const found = all<Found>(root, selector);
  if (found.length !== 1) throw new Error(`${found.length} elements match ${selector}, expected one`);
  return found[0]!;
}

/** What is to be read in an element, shadow roots included, without what is not displayed. */
export function textOf(root: Element): string {
  const texts: string[] = [];
  const visit = (node: Node) => {
    if (node instanceof Text) texts.push(node.data);
    // A slot has no box of its own.
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

/** The buttons below that can be seen, by their names. */
export function buttons(root: Element): ReadonlyMap<string, HTMLButtonElement> {
  return new Map(
    all<HTMLButtonElement>(root, 'button')
      .filter((button) => button.checkVisibility({ visibilityProperty: true }))
      .map((button) => [button.getAttribute('aria-label') ?? textOf(button), button]),
  );
}

/** The visible button of a name. */
export function button(root: Element, name: string): HTMLButtonElement {
  const found = buttons(root).get(name);
  if (found === undefined) {
    throw new Error(`no button “${name}” among: ${[...buttons(root).keys()].join(' | ')}`);
  }
  return found;
}

/** The rows of the list that are in the document. */
export function rows(root: Element): HTMLElement[] {
  return all(root, '.item');
}

/** The element that has the focus, in whatever shadow root. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

/** Presses a key where the focus is. False when it was taken. */
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

/** What axe finds wrong with an element, one line each; contrast included. */
export async function accessibilityProblems(root: Element): Promise<readonly string[]> {
  // The module of axe-core is a classic script: it exports nothing, but adds a global.
  const { axe } = globalThis as unknown as { axe: typeof Axe };
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
 * True once so many of the objects have been collected that nothing of ours can refer to them: a leak keeps
 * every one, while the browser itself holds on to the last few in its own time. Gives up after a few seconds.
 */
export async function areCollected(references: readonly WeakRef<object>[]): Promise<boolean> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('The browser must be started with --expose-gc.');
  const isFew = () => references.filter((reference) => reference.deref() !== undefined).length <= 5;
  const startMs = performance.now();
  while (!isFew() && performance.now() - startMs < WAIT_LIMIT_MS) {
    // In a task of its own: what a test has just looked at is held until its task ends.
    await gc({ execution: 'async' });
  }
  return isFew();
}
