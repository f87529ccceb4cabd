import { defineConfig } from 'vite';

export default defineConfig({
  // Works from any folder of any server.
  base: './',
  build: { target: 'es2023', chunkSizeWarningLimit: 3000 },
  worker: { format: 'es' },
});
