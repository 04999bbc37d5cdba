/* Starts Mastra’s server: `node server.mjs <port> <folder of its state> <folder with its packages>`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [port = '', state = '', packages = ''] = process.argv.slice(2);
const { resolve } = createRequire(join(packages, 'package.json'));
/** @param {string} name */
const load = (name) => import(pathToFileURL(resolve(name)).href);
const [{ Mastra }, { LibSQLStore }, { MastraServer }, { Hono }, { cors }, { serve }] = await Promise.all(
  ['@mastra/core', '@mastra/libsql', '@mastra/hono', 'hono', 'hono/cors', '@hono/node-server'].map(load),
);
const workflows = await import(pathToFileURL(join(packages, 'workflows.mjs')).href);
const mastra = new Mastra({
  workflows,
  storage: new LibSQLStore({ id: 'test', url: pathToFileURL(join(state, 'mastra.db')).href }),
  logger: false,
});
const app = new Hono();
app.use('*', cors());
await new MastraServer({ app, mastra }).init();
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' }, () => process.send?.('started'));
process.on('SIGTERM', () => process.exit());
