import { defineConfig } from 'vite';

export default defineConfig({
  // Works from any folder of any server.
  base: './',
  build: { target: 'es2023', chunkSizeWarningLimit: 2000 },
  worker: { format: 'es' },
  // The model finds its files beside its own module, which a bundle of dependencies would move.
  optimizeDeps: { exclude: ['@gansynth/model-mini'] },
});
