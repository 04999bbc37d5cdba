/* Starts LangGraph’s server: `node server.mjs <port> <folder of its state> <folder with its packages>`. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const [port = '', cwd = '', packages = ''] = process.argv.slice(2);
process.env['LANGSMITH_TRACING'] = 'false';
process.chdir(cwd);
const resolve = createRequire(join(packages, 'package.json')).resolve;
const { startServer } = await import(pathToFileURL(resolve('@langchain/langgraph-api/server')).href);
const file = join(packages, 'graphs.mjs');
const names = Object.keys(await import(pathToFileURL(file).href));
const { cleanup } = await startServer({
  port: Number(port),
  host: '127.0.0.1',
  nWorkers: 10,
  cwd,
  graphs: Object.fromEntries(names.map((name) => [name, `${file}:${name}`])),
});
process.on('SIGTERM', () => void cleanup().then(() => process.exit()));
process.send?.('started');
