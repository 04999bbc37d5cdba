/** Texts that try to run script, to leave the page or to ask another server, in every way that worked somewhere. */

/** Where a hostile text would send its request; nothing answers there. */
export const HOSTILE_ORIGIN = 'https://hostile.invalid';

const RUN = 'window.top.hacked=1';

/** Each of these would set `window.hacked`, or load something from `HOSTILE_ORIGIN`, if it were taken for markup. */
export const HOSTILE_TEXTS: readonly string[] = [
  `<script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<img src="${HOSTILE_ORIGIN}/pixel.png">`,
  `<svg onload="${RUN}"><script>${RUN}</script></svg>`,
  `<iframe src="javascript:${RUN}"></iframe>`,
  `<iframe srcdoc="<script>${RUN}</script>"></iframe>`,
  `<object data="${HOSTILE_ORIGIN}/x"></object><embed src="${HOSTILE_ORIGIN}/x">`,
  `<link rel="stylesheet" href="${HOSTILE_ORIGIN}/x.css"><style>@import "${HOSTILE_ORIGIN}/y.css"</style>`,
  `<base href="${HOSTILE_ORIGIN}/"><meta http-equiv="refresh" content="0;url=${HOSTILE_ORIGIN}">`,
  `<form action="${HOSTILE_ORIGIN}"><input autofocus onfocus="${RUN}"></form>`,
  `<details open ontoggle="${RUN}">x</details>`,
  `<math><mtext></p><style><img src=x onerror="${RUN}"></style></mtext></math>`,
  `"><script>${RUN}</script>`,
  `'><img src=x onerror=${RUN}>`,
  `\${${RUN}} {{${RUN}}} <!--?lit$--> <?lit$123$?>`,
  `[link](javascript:${RUN}) <javascript:${RUN}> [a]: javascript:${RUN}`,
  `[link](JaVaScRiPt&colon;${RUN}) [link](java\tscript:${RUN}) [link](&#106;avascript:${RUN})`,
  `[data](data:text/html,<script>${RUN}</script>) [v](vbscript:x)`,
  `![image](${HOSTILE_ORIGIN}/pixel.png "title" onerror="${RUN}")`,
  `![x](javascript:${RUN}) ![x](${HOSTILE_ORIGIN}/a.svg#" onload="${RUN})`,
  `**<b onmouseover="${RUN}">bold</b>** \`<script>${RUN}</script>\``,
  `\`\`\`html"><script>${RUN}</script>\n<script>${RUN}</script>\n\`\`\``,
  `| <img src=x onerror="${RUN}"> |\n| --- |\n| <script>${RUN}</script> |`,
  `{"__proto__": {"hacked": 1}, "html": "<img src=x onerror='${RUN}'>"}`,
  `- [ ] <img src=x onerror="${RUN}">\n- [x] [task](javascript:${RUN})\n- [x"><script>${RUN}</script>] task`,
  `line<br>break<br onload="${RUN}"><br/><img src=x onerror="${RUN}"><BR><script>${RUN}</script>`,
  `formula $<img src=x onerror="${RUN}">_1$ and \\(<script>${RUN}</script>_1\\)\n\n$$\n<svg onload="${RUN}">_1\n$$`,
  `> [!NOTE]\n> <img src=x onerror="${RUN}">\n\n> [!"><script>${RUN}</script>]\n> [note](vbscript:x)`,
  `note[^"><script>${RUN}</script>] [^x"onmouseover="${RUN}"]\n\n[^1]: javascript:${RUN}\n[a]: javascript:${RUN} "<script>${RUN}</script>"`,
  `picture ![x" onerror="${RUN}](data:image/svg+xml;base64,${btoa(`<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"><script>${RUN}</script><image href="${HOSTILE_ORIGIN}/a.png"/></svg>`)} "t" onload="${RUN}")`,
  `picture ![x](data:image/png;base64,${btoa(`<script>${RUN}</script>`)}) ![y](data:image/svg+xml,%3Csvg onload="${RUN}"%3E) ![z](data:text/html;base64,${btoa(`<script>${RUN}</script>`)})`,
  `picture ![y](data:picture-0;) [data](data:image/svg+xml;base64,${btoa(`<svg onload="${RUN}"/>`)}) <data:image/png;base64,AAAA>`,
  `[https://good.example](${HOSTILE_ORIGIN}/x "onclick=${RUN}") [good.example](//hostile.invalid/x) [here](/logout) [part](#"><script>${RUN}</script>)`,
  `| link | cell |\n|:-:|-|\n| [a](javascript:${RUN}) | b | <script>${RUN}</script> | ![extra](${HOSTILE_ORIGIN}/pixel.png) |`,
  `\`\`\`js" onclick="${RUN}" <script>${RUN}</script>\ncode\n\`\`\``,
  `javascript:${RUN}//`,
  '\u202e\u0000\ud800<\u200bscript>',
];
