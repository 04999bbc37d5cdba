import type { RequestListener } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, createServer, type Plugin } from 'vite';

/** The files of the demo's page. */
export interface DemoPage {
  /** Answers a request for a file. */
  readonly answer: RequestListener;
  close(): Promise<void>;
}

/** What differs between the pages of two servers. */
export interface DemoPageOptions {
  /** The editor has an agent, see `examples.ts`. */
  readonly hasAgent: boolean;
}

const CONFIG_FILE = pathOf('../vite.config.ts');

/**
 * Vite's own script, of which modules with a computed import need one function. The rest would connect to Vite, which the
 * policy of the page forbids.
 */
const VITE_CLIENT = '/@vite/client';

const PAGES = ['index.html', 'langgraph.html', 'mastra.html'];

/** The media types of what a build writes. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/**
 * Removes Vite's own script from the page. It reloads the page when the server is back, which would hide that
 * the panel reconnects without it.
 */
const withoutViteClient: Plugin = {
  name: 'without-vite-client',
  transformIndexHtml: {
    order: 'post',
    handler: (page) => page.replace(`<script type="module" src="${VITE_CLIENT}"></script>`, ''),
  },
};

const withAgent: Plugin = {
  name: 'with-agent',
  transformIndexHtml: (page) => page.replace('<html', '<html data-has-agent'),
};

/** Compiles each module when it is asked for: what was edited is there after a reload. */
export async function pageFromSources({ hasAgent }: DemoPageOptions): Promise<DemoPage> {
  const vite = await createServer({
    configFile: CONFIG_FILE,
    appType: 'spa',
    logLevel: 'warn',
    server: {
      middlewareMode: true,
      hmr: false,
      ws: false,
      // Not the folder of the project: it may contain the sessions.
      fs: { allow: ['.', '../src', '../node_modules'].map(pathOf) },
    },
    plugins: [withoutViteClient, ...(hasAgent ? [withAgent] : [])],
  });
  return {
    answer: (request, response) => {
      if (request.url === VITE_CLIENT) {
        response.setHeader('Content-Type', 'text/javascript');
        response.end('export const injectQuery = (url) => url;');
        return;
      }
      vite.middlewares(request, response);
    },
    close: () => vite.close(),
  };
}

/** Builds the page once, as for production, and serves it from memory: it loads faster than from the sources. */
export async function builtPage({ hasAgent }: DemoPageOptions): Promise<DemoPage> {
  const result = await build({
    configFile: CONFIG_FILE,
    logLevel: 'warn',
    build: { write: false, rollupOptions: { input: PAGES.map(pathOf) } },
    plugins: hasAgent ? [withAgent] : [],
  });
  if (!('output' in result)) throw new Error('Vite built more or less than one page.');
  const files = new Map(
    result.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]),
  );
  return {
    answer: (request, response) => {
      const path = (request.url ?? '/').replace(/\?.*$/s, '');
      const name = extname(path) === '' ? '/index.html' : path;
      const file = files.get(name);
      if (file === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader('Content-Type', MEDIA_TYPES[extname(name)] ?? 'application/octet-stream');
      response.end(file);
    },
    close: () => Promise.resolve(),
  };
}

/** A file or folder, relative to this file. */
function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
