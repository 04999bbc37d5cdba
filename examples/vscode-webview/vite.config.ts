import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

// Two programs: the extension, which runs in Node, and the script of its page.
export default defineConfig({
  build: {
    modulePreload: false,
    rolldownOptions: {
      input: ['src/extension.ts', 'src/page.ts'],
      preserveEntrySignatures: 'strict',
      external: ['vscode', 'kysely', 'libsql', 'pg', /^node:/, ...builtinModules],
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
