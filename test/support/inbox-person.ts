import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** How long a card takes no keys, because they were meant for the card before, and a little more. */
const GUARD_MS = 300;

/** A person who works in the panel by keyboard alone, and counts: each key press, and each text as one. */
export class InboxPerson {
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
