import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { BackendUnavailable, type Loaded } from './names.js';

interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

interface Dawn {
  create(flags: readonly string[]): { requestAdapter(options: object): Promise<{ readonly info?: AdapterInfo } | null> };
  readonly globals: object;
}

const install = 'npm install webgpu @tensorflow/tfjs-backend-webgpu@4.22 (any GPU with a Vulkan, Metal or Direct3D 12 driver).';

/** Imports a package that may be installed beside this program or in the user's project. */
async function importOptional(specifier: string): Promise<unknown> {
  let missing: unknown;
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href]) {
    let path: string;
    try {
      path = createRequire(from).resolve(specifier);
    } catch (error) {
      missing = error;
      continue;
    }
    return import(pathToFileURL(path).href);
  }
  throw new BackendUnavailable(`the package ${specifier} is not installed.`, install, { cause: missing });
}

/** Any vendor's GPU through Dawn, Chromium's WebGPU (npm package `webgpu`). Software adapters are refused unless `allowSoftware`. */
export async function loadWebgpu({ allowSoftware = false }: { readonly allowSoftware?: boolean } = {}): Promise<Loaded> {
  const dawn = (await importOptional('webgpu')) as Dawn;
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    throw new BackendUnavailable(
      'Dawn found no GPU.',
      'Install the vendor driver with its Vulkan part (Linux: libvulkan1 and nvidia or mesa-vulkan-drivers); in a container, hand the GPU in.',
    );
  }
  const info = adapter.info ?? {};
  const device = [info.vendor, info.architecture, info.device || info.description].filter(Boolean).join(' ');
  if (!allowSoftware && (info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|software/i.test(device))) {
    throw new BackendUnavailable(
      `Dawn found only a software GPU (${device}).`,
      'wasm is faster than that; --backend webgpu takes it all the same.',
    );
  }
  // Node 20 has no navigator, later ones have one without a GPU.
  const world = globalThis as { navigator?: object };
  if (world.navigator === undefined) Object.defineProperty(world, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(world.navigator, 'gpu', { value: gpu, configurable: true });
  await importOptional('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) {
    throw new BackendUnavailable(
      `tfjs could not start WebGPU on ${device}.`,
      'Update the GPU driver and the npm package webgpu.',
    );
  }
  return { name: 'webgpu', detail: `Dawn, ${device}`, keepsProcessAlive: true };
}
