/*
 * Agents that speak AG-UI with the packages of the protocol: `node server.mjs <port> <folder of its state> <folder with its
 * packages>`. Each path is an agent (`scripts.mjs`). Every event that one sends, and every input that it gets, is checked by the
 * schemas of the protocol; `GET /problems` lists what does not fit.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [port = '', , packages = ''] = process.argv.slice(2);
const { resolve } = createRequire(join(packages, 'package.json'));
const load = (name) => import(pathToFileURL(resolve(name)).href);
const { EventSchemas, EventTypeSchema, RunAgentInputSchema } = await load('@ag-ui/core/schemas');
const { EventEncoder } = await load('@ag-ui/encoder');
const scripts = await import(pathToFileURL(join(packages, 'scripts.mjs')).href);

const problems = [];
/** Interrupts that wait for an answer, by thread. */
const open = new Map();

const check = (what, schema, value) => {
  const { success, error } = schema.safeParse(value);
  if (!success) problems.push({ what, value, issues: error.issues });
};

/** What the contract says of answers: all open interrupts of the thread, and no other, once. */
function checkResume({ threadId, resume = [] }) {
  const asked = [...(open.get(threadId) ?? [])].sort();
  const answered = resume.map(({ interruptId }) => interruptId).sort();
  if (JSON.stringify(asked) !== JSON.stringify(answered)) problems.push({ what: 'resume', asked, answered });
  open.delete(threadId);
}

async function run(name, input, request, response) {
  const encoder = new EventEncoder({ accept: request.headers.accept });
  const left = new AbortController();
  response.on('close', () => left.abort());
  response.writeHead(200, { 'Content-Type': encoder.getContentType() });
  const send = (event) => {
    check(event.type, EventSchemas, event);
    if (event.outcome?.type === 'interrupt')
      open.set(
        input.threadId,
        event.outcome.interrupts.map(({ id }) => id),
      );
    response.write(encoder.encode(event));
  };
  const { threadId, runId } = input;
  send({ type: 'RUN_STARTED', threadId, runId });
  const outcome = (await scripts[name](send, input, left.signal)) ?? { type: 'success' };
  if (left.signal.aborted) return;
  if (outcome.type !== 'error') send({ type: 'RUN_FINISHED', threadId, runId, outcome });
  response.end();
}

const server = createServer((request, response) => {
  const name = (request.url ?? '').slice(1);
  if (request.method === 'GET') {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(name === 'types' ? EventTypeSchema.options : problems));
    return;
  }
  let text = '';
  request.setEncoding('utf8').on('data', (piece) => (text += piece));
  request.on('end', () => {
    const input = JSON.parse(text);
    check('the input of a run', RunAgentInputSchema, input);
    checkResume(input);
    run(name, input, request, response).catch((error) => {
      problems.push({ what: name, error: String(error) });
      response.destroy();
    });
  });
});
server.listen(Number(port), '127.0.0.1', () => process.send?.('started'));
process.on('SIGTERM', () => process.exit());
