import { defineConfig, type Options } from 'tsup';
import { emitDeclarations } from './tools/declarations.js';

/** Every package builds the same way: ES modules and declarations for Node >= 20.19 and current browsers. */
export function library(entry: Record<string, string>, options: Options = {}): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    sourcemap: true,
    clean: true,
    treeshake: true,
    onSuccess: async () => emitDeclarations(process.cwd()),
    ...options,
  });
}
