/**
 * Drives WebKitGTK, the engine of Safari on Linux, by WebDriver (https://www.w3.org/TR/webdriver2/). A driver holds one
 * browser at a time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../free-port.mjs';

const START_LIMIT_MS = 20_000;

/** A driver, and a display without a screen where there is none. */
export class WebDriver {
  #url = '';
  /** @type {import('node:child_process').ChildProcess[]} */
  #processes = [];
  #folder = '';

  /**
   * Starts both.
   *
   * @param {string} program path of WebKitWebDriver
   * @returns {Promise<WebDriver>} rejects if the display or the driver does not come up
   */
  static async start(program) {
    const driver = new WebDriver();
    driver.#folder = mkdtempSync(join(tmpdir(), 'webkit-'));
    try {
      const display = process.env['DISPLAY'] || (await driver.#startDisplay());
      const port = await freePort();
      driver.#processes.push(
        spawn(program, [`--port=${port}`], {
          stdio: ['ignore', 'ignore', 'inherit'],
          env: { ...process.env, DISPLAY: display, XDG_CONFIG_HOME: driver.#writeSettings() },
        }),
      );
      await listening(port);
      driver.#url = `http://127.0.0.1:${port}`;
      return driver;
    } catch (error) {
      driver.stop();
      throw error;
    }
  }

  /** Ends the driver, its browser and the display. */
  stop() {
    for (const child of this.#processes.reverse()) child.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /**
   * Opens a browser with a profile of its own.
   *
   * @returns {Promise<string>} its path at the driver
   */
  async open() {
    const { sessionId } = /** @type {{sessionId: string}} */ (
      await this.call('POST', '/session', { capabilities: {} })
    );
    return `/session/${sessionId}`;
  }

  /**
   * Sends a command.
   *
   * @param {'GET' | 'POST' | 'DELETE'} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<unknown>} its value
   * @throws {Error} with the driver's words if it refuses
   */
  async call(method, path, body) {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = /** @type {{value: unknown}} */ (await response.json());
    if (response.ok) return value;
    const { error, message } = /** @type {{error: string, message: string}} */ (value);
    throw new Error(`WebDriver ${method} ${path}: ${error}: ${message}`);
  }

  /** Starts a display that writes its number as soon as it accepts connections. */
  async #startDisplay() {
    const arguments_ = ['-displayfd', '3', '-screen', '0', '2000x1600x24', '-nolisten', 'tcp'];
    const child = spawn('Xvfb', arguments_, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    this.#processes.push(child);
    const numbers = createInterface({
      input: /** @type {import('node:stream').Readable} */ (child.stdio[3]),
    });
    const failed = once(child, 'error').then(([error]) => Promise.reject(error));
    const [number] = await Promise.race([once(numbers, 'line'), failed]);
    const display = `:${number}`;
    // Without a window manager no window is active, and no element is focused or hovered over.
    const manager = spawn('openbox', { stdio: 'ignore', env: { ...process.env, DISPLAY: display } });
    this.#processes.push(manager);
    await once(manager, 'spawn');
    return display;
  }

  /** Settings under which pages find that motion is to be reduced, as most tests want it. */
  #writeSettings() {
    mkdirSync(join(this.#folder, 'gtk-3.0'));
    writeFileSync(join(this.#folder, 'gtk-3.0', 'settings.ini'), '[Settings]\ngtk-enable-animations=false\n');
    return this.#folder;
  }
}

/**
 * Resolves when a port accepts connections: the driver does not say that it has started.
 *
 * @param {number} port
 */
async function listening(port) {
  for (const end = Date.now() + START_LIMIT_MS; ; await delay(50)) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    } finally {
      socket.destroy();
    }
  }
}
