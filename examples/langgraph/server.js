/** LangGraph's own server with the graphs of `graphs.js`; `npx @langchain/langgraph-cli dev` does the same. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '@langchain/langgraph-api/server';

const file = fileURLToPath(new URL('graphs.js', import.meta.url));
// It keeps its state in the working directory; this one is new each time.
const cwd = mkdtempSync(join(tmpdir(), 'langgraph-'));
process.chdir(cwd);
await startServer({
  port: 2024,
  host: '127.0.0.1',
  nWorkers: 10,
  cwd,
  graphs: { Hello: `${file}:Hello`, Mail: `${file}:Mail` },
});
console.log('http://127.0.0.1:2024');
