/** Mastra's own server with the workflows of `workflows.js`; `mastra dev` serves those of a Mastra project in the same way. */
import { serve } from '@hono/node-server';
import { Mastra } from '@mastra/core';
import { MastraServer } from '@mastra/hono';
import { LibSQLStore } from '@mastra/libsql';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import * as workflows from './workflows.js';

// In memory: the runs are lost when it ends. Name a file to keep them, e.g. `file:./mastra.db`.
const storage = new LibSQLStore({ id: 'example', url: ':memory:' });
const mastra = new Mastra({ workflows: { ...workflows }, storage, logger: false });
const app = new Hono();
// The page has another address.
app.use('*', cors());
await new MastraServer({ app, mastra }).init();
serve({ fetch: app.fetch, port: 4111, hostname: '127.0.0.1' }, () => {
  console.log('http://127.0.0.1:4111');
});
