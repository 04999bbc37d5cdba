import { randomUUID } from 'node:crypto';
import { createGraphRunner, exampleHandlers } from 'graph-sessions/runner';
import { startServer } from 'graph-sessions/server';
import { commands, Uri, ViewColumn, window, type ExtensionContext } from 'vscode';
import { pageOf } from './page-of.js';

/** VS Code calls it before the first command. The sessions run in the extension, and end with it. */
export async function activate({ extensionUri, subscriptions }: ExtensionContext): Promise<void> {
  const token = randomUUID();
  const server = await startServer({
    port: 0,
    runner: createGraphRunner({ handlers: exampleHandlers }),
    // The origin of a webview is not known beforehand, so all may ask; only ours knows the token.
    allowedOrigins: ['*'],
    authenticate: (given) => (given === token ? { principal: 'me' } : undefined),
  });
  subscriptions.push(
    { dispose: () => server.close() },
    commands.registerCommand('exampleEditor.open', () => openEditor(extensionUri, server.url, token)),
  );
}

function openEditor(extensionUri: Uri, serverUrl: string, token: string): void {
  const dist = Uri.joinPath(extensionUri, 'dist');
  const panel = window.createWebviewPanel('exampleEditor', 'My editor', ViewColumn.One, {
    enableScripts: true,
    localResourceRoots: [dist],
    retainContextWhenHidden: true,
  });
  const { webview } = panel;
  webview.onDidReceiveMessage(({ waiting }: { readonly waiting: number }) => {
    panel.title = waiting === 0 ? 'My editor' : `My editor (${waiting})`;
  });
  const script = webview.asWebviewUri(Uri.joinPath(dist, 'page.js')).toString();
  webview.html = pageOf({ script, serverUrl, token, nonce: randomUUID() });
}
