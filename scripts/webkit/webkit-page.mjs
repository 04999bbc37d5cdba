/** @typedef {import('./web-driver.mjs').WebDriver} WebDriver */

/** Names of keys that type nothing (https://www.w3.org/TR/webdriver2/#keyboard-actions), and of the one that is a space. */
const KEYS = new Map([
  ['Space', ' '],
  ['Backspace', '\uE003'],
  ['Tab', '\uE004'],
  ['Enter', '\uE007'],
  ['Shift', '\uE008'],
  ['Control', '\uE009'],
  ['Alt', '\uE00A'],
  ['Escape', '\uE00C'],
  ['PageUp', '\uE00E'],
  ['PageDown', '\uE00F'],
  ['End', '\uE010'],
  ['Home', '\uE011'],
  ['ArrowLeft', '\uE012'],
  ['ArrowUp', '\uE013'],
  ['ArrowRight', '\uE014'],
  ['ArrowDown', '\uE015'],
  ['Delete', '\uE017'],
  ['F2', '\uE032'],
  ['Meta', '\uE03D'],
]);

const BUTTONS = ['left', 'middle', 'right'];

/** A page in WebKit, with what the commands of the test runner call on a page of Puppeteer. */
export class WebKitPage {
  #driver;
  #path;

  /**
   * @param {WebDriver} driver
   * @param {string} path of the browser at the driver
   */
  constructor(driver, path) {
    this.#driver = driver;
    this.#path = path;
  }

  keyboard = {
    /** @param {string} text */
    type: (text) =>
      this.#act(
        'key',
        'keyboard',
        [...text].flatMap((key) => [keyDown(key), keyUp(key)]),
      ),
    /** @param {string} key */
    press: (key) => this.#act('key', 'keyboard', [keyDown(key), keyUp(key)]),
    /** @param {string} key */
    down: (key) => this.#act('key', 'keyboard', [keyDown(key)]),
    /** @param {string} key */
    up: (key) => this.#act('key', 'keyboard', [keyUp(key)]),
  };

  mouse = {
    /**
     * @param {number} x
     * @param {number} y
     */
    move: (x, y) => this.#act('pointer', 'mouse', [moveTo(x, y)]),
    /**
     * @param {number} x
     * @param {number} y
     * @param {{button?: string}} [options]
     */
    click: (x, y, { button } = {}) =>
      this.#act('pointer', 'mouse', [
        moveTo(x, y),
        pointer('pointerDown', button),
        pointer('pointerUp', button),
      ]),
    /** @param {{button?: string}} [options] */
    down: ({ button } = {}) => this.#act('pointer', 'mouse', [pointer('pointerDown', button)]),
    /** @param {{button?: string}} [options] */
    up: ({ button } = {}) => this.#act('pointer', 'mouse', [pointer('pointerUp', button)]),
    reset: async () => {
      await this.#driver.call('DELETE', `${this.#path}/actions`);
      await this.mouse.move(0, 0);
    },
  };

  /** The browser as the emulation of displays asks for it. */
  browser() {
    return { version: () => Promise.resolve('webkit') };
  }

  /**
   * Gives the page a size, without what the window has around it.
   *
   * @param {{width: number, height: number}} size
   */
  async setViewport({ width, height }) {
    const frame = /** @type {[number, number]} */ (
      await this.evaluate('return [outerWidth - innerWidth, outerHeight - innerHeight]')
    );
    await this.#driver.call('POST', `${this.#path}/window/rect`, {
      width: width + frame[0],
      height: height + frame[1],
    });
  }

  /** @param {string} url */
  async goto(url) {
    await this.#driver.call('POST', `${this.#path}/url`, { url });
  }

  /** @returns {Promise<string>} */
  async url() {
    return /** @type {string} */ (await this.#driver.call('GET', `${this.#path}/url`));
  }

  /**
   * Runs the body of a function in the page.
   *
   * @param {string} script
   * @returns {Promise<unknown>} what it returns, as JSON has it
   */
  evaluate(script) {
    return this.#driver.call('POST', `${this.#path}/execute/sync`, { script, args: [] });
  }

  /** Ends the browser. */
  async close() {
    await this.#driver.call('DELETE', this.#path);
  }

  /**
   * @param {'key' | 'pointer'} type
   * @param {string} id of the device: its pressed keys and its place stay from one call to the next
   * @param {readonly object[]} actions
   */
  async #act(type, id, actions) {
    await this.#driver.call('POST', `${this.#path}/actions`, { actions: [{ type, id, actions }] });
  }
}

/** @param {string} key */
const keyDown = (key) => ({ type: 'keyDown', value: KEYS.get(key) ?? key });

/** @param {string} key */
const keyUp = (key) => ({ type: 'keyUp', value: KEYS.get(key) ?? key });

/**
 * @param {number} x
 * @param {number} y
 */
const moveTo = (x, y) => ({ type: 'pointerMove', x, y, duration: 0 });

/**
 * @param {'pointerDown' | 'pointerUp'} type
 * @param {string} [button]
 */
const pointer = (type, button = 'left') => ({ type, button: BUTTONS.indexOf(button) });
