/** What the page of the webview needs; all are texts without characters of HTML. */
export interface PageOptions {
  /** Address of its script. */
  readonly script: string;
  /** Address of the session server, and the token that it asks for. */
  readonly serverUrl: string;
  readonly token: string;
  /** A value that cannot be guessed: the policy lets only the script with it run. */
  readonly nonce: string;
}

/** The page of the webview, with a policy that allows its own script, the session server, and the media of a run. */
export function pageOf({ script, serverUrl, token, nonce }: PageOptions): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `connect-src ${serverUrl}`,
    'img-src data: blob:',
    'media-src data: blob:',
  ];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}" />
    <title>My editor</title>
  </head>
  <body data-server-url="${serverUrl}" data-token="${token}">
    <button id="run">Run</button>
    <button id="toggle" aria-expanded="true"></button>
    <ul id="canvas" aria-label="Canvas"></ul>
    <p id="opened" role="status"></p>
    <div id="side"></div>
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>`;
}
