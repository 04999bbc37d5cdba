import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What an extension gets instead of VS Code: the module `vscode`, as far as the example uses it. */
const STUB = `
export const opened = [];
const handlers = new Map();
export const ViewColumn = { One: 1 };
export const Uri = {
  joinPath: ({ path }, ...names) => ({ path: [path, ...names].join('/'), toString: () => [path, ...names].join('/') }),
};
export const commands = {
  registerCommand(name, run) {
    handlers.set(name, run);
    return { dispose: () => handlers.delete(name) };
  },
  executeCommand: (name) => handlers.get(name)(),
};
export const window = {
  createWebviewPanel(type, title, column, options) {
    const listeners = [];
    const webview = {
      html: '',
      asWebviewUri: (uri) => uri,
      onDidReceiveMessage: (listener) => listeners.push(listener),
    };
    const panel = { title, webview, options, receive: (message) => listeners.forEach((listen) => listen(message)) };
    opened.push(panel);
    return panel;
  },
};
`;

/** What the stub has kept of a webview. */
interface StubPanel {
  readonly title: string;
  readonly webview: { readonly html: string };
  /** Passes a message of the page on to the extension. */
  receive(message: unknown): void;
}

interface StubModule {
  readonly opened: readonly StubPanel[];
  readonly commands: { executeCommand(name: string): void };
}

interface Extension {
  activate(context: {
    readonly extensionUri: { readonly path: string };
    subscriptions: Disposable[];
  }): Promise<void>;
}

interface Disposable {
  dispose(): unknown;
}

/** An extension that runs in this process without VS Code; its webview is a page for a browser. */
export class VscodeHost {
  /** Address of the webview's page. */
  readonly url: string;
  /** The titles that the webview has had, one for each message of the page. */
  readonly titles: string[] = [];
  readonly #panel: StubPanel;
  readonly #subscriptions: readonly Disposable[];
  readonly #files: Server;

  private constructor(panel: StubPanel, subscriptions: readonly Disposable[], files: Server) {
    this.#panel = panel;
    this.#subscriptions = subscriptions;
    this.#files = files;
    this.url = `http://localhost:${(files.address() as AddressInfo).port}/`;
  }

  /** Activates the built extension of a folder and runs its command. */
  static async open(folder: string, command: string): Promise<VscodeHost> {
    const stub = join(folder, 'node_modules/vscode');
    await mkdir(stub, { recursive: true });
    await writeFile(join(stub, 'package.json'), '{"type":"module","exports":"./index.js"}');
    await writeFile(join(stub, 'index.js'), STUB);
    const load = (path: string): Promise<unknown> => import(pathToFileURL(join(folder, path)).href);
    const extension = (await load('dist/extension.js')) as Extension;
    const vscode = (await load('node_modules/vscode/index.js')) as StubModule;
    const subscriptions: Disposable[] = [];
    await extension.activate({ extensionUri: { path: '' }, subscriptions });
    vscode.commands.executeCommand(command);
    const [panel] = vscode.opened;
    assert.ok(panel !== undefined, 'The command opened no webview.');
    const files = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      if (path === '/') {
        response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(panel.webview.html);
        return;
      }
      readFile(join(folder, path)).then(
        (content) => response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(content),
        () => response.writeHead(404).end(),
      );
    });
    files.listen(0, '127.0.0.1');
    await once(files, 'listening');
    return new VscodeHost(panel, subscriptions, files);
  }

  /** Passes a message of the page on to the extension. */
  receive(message: unknown): void {
    this.#panel.receive(message);
    this.titles.push(this.#panel.title);
  }

  /** Ends the extension. */
  async close(): Promise<void> {
    this.#files.close();
    this.#files.closeAllConnections();
    await Promise.all(this.#subscriptions.map((subscription) => subscription.dispose()));
  }
}
