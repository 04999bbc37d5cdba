import type { ContentPart, LLMContent } from '../../protocol/content.js';
import type { NodeContext, NodeHandler } from '../node-handler.js';
import { sleep } from './sleep.js';
import { numberSetting, settingsCheck, textSetting } from './configuration.js';
import { allInputs, contextOutputs, fillTemplate, readableText } from './contents.js';
import { drawLandscape } from './draw-landscape.js';
import { encodePng } from './png.js';

const checkMedia = settingsCheck({ prompt: 'text', delayMs: 'count' });

/** `image`: a picture drawn from the prompt, a PNG of 480 × 300. */
export const imageHandler: NodeHandler = {
  isIdempotent: true,
  check: checkMedia,
  async run(context) {
    await sleep(numberSetting(context.node, 'delayMs', 0), context.signal);
    const prompt = promptOf(context);
    const { width, height, pixels } = drawLandscape(prompt);
    const png = await encodePng(width, height, pixels);
    return fileOutputs('image/png', toBase64(png), titleOf(context, 'Picture'));
  },
};

/** `webpage`: a page that shows the node's inputs, text and images, under a heading. */
export const webpageHandler: NodeHandler = {
  isIdempotent: true,
  check: checkMedia,
  async run(context) {
    await sleep(numberSetting(context.node, 'delayMs', 0), context.signal);
    const inputs = allInputs(context);
    const title = textSetting(context.node, 'prompt') === undefined ? 'Page' : promptOf(context);
    const page = pageOf(title, inputs);
    return fileOutputs('text/html', textToBase64(page), titleOf(context, 'Page'));
  },
};

function promptOf(context: NodeContext): string {
  return fillTemplate(textSetting(context.node, 'prompt') ?? readableText(allInputs(context)), context);
}

function titleOf({ node }: NodeContext, otherwise: string): string {
  return node.metadata?.title ?? otherwise;
}

function fileOutputs(mimeType: string, data: string, title: string) {
  return contextOutputs([{ role: 'user', parts: [{ inlineData: { mimeType, data, title } }] }]);
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0; font: 18px/1.6 Georgia, 'Times New Roman', serif;
    background: light-dark(#f6f3ee, #16171a); color: light-dark(#23211d, #e9e6e0); }
  main { max-width: 34rem; margin: 0 auto; padding: 3rem 1.5rem; }
  h1 { font-size: 1.9rem; line-height: 1.2; font-weight: 500; margin: 0 0 1.5rem; text-wrap: balance; }
  p { white-space: pre-line; margin: 0 0 1.2rem; }
  img { display: block; width: 100%; height: auto; border-radius: 12px; margin: 0 0 1.5rem; }
`;

function pageOf(title: string, contents: readonly LLMContent[]): string {
  const parts = contents.flatMap((content) => content.parts);
  const images = parts.flatMap(imageHtml);
  const paragraphs = readableText(contents)
    .split(/\n{2,}/)
    .filter((text) => text !== '')
    .map((text) => `<p>${escapeHtml(text)}</p>`);
  const body = [`<h1>${escapeHtml(title)}</h1>`, ...images, ...paragraphs].join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function imageHtml({ inlineData }: ContentPart): readonly string[] {
  if (inlineData === undefined || !inlineData.mimeType.startsWith('image/')) return [];
  const { mimeType, data, title = '' } = inlineData;
  return [`<img alt="${escapeHtml(title)}" src="data:${escapeHtml(mimeType)};base64,${escapeHtml(data)}">`];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

const CHUNK_BYTES = 0x8000;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  // In chunks: every byte is an argument of the call, and their number is limited.
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES));
  }
  return btoa(binary);
}

function textToBase64(text: string): string {
  return toBase64(new TextEncoder().encode(text));
}
