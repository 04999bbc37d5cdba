import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [svelte()],
  // The session server and the page have one origin, while developing and in `vite preview`.
  server: { proxy: { '/v1beta1/graphSessions': 'http://127.0.0.1:8787' } },
});
