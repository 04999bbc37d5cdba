import type { Locator, Page } from 'playwright-core';

/** The demo as a person sees it: by roles and visible words. */
export class DemoPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Turns to another graph of the gallery. */
  async selectExample(title: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Example graphs' })
      .getByRole('button', { name: new RegExp(`^${title}`) })
      .click();
  }

  /** Starts a run of the selected graph. */
  async run(): Promise<void> {
    await this.page.getByRole('button', { name: 'Run', exact: true }).click();
  }

  /** Waits until a node on the canvas is in a state. */
  async node(title: string, state: string): Promise<void> {
    await this.page
      .getByRole('list', { name: 'Nodes' })
      .getByRole('button', { name: new RegExp(`^${title} ${state}`) })
      .waitFor();
  }

  /** The button that opens and closes the drawer. */
  get drawerButton(): Locator {
    return this.page.getByRole('button', { name: /^Sessions/ });
  }

  /** The panel in the drawer. */
  get panel(): Locator {
    return this.page.getByRole('region', { name: 'Sessions', exact: true });
  }

  /** The rows of the list: each is a button that begins with the status. */
  get rows(): Locator {
    return this.#listButton(/^(Running|Needs input|Completed|Failed|Cancelled)\. /);
  }

  /** A row by what it says. */
  row(text: RegExp): Locator {
    return this.rows.and(this.#listButton(text));
  }

  #listButton(name: RegExp): Locator {
    return this.panel.getByRole('list', { name: 'Sessions, newest first' }).getByRole('button', { name });
  }

  /** The shown card of the question that a node asks. */
  question(node: string): Locator {
    return this.panel.getByRole('group', { name: new RegExp(`^Question.* · ${node}$`) });
  }

  /** The tab of the question that a node asks, while several are open. */
  questionTab(node: string): Locator {
    return this.panel
      .getByRole('tablist', { name: 'Open questions, by node' })
      .getByRole('tab', { name: new RegExp(`^${node}`) });
  }

  /** Types an answer and sends it. */
  async answerText(node: string, text: string): Promise<void> {
    await this.question(node).getByRole('textbox').fill(text);
    await this.send(node);
  }

  /** Chooses and sends. */
  async answerChoice(node: string, choice: string): Promise<void> {
    await this.question(node).getByText(choice, { exact: true }).click();
    await this.send(node);
  }

  /** Sends, and waits until the question has left. */
  async send(node: string): Promise<void> {
    const card = this.question(node);
    await card.getByRole('button', { name: /^Send/ }).click();
    await card.waitFor({ state: 'detached' });
  }

  /** Chooses from the menu of the opened session. */
  async chooseForSession(entry: string): Promise<void> {
    await this.panel.getByRole('button', { name: 'Session actions', exact: true }).click();
    await this.panel.getByRole('menuitem', { name: entry, exact: true }).click();
  }

  /** Waits for the status that the panel shows of the opened session. */
  async status(status: string): Promise<void> {
    await this.panel.locator('[part~="session-status"]').getByText(status, { exact: true }).waitFor();
  }

  /** Waits for a title of the opened session. */
  async opened(title: string): Promise<void> {
    await this.panel.getByRole('heading', { level: 3, name: title, exact: true }).waitFor();
  }

  /** Waits until an element has the focus. */
  async hasFocus(target: Locator): Promise<void> {
    await target.and(this.page.locator(':focus')).waitFor();
  }

  /**
   * Types the first character of an answer, after the field got the focus by itself. Repeats it, since what is pressed
   * in the first moments of a question does not reach it.
   */
  async type(field: Locator, character: string): Promise<void> {
    await this.hasFocus(field);
    while ((await field.inputValue()) === '') await this.page.keyboard.press(character);
  }

  /**
   * Chooses by a digit, after the first choice got the focus by itself. Repeats it as `type` does; on a loaded machine
   * the repetition may already be the second digit, which sends the choice.
   */
  async choose(node: string, digit: number): Promise<void> {
    const choices = this.question(node).getByRole('radio');
    await this.hasFocus(choices.first());
    const isOpen = () =>
      choices.evaluateAll(
        (radios, index) =>
          radios.length > 0 && (radios[index] as HTMLInputElement | undefined)?.checked !== true,
        digit - 1,
      );
    while (await isOpen()) await this.page.keyboard.press(String(digit));
  }
}
