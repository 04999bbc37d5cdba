import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'sessions-panel' } } })],
  // The session server and the page have one origin, while developing and in `vite preview`.
  server: { proxy: { '/v1beta1/graphSessions': 'http://127.0.0.1:8787' } },
});
