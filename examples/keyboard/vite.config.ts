import { defineConfig } from 'vite';

export default defineConfig({
  // Works from any folder of any server.
  base: './',
  build: { target: 'es2023', chunkSizeWarningLimit: 3000 },
  // Hundreds of modules begin with the same licence: a third of the file.
  worker: { format: 'es', rolldownOptions: { output: { comments: { legal: false } } } },
});
