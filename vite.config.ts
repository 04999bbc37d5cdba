import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The demo: served from the sources by demo/serve.ts, or built by `vite build`. */
export default defineConfig({
  root: here('demo'),
  build: { outDir: here('demo/dist'), emptyOutDir: true, target: 'es2022' },
  resolve: {
    // The names under which a host imports the package, as in tsconfig.json.
    alias: [
      { find: /^graph-sessions$/, replacement: here('src/index.ts') },
      { find: 'graph-sessions/define.js', replacement: here('src/define.ts') },
      { find: 'graph-sessions/drawer.js', replacement: here('src/drawer.ts') },
      { find: 'graph-sessions/langgraph', replacement: here('src/service/langgraph/index.ts') },
      { find: 'graph-sessions/mastra', replacement: here('src/service/mastra/index.ts') },
      { find: 'graph-sessions/runner', replacement: here('src/runner/index.ts') },
    ],
    // Two copies of the signals would not see each other's changes.
    dedupe: ['lit', 'signal-polyfill'],
    // Lit's production build even while serving: its development build warns on every page.
    conditions: ['module', 'browser', 'production'],
  },
  plugins: [
    {
      // package.json declares side effects for the built file; the demo uses the source.
      name: 'registers-elements',
      transform: (code, id) =>
        [here('src/define.ts'), here('src/drawer.ts')].includes(id)
          ? { code, map: null, moduleSideEffects: true }
          : undefined,
    },
    {
      // serve.ts serves it from the sources.
      name: 'html-frame',
      generateBundle() {
        const source = readFileSync(here('src/elements/content/page/html-frame.html'));
        this.emitFile({ type: 'asset', fileName: 'html-frame.html', source });
      },
    },
  ],
  // All dependencies are modules already. Bundling them on first use would reload the page while it is used.
  optimizeDeps: { noDiscovery: true },
});
