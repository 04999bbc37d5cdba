import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** How long a card takes no keys, because they were meant for the card before, and a little more. */
const GUARD_MS = 300;

/** A person who works in the panel, and counts: each click, each key press, and each text as one. */
export class InboxPerson {
  /** Clicks; moving the pointer to what is clicked is part of them. */
  clicks = 0;
  /** Keys that were pressed, without those of texts. */
  keys = 0;
  /** Texts that were typed. */
  texts = 0;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The panel in the drawer. */
  get panel(): Locator {
    return this.#page.getByRole('region', { name: 'Sessions', exact: true });
  }

  /** Clicks something that is in sight: not scrolled away, and not covered. */
  async click(target: Locator): Promise<void> {
    await target.waitFor();
    const box = await target.boundingBox();
    const size = this.#page.viewportSize();
    assert.ok(box !== null && size !== null);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    assert.ok(x >= 0 && y >= 0 && x <= size.width && y <= size.height, `${String(target)} is out of sight`);
    await this.#page.mouse.move(x, y);
    assert.ok(await target.evaluate(isHit, [x, y] as const), `${String(target)} is covered`);
    this.clicks += 1;
    await this.#page.mouse.click(x, y);
  }

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.#page.keyboard.press(key);
  }

  /** Types a text where the caret is. */
  async type(text: string): Promise<void> {
    this.texts += 1;
    await this.#page.keyboard.type(text);
  }

  /** Resolves when the caret is in the card with a text, and the card takes keys. */
  async caretAt(text: string): Promise<void> {
    const card = this.#page.locator('sessions-panel-question:focus-within').filter({ hasText: text });
    await card.waitFor();
    await this.pause();
    await card.waitFor();
  }

  /** Waits as long as a card takes no keys. */
  async pause(): Promise<void> {
    await this.#page.waitForTimeout(GUARD_MS);
  }

  /** The text in the field of the card. */
  text(): Promise<string> {
    return this.#field.inputValue();
  }

  /** Puts the caret in the field of the card, as Tab does. */
  async focusText(): Promise<void> {
    this.keys += 1;
    await this.#field.focus();
  }

  /** Answers a question with a text: types it and presses Ctrl+Enter, once the caret is there. */
  async answerText(prompt: string, text: string): Promise<void> {
    await this.caretAt(prompt);
    assert.equal(await this.text(), '');
    await this.type(text);
    await this.press('Control+Enter');
  }

  get #field(): Locator {
    return this.panel.locator('sessions-panel-question').getByRole('textbox').first();
  }
}

/** True if a click at a place hits an element; runs in the page. */
function isHit(element: Element, [x, y]: readonly [number, number]): boolean {
  let root: Document | ShadowRoot | null = document;
  let hit: Element | null = null;
  while (root !== null) {
    const inner: Element | null = root.elementFromPoint(x, y);
    if (inner === null || inner === hit) break;
    hit = inner;
    root = inner.shadowRoot;
  }
  return hit !== null && element.contains(hit);
}
